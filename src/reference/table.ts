import type { Op, OpKind } from "../compiler/ir.ts";
import {
  dropout,
  droppath,
  gelu,
  hardsigmoid,
  hardswish,
  leakyrelu,
  relu,
  relu6,
  scale,
  sigmoid,
  silu,
  softmax,
  tanh,
} from "./activation.ts";
import { conv, deconv, linear } from "./convolution.ts";
import type { Evaluator, Given, Run } from "./evaluator.ts";
import { add, concat, mean, mul } from "./joining.ts";
import { batchnorm, groupnorm, lrn } from "./normalisation.ts";
import {
  adaptiveavgpool,
  avgpool,
  channelavgpool,
  channelmaxpool,
  globalavgpool,
  globalmaxpool,
  maxpool,
} from "./pooling.ts";
import { flatten, pad, scatter, select, shuffle, slice, unshuffle, upsample } from "./rearranging.ts";

/** What every kind of op computes. */
const evaluators: { readonly [K in OpKind]: Evaluator<K> } = {
  conv,
  deconv,
  linear,
  batchnorm,
  groupnorm,
  lrn,
  relu,
  relu6,
  leakyrelu,
  silu,
  hardswish,
  hardsigmoid,
  sigmoid,
  tanh,
  gelu,
  softmax,
  maxpool,
  avgpool,
  globalavgpool,
  globalmaxpool,
  channelavgpool,
  channelmaxpool,
  adaptiveavgpool,
  dropout,
  droppath,
  flatten,
  upsample,
  pad,
  slice,
  scale,
  shuffle,
  unshuffle,
  select,
  scatter,
  concat,
  add,
  mean,
  mul,
};

export function prepare(op: Op, given: Given): Run {
  // The evaluator of a kind takes ops of that kind; TypeScript cannot follow the link through the union.
  return (evaluators[op.kind] as Evaluator<OpKind>)(op as never, given);
}
