import type { Pair, PoolSettings } from "../compiler/ir.ts";
import { overChannels } from "./activation.ts";
import { type Evaluator, type Given, onInput, type Run } from "./evaluator.ts";
import { plane, type Sample, type Sides, sidesOf, zeros } from "./sample.ts";

/** The greatest value of the image under each window; padding is never chosen. */
export const maxpool: Evaluator<"maxpool"> = ({ settings }, given) =>
  overWindows(settings, given, (values, rows, columns, width) => {
    let greatest = Number.NEGATIVE_INFINITY;
    for (let i = rows[0]; i < rows[1]; i++) {
      for (let j = columns[0]; j < columns[1]; j++) greatest = Math.max(greatest, values[i * width + j] as number);
    }
    return greatest;
  });

/**
 * The sum under each window over the number of its pixels: with `countpad` those in the declared padding too, never
 * those that `ceil` adds beyond it (PyTorch's rule).
 */
export const avgpool: Evaluator<"avgpool"> = ({ settings }, given) =>
  overWindows(settings, given, (values, rows, columns, width, counted) => {
    const pixels = (rows[1] - rows[0]) * (columns[1] - columns[0]);
    return sum(values, rows, columns, width) / (settings.countpad ? counted : pixels);
  });

/** Rows and columns of the image, the end left out; `counted` are the pixels of the window in image and padding. */
type Fold = (values: Float64Array, rows: Pair, columns: Pair, width: number, counted: number) => number;

function overWindows(settings: PoolSettings, { shape }: Given, fold: Fold): Run {
  return onInput((input) => {
    const result = zeros(shape);
    const { height, width } = sidesOf(input.shape);
    const to = sidesOf(shape);
    const rows = windows(0, settings, height, to.height);
    const columns = windows(1, settings, width, to.width);
    for (let c = 0; c < to.channels; c++) {
      const values = plane(input, c);
      const folded = plane(result, c);
      for (const [i, row] of rows.entries()) {
        for (const [j, column] of columns.entries()) {
          const counted = row.counted * column.counted;
          folded[i * to.width + j] = fold(values, row.inside, column.inside, width, counted);
        }
      }
    }
    return result;
  });
}

interface Stretch {
  /** What lies in the image: from, and up to without. */
  readonly inside: Pair;
  /** How many lie in the image or its declared padding. */
  readonly counted: number;
}

/** Along one axis window i begins at i·stride − padding. */
function windows(axis: 0 | 1, { kernel, stride, pad }: PoolSettings, size: number, count: number): readonly Stretch[] {
  const after = pad[axis + 2] as number;
  return Array.from({ length: count }, (_, i) => {
    const start = i * stride[axis] - pad[axis];
    const end = start + kernel[axis];
    return {
      inside: [Math.max(0, start), Math.min(size, end)],
      counted: Math.min(size + after, end) - start,
    };
  });
}

function sum(values: Float64Array, rows: Pair, columns: Pair, width: number): number {
  let total = 0;
  for (let i = rows[0]; i < rows[1]; i++) {
    for (let j = columns[0]; j < columns[1]; j++) total += values[i * width + j] as number;
  }
  return total;
}

/** The mean of all pixels of a channel (Lin, Chen and Yan, "Network In Network", 2013, 3.2). */
export const globalavgpool: Evaluator<"globalavgpool"> = (_op, { shape }) =>
  overPlanes(shape, (values, { height, width }) => sum(values, [0, height], [0, width], width) / values.length);

export const globalmaxpool: Evaluator<"globalmaxpool"> = (_op, { shape }) =>
  overPlanes(shape, (values) => values.reduce((greatest, value) => Math.max(greatest, value)));

function overPlanes(shape: readonly number[], fold: (values: Float64Array, sides: Sides) => number): Run {
  return onInput((input) => {
    const result = zeros(shape);
    for (let c = 0; c < result.data.length; c++) result.data[c] = fold(plane(input, c), sidesOf(input.shape));
    return result;
  });
}

/** The mean, or the greatest, over the channels of each pixel (Woo, Park, Lee and Kweon, "CBAM", 2018, 3.2). */
export const channelavgpool: Evaluator<"channelavgpool"> = (_op, { shape }) =>
  onInput((input) => {
    const sums = overChannels(input, 0, (a, b) => a + b);
    const { channels } = sidesOf(input.shape);
    return { shape, data: sums.map((value) => value / channels) };
  });

export const channelmaxpool: Evaluator<"channelmaxpool"> = (_op, { shape }) =>
  onInput((input) => ({ shape, data: overChannels(input, Number.NEGATIVE_INFINITY, Math.max) }));

/** The mean of window i, which covers ⌊i·in/out⌋ up to, and without, ⌈(i + 1)·in/out⌉ (PyTorch's rule). */
export const adaptiveavgpool: Evaluator<"adaptiveavgpool"> = (_op, { shape }) =>
  onInput((input: Sample) => {
    const result = zeros(shape);
    const { height, width } = sidesOf(input.shape);
    const to = sidesOf(shape);
    for (let c = 0; c < to.channels; c++) {
      const values = plane(input, c);
      const means = plane(result, c);
      for (let i = 0; i < to.height; i++) {
        const rows = share(i, height, to.height);
        for (let j = 0; j < to.width; j++) {
          const columns = share(j, width, to.width);
          const pixels = (rows[1] - rows[0]) * (columns[1] - columns[0]);
          means[i * to.width + j] = sum(values, rows, columns, width) / pixels;
        }
      }
    }
    return result;
  });

function share(index: number, inputs: number, outputs: number): Pair {
  return [Math.floor((index * inputs) / outputs), Math.ceil(((index + 1) * inputs) / outputs)];
}
