import type { Dim, OpKind, OpOf, Padding } from "../../compiler/ir.ts";
import { add } from "../../compiler/symbolic.ts";
import type { Flowing } from "../graph.ts";
import type { Lower, Lowering } from "../lowering.ts";
import { zeroToKeep } from "./rearranging.ts";

const onInput = (type: string) => (_op: unknown, to: Lowering) => to.main(type, [to.input]);

/** What `ceil` adds is written as padding, never as ceil_mode: engines differ on which windows that drops. */
export const lowerPoolings = {
  maxpool: ({ settings: { kernel, stride, pad, extra } }, to) =>
    to.main("MaxPool", [to.input], { kernel_shape: kernel, pads: padAtEnd(pad, extra), strides: stride }),

  avgpool: lowerAveragePool,

  globalavgpool: onInput("GlobalAveragePool"),
  globalmaxpool: onInput("GlobalMaxPool"),
  channelavgpool: (_op, to) => reduceChannels("ReduceMean", to),
  channelmaxpool: (_op, to) => reduceChannels("ReduceMax", to),
  adaptiveavgpool: lowerAdaptivePool,
} satisfies { readonly [K in OpKind]?: Lower<K> };

/**
 * The divisor counts declared padding where `countpad` says so, but never what `ceil` adds. ONNX has one switch for
 * both, so where both are there the declared zeros become part of the image first.
 */
function lowerAveragePool({ settings }: OpOf<"avgpool">, to: Lowering): Flowing {
  const { kernel, stride, pad, extra, countpad } = settings;
  const rounded = extra.some((more) => more > 0);
  const padded = pad.some((more) => more > 0);
  const average = (input: Flowing, pads: Padding, counted: 0 | 1) =>
    to.main("AveragePool", [input], { count_include_pad: counted, kernel_shape: kernel, pads, strides: stride });
  if (!countpad || !padded) return average(to.input, padAtEnd(pad, extra), 0);
  if (!rounded) return average(to.input, pad, 1);
  const [top, left, bottom, right] = pad;
  const [channels, height, width] = to.input.shape as readonly [Dim, Dim, Dim];
  const shape = [channels, add(height, top + bottom) as Dim, add(width, left + right) as Dim];
  const pads = to.integers("pads", [0, 0, top, left, 0, 0, bottom, right]);
  return average(to.extra("pad", "Pad", [to.input, pads, zeroToKeep(to)], shape), padAtEnd([0, 0, 0, 0], extra), 0);
}

function padAtEnd([top, left, bottom, right]: Padding, extra: readonly [number, number]): Padding {
  return [top, left, bottom + extra[0], right + extra[1]];
}

/** The axes are an attribute up to opset 17 and an input from 18 on. */
function reduceChannels(type: string, to: Lowering): Flowing {
  if (to.opset < 18) return to.main(type, [to.input], { axes: [1], keepdims: 1 });
  return to.main(type, [to.input, to.integers("axes", [1])], { keepdims: 1 });
}

function lowerAdaptivePool({ settings: { size } }: OpOf<"adaptiveavgpool">, to: Lowering): Flowing {
  const [channels, height, width] = to.input.shape as readonly [Dim, Dim, Dim];
  if (size[0] === 1 && size[1] === 1) return to.main("GlobalAveragePool", [to.input]);
  if (typeof height !== "number" || typeof width !== "number") {
    throw new Error("adaptiveavgpool of an unknown size has one window");
  }
  if (height % size[0] === 0 && width % size[1] === 0) {
    const window = [height / size[0], width / size[1]];
    return to.main("AveragePool", [to.input], { kernel_shape: window, pads: [0, 0, 0, 0], strides: window });
  }
  const columns = to.constant("columns", transpose(windowMeans(width, size[1]), size[1]), [width, size[1]]);
  const rows = to.constant("rows", windowMeans(height, size[0]), [size[0], height]);
  if (height === size[0]) return to.main("MatMul", [to.input, columns]);
  if (width === size[1]) return to.main("MatMul", [rows, to.input]);
  const narrow = to.extra("narrow", "MatMul", [to.input, columns], [channels, height, size[1]]);
  return to.main("MatMul", [rows, narrow]);
}

/** Row o of the [outputs, inputs] matrix averages the inputs ⌊o·inputs/outputs⌋ up to ⌈(o + 1)·inputs/outputs⌉. */
function windowMeans(inputs: number, outputs: number): Float32Array {
  const matrix = new Float32Array(outputs * inputs);
  for (let o = 0; o < outputs; o++) {
    const from = Math.floor((o * inputs) / outputs);
    const to = Math.ceil(((o + 1) * inputs) / outputs);
    matrix.fill(1 / (to - from), o * inputs + from, o * inputs + to);
  }
  return matrix;
}

function transpose(matrix: Float32Array, rows: number): Float32Array {
  const columns = matrix.length / rows;
  return matrix.map((_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)] as number);
}
