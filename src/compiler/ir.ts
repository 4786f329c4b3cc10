import type { Source, Span } from "./source.ts";
import type { Assumptions, Poly } from "./symbolic.ts";
import type { Value } from "./value.ts";

/**
 * A checked network: names resolved, blocks unrolled, arguments filled in, every shape known.
 * Nothing in it is optional and nothing has to be looked up again. `verify` states what it promises.
 */
export interface Architecture {
  readonly name: string;
  readonly doc: string | null;
  readonly source: Source;
  /** The name in the declaration. */
  readonly span: Span;
  readonly parameters: readonly { readonly name: string; readonly value: Value }[];
  readonly input: { readonly name: string; readonly activation: Activation };
  /** First the last tensor, named `output`; then those of `output name`, in order. */
  readonly outputs: readonly { readonly name: string; readonly activation: Activation }[];
  /** What runs at inference, in execution order. */
  readonly ops: readonly Op[];
  /** The layers of `training { … }`: counted, never run. */
  readonly trainingOps: readonly Op[];
  /** Scope by scope where a label first appears, own tensors before inner scopes (PyTorch's order). */
  readonly tensors: readonly Tensor[];
  readonly denseBlocks: readonly DenseBlock[];
  readonly residualBranches: readonly ResidualBranch[];
  /** What is known of the symbolic sizes; empty where every size is a number. */
  readonly assumptions: Assumptions;
}

/** A size: whole and at least 1. A polynomial only where the input has symbolic sizes. */
export type Dim = number | Poly;

/** Without the batch, which is always the outermost dimension `N`: [c] or [c, h, w]. */
export type Shape = readonly [Dim] | readonly [Dim, Dim, Dim];

/** A tensor that flows between layers. */
export interface Activation {
  readonly shape: Shape;
  /** Null for the input of the network. */
  readonly maker: Op | null;
}

/** A tensor that is stored: a parameter, a buffer, a counter or a table. */
export interface Tensor {
  /** The label path and the role: `features.conv0.weight`. */
  readonly name: string;
  readonly role: TensorRole;
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int64";
  readonly kind: "parameter" | "buffer" | "counter" | "table";
}

export type TensorRole = "weight" | "bias" | "running_mean" | "running_var" | "num_batches_tracked" | "index";

/** Where an op comes from: the statement that applied it and the uses of blocks around it, innermost first. */
export interface Site {
  readonly span: Span;
  readonly caller: Site | null;
}

export type OpKind = keyof OpSettings;

export interface OpOf<K extends OpKind> {
  readonly kind: K;
  /** The label path, unique among the ops of a network. */
  readonly name: string;
  readonly inputs: readonly Activation[];
  readonly output: Activation;
  readonly settings: OpSettings[K];
  readonly tensors: readonly Tensor[];
  readonly site: Site;
}

export type Op = { readonly [K in OpKind]: OpOf<K> }[OpKind];

export type Pair<T = number> = readonly [T, T];
/** Top, left, bottom, right, in pixels; ONNX order. */
export type Padding = readonly [number, number, number, number];

/** Per kind of op: all that is needed to count, lower and evaluate it. Pairs are height before width. */
export interface OpSettings {
  conv: {
    readonly kernel: Pair;
    readonly inChannels: number;
    readonly channels: number;
    readonly stride: Pair;
    readonly pad: Padding;
    readonly dilation: Pair;
    readonly groups: number;
    readonly bias: boolean;
    /** The eps of weight standardisation, or null: none. */
    readonly standardize: number | null;
  };
  deconv: {
    readonly kernel: Pair;
    readonly inChannels: number;
    readonly channels: number;
    readonly stride: Pair;
    readonly pad: Padding;
    readonly outpad: Pair;
    readonly groups: number;
    readonly bias: boolean;
  };
  /** Flattens an input of three dimensions first. */
  linear: { readonly inFeatures: number; readonly features: number; readonly bias: boolean };
  /** `momentum` as PyTorch has it: the weight of the new statistic. */
  batchnorm: { readonly channels: number; readonly eps: number; readonly momentum: number; readonly affine: boolean };
  groupnorm: { readonly channels: number; readonly groups: number; readonly eps: number };
  lrn: { readonly size: number; readonly alpha: number; readonly beta: number; readonly bias: number };
  relu: Plain;
  relu6: Plain;
  leakyrelu: { readonly slope: number };
  silu: Plain;
  hardswish: Plain;
  hardsigmoid: Plain;
  sigmoid: Plain;
  tanh: Plain;
  gelu: Plain;
  /** Over the channels. */
  softmax: Plain;
  maxpool: PoolSettings;
  /** `countpad`: the divisor counts the declared padding. */
  avgpool: PoolSettings & { readonly countpad: boolean };
  globalavgpool: Plain;
  globalmaxpool: Plain;
  channelavgpool: Plain;
  channelmaxpool: Plain;
  /** Window i covers ⌊i·in/out⌋ up to ⌈(i+1)·in/out⌉, as in PyTorch. */
  adaptiveavgpool: { readonly size: Pair };
  /** The identity at inference. */
  dropout: { readonly rate: number };
  /** The identity at inference if `rescale`, otherwise a factor 1 − rate. */
  droppath: { readonly rate: number; readonly rescale: boolean };
  flatten: Plain;
  /** Nearest neighbour. */
  upsample: { readonly factor: Pair };
  /** Zeros; `channels` before and after. */
  pad: { readonly pad: Padding; readonly channels: Pair };
  /** Channels from `from` up to, and without, `to`. */
  slice: { readonly from: number; readonly to: number };
  /** x·factor + shift */
  scale: { readonly factor: number; readonly shift: number };
  /** Output channel k·groups + g is input channel g·(c/groups) + k. */
  shuffle: { readonly groups: number };
  /** The inverse of `shuffle`. */
  unshuffle: { readonly groups: number };
  /** Output channel i is input channel index[i]. */
  select: { readonly inChannels: number; readonly count: number };
  /** Output channel j is the sum over the input channels i of x[i]·index[i, j]. */
  scatter: { readonly inChannels: number; readonly channels: number };
  /** The inputs one after another along the channels; at least two. */
  concat: Plain;
  /** The sum of the inputs, all of one shape; at least two. */
  add: Plain;
  /** The mean of the inputs, all of one shape; at least two. */
  mean: Plain;
  /** The product of the inputs; [c], [c, 1, 1] and [1, h, w] are stretched over the output. At least two. */
  mul: Plain;
}

/** No settings. */
export interface Plain {
  readonly [setting: string]: never;
}

export interface PoolSettings {
  readonly kernel: Pair;
  readonly stride: Pair;
  /** As declared: for `avgpool` with `countpad` these count in the divisor. */
  readonly pad: Padding;
  /** What `ceil` adds below and to the right, so that the floor formula gives the size; never counted. */
  readonly extra: Pair;
}

/** The body of a `residual`: what enters it, and what is added to that or to the shortcut. */
export interface ResidualBranch {
  readonly input: Activation;
  readonly output: Activation;
}

/** One use of `dense`: layer l, from 1, sees k0 + k·(l−1) channels. */
export interface DenseBlock {
  readonly path: string;
  readonly span: Span;
  readonly k0: number;
  readonly growth: number;
  readonly layers: number;
  /** b of DenseNet-B; null where there is no bottleneck or where the layer is the author's own. */
  readonly bottleneck: number | null;
  readonly keep: boolean;
  readonly output: Activation;
  /** Its ops stand at `ops[first]` up to, and without, `ops[end]`. */
  readonly first: number;
  readonly end: number;
}
