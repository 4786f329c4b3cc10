import type { OpKind } from "../ir.ts";

/** What an op is for, as a reviewer sees it. */
export type Role =
  /** Multiplies with weights. */
  | "weights"
  | "norm"
  | "activation"
  | "pooling"
  /** Moves, repeats or leaves out numbers, and may add zeros. */
  | "arrangement"
  /** Acts in training. */
  | "dropping"
  /** Adds, scales or joins. */
  | "combination";

export const roles: { readonly [K in OpKind]: Role } = {
  conv: "weights",
  deconv: "weights",
  linear: "weights",
  batchnorm: "norm",
  groupnorm: "norm",
  lrn: "norm",
  relu: "activation",
  relu6: "activation",
  leakyrelu: "activation",
  silu: "activation",
  hardswish: "activation",
  hardsigmoid: "activation",
  sigmoid: "activation",
  tanh: "activation",
  gelu: "activation",
  softmax: "activation",
  maxpool: "pooling",
  avgpool: "pooling",
  globalavgpool: "pooling",
  globalmaxpool: "pooling",
  channelavgpool: "pooling",
  channelmaxpool: "pooling",
  adaptiveavgpool: "pooling",
  dropout: "dropping",
  droppath: "dropping",
  flatten: "arrangement",
  upsample: "arrangement",
  pad: "arrangement",
  slice: "arrangement",
  shuffle: "arrangement",
  unshuffle: "arrangement",
  select: "arrangement",
  scale: "combination",
  scatter: "combination",
  concat: "combination",
  add: "combination",
  mean: "combination",
  mul: "combination",
};
