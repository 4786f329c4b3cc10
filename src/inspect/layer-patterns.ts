import type { Op, OpKind, OpOf } from "../compiler/ir.ts";
import { type Attributes, input, integers, type NodePattern, node, scalar, singles, stored, x } from "./pattern.ts";
import { poolingPatterns } from "./pooling-patterns.ts";
import { geluByErf, weightedPatterns } from "./weighted-patterns.ts";

/** How a layer of this kind must stand in a file of this opset. */
export type PatternOf<K extends OpKind> = (op: OpOf<K>, opset: number) => NodePattern;

/**
 * Which nodes make what a layer should make, written from the definitions of the layers and of the operators
 * (https://onnx.ai/onnx/operators/) and not from what is emitted. Of layers that do nothing nothing is asked.
 */
const patterns: { readonly [K in OpKind]: PatternOf<K> } = {
  ...weightedPatterns,
  ...poolingPatterns,

  relu: () => node("Relu", [x]),
  relu6: () => node("Clip", [x, scalar(0), scalar(6)]),
  leakyrelu: ({ settings: { slope } }) => node("LeakyRelu", [x], { alpha: slope }),
  silu: () => node("Mul", [x, node("Sigmoid", [x])]),
  hardswish: (_op, opset) => (opset < 14 ? node("Mul", [x, hardSigmoid()]) : node("HardSwish", [x])),
  hardsigmoid: () => hardSigmoid(),
  sigmoid: () => node("Sigmoid", [x]),
  tanh: () => node("Tanh", [x]),
  gelu: (_op, opset) => (opset < 20 ? geluByErf() : node("Gelu", [x])),
  softmax: () => node("Softmax", [x], { axis: 1 }),

  flatten: () => node("Flatten", [x], { axis: 1 }),
  dropout: () => node("Identity", [x]),
  droppath: ({ settings: { rate } }) => node("Mul", [x, scalar(1 - rate)]),
  upsample: ({ settings: { factor } }) => node("Resize", [x, null, singles([1, 1, ...factor])], nearest),

  pad: ({ settings: { pad, channels } }) => {
    const [top, left, bottom, right] = pad;
    return node("Pad", [x, integers([0, channels[0], top, left, 0, channels[1], bottom, right]), scalar(-0)]);
  },

  slice: ({ settings: { from, to } }) => node("Slice", [x, integers([from]), integers([to]), integers([1])]),

  scale: ({ settings: { factor, shift } }) => {
    const scaled = factor === 1 ? x : node("Mul", [x, scalar(factor)]);
    return shift === 0 ? node("Mul", [x, scalar(factor)]) : node("Add", [scaled, scalar(shift)]);
  },

  /** Output channel k·groups + g is input channel g·(c/groups) + k. */
  shuffle: ({ settings: { groups }, output }) => {
    const channels = output.shape[0] as number;
    return permuted(channels, (out) => (out % groups) * (channels / groups) + Math.floor(out / groups));
  },

  unshuffle: ({ settings: { groups }, output }) => {
    const size = (output.shape[0] as number) / groups;
    return permuted(size * groups, (out) => (out % size) * groups + Math.floor(out / size));
  },

  concat: ({ inputs }) => node("Concat", places(inputs), { axis: 1 }),
  add: ({ inputs }) => chain("Add", places(inputs)),
  mean: ({ inputs }) => node("Mul", [chain("Add", places(inputs)), scalar(1 / inputs.length)]),

  /** A row of features beside images is one pixel. */
  mul: ({ inputs }) => {
    const isImage = inputs.some(({ shape }) => shape.length === 3);
    const factors = inputs.map(({ shape }, i) => {
      return isImage && shape.length === 1 ? node("Unsqueeze", [input(i), integers([2, 3])]) : input(i);
    });
    return chain("Mul", factors);
  },
};

export function patternOf(op: Op, opset: number): NodePattern {
  return apply(op, opset);
}

/** Of a convolution into which the normalisation after it was folded: that leaves it a bias. */
export function foldedPattern(op: Op, opset: number): NodePattern {
  const { type, inputs, attributes } = patternOf(op, opset);
  return node(type, [...inputs.slice(0, 2), stored("bias")], attributes);
}

function apply<K extends OpKind>(op: OpOf<K>, opset: number): NodePattern {
  return patterns[op.kind](op, opset);
}

/** clip(x/6 + ½, 0, 1) */
function hardSigmoid(): NodePattern {
  return node("HardSigmoid", [x], { alpha: 1 / 6, beta: 0.5 });
}

/** Pixel ⌊i/factor⌋ of the image. */
const nearest: Attributes = { coordinate_transformation_mode: "asymmetric", mode: "nearest", nearest_mode: "floor" };

function permuted(channels: number, source: (out: number) => number): NodePattern {
  return node("Gather", [x, integers(Array.from({ length: channels }, (_, out) => source(out)))], { axis: 1 });
}

type Inputs = NodePattern["inputs"];

function places(inputs: readonly unknown[]): Inputs {
  return inputs.map((_, i) => input(i));
}

/** ((a ∘ b) ∘ c) ∘ …, of at least two. */
function chain(type: string, [first, second, ...others]: Inputs): NodePattern {
  if (!first || !second) throw new Error("a join has two inputs");
  return others.reduce<NodePattern>((left, right) => node(type, [left, right]), node(type, [first, second]));
}
