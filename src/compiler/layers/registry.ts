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
import type { AnyLayer } from "./layer.ts";
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

const table = {
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
};

/** All layers of the language, by the name that programs use; in the order in which the manual lists them. */
export const layers: ReadonlyMap<string, AnyLayer> = new Map(Object.entries<AnyLayer>(table));

export type LayerKind = keyof typeof table;
