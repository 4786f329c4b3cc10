import type { OpKind, OpOf, Padding } from "../compiler/ir.ts";
import type { PatternOf } from "./layer-patterns.ts";
import { floats, integers, type NodePattern, node, type Pattern, scalar, x } from "./pattern.ts";

export const poolingPatterns = {
  maxpool: ({ settings: { kernel, stride, pad, extra } }) =>
    node("MaxPool", [x], { kernel_shape: kernel, pads: withExtra(pad, extra), strides: stride }),

  avgpool: averagePool,

  globalavgpool: () => node("GlobalAveragePool", [x]),
  globalmaxpool: () => node("GlobalMaxPool", [x]),
  channelavgpool: (_op, opset) => overChannels("ReduceMean", opset),
  channelmaxpool: (_op, opset) => overChannels("ReduceMax", opset),
  adaptiveavgpool: adaptivePool,
} satisfies { readonly [K in OpKind]?: PatternOf<K> };

/** What `ceil` adds is padding below and to the right. */
function withExtra([top, left, bottom, right]: Padding, [below, beside]: readonly [number, number]): Padding {
  return [top, left, bottom + below, right + beside];
}

/** ONNX counts all padding in the divisor or none; where only the declared one counts, it is made of zeros beforehand. */
function averagePool({ settings: { kernel, stride, pad, extra, countpad } }: OpOf<"avgpool">): NodePattern {
  const pool = (from: Pattern, pads: Padding, counts: 0 | 1) =>
    node("AveragePool", [from], { count_include_pad: counts, kernel_shape: kernel, pads, strides: stride });
  const isPadded = pad.some((side) => side > 0);
  if (!countpad || !isPadded) return pool(x, withExtra(pad, extra), 0);
  if (extra.every((side) => side === 0)) return pool(x, pad, 1);
  const [top, left, bottom, right] = pad;
  const zeros = node("Pad", [x, integers([0, 0, top, left, 0, 0, bottom, right]), scalar(-0)]);
  return pool(zeros, withExtra([0, 0, 0, 0], extra), 0);
}

/** The axes have been an input since opset 18. */
function overChannels(type: string, opset: number): NodePattern {
  return opset < 18 ? node(type, [x], { axes: [1] }) : node(type, [x, integers([1])]);
}

function adaptivePool({ inputs, settings: { size } }: OpOf<"adaptiveavgpool">): NodePattern {
  const [, height, width] = inputs[0]?.shape ?? [];
  if (String(size) === "1,1" || typeof height !== "number" || typeof width !== "number") {
    return node("GlobalAveragePool", [x]);
  }
  if (height % size[0] === 0 && width % size[1] === 0) {
    const window = [height / size[0], width / size[1]];
    return node("AveragePool", [x], { kernel_shape: window, strides: window });
  }
  const columns = floats(
    means(width, size[1], (row, column) => row * size[1] + column),
    [width, size[1]],
  );
  const rows = floats(
    means(height, size[0], (row, column) => column * height + row),
    [size[0], height],
  );
  if (height === size[0]) return node("MatMul", [x, columns]);
  return node("MatMul", [rows, width === size[1] ? x : node("MatMul", [x, columns])]);
}

/** A matrix that averages the sources ⌊o·n/m⌋ up to ⌈(o + 1)·n/m⌉ for target o; `place` is where source and target meet. */
function means(sources: number, targets: number, place: (source: number, target: number) => number) {
  const matrix = Array.from({ length: sources * targets }, () => 0);
  for (let target = 0; target < targets; target++) {
    const first = Math.floor((target * sources) / targets);
    const end = Math.ceil(((target + 1) * sources) / targets);
    for (let source = first; source < end; source++) matrix[place(source, target)] = 1 / (end - first);
  }
  return matrix;
}
