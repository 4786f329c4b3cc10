import type { Padding, Pair } from "../compiler/ir.ts";
import { type Evaluator, onInput, type Run } from "./evaluator.ts";
import { plane, type Sample, sidesOf, zeros } from "./sample.ts";

/** The values lie row-major, so all in one row is the same memory. */
export const flatten: Evaluator<"flatten"> = (_op, { shape }) => onInput(({ data }) => ({ shape, data }));

/** Pixel (i, j) is input pixel (⌊i/f⌋, ⌊j/f⌋). */
export const upsample: Evaluator<"upsample"> = ({ settings: { factor } }, { shape }) =>
  onInput((input) => {
    const result = zeros(shape);
    const { width } = sidesOf(input.shape);
    const to = sidesOf(shape);
    for (let c = 0; c < to.channels; c++) {
      const [from, copy] = [plane(input, c), plane(result, c)];
      for (let at = 0; at < to.pixels; at++) {
        const row = Math.floor(Math.floor(at / to.width) / factor[0]);
        copy[at] = from[row * width + Math.floor((at % to.width) / factor[1])] as number;
      }
    }
    return result;
  });

export const pad: Evaluator<"pad"> = ({ settings }) =>
  onInput((input) => withZeros(input, settings.pad, settings.channels));

/** The image with zeros around it, and channels of zeros before and after; itself where there are none. */
export function withZeros(input: Sample, [top, left, bottom, right]: Padding, [before, after]: Pair): Sample {
  if (top + left + bottom + right + before + after === 0) return input;
  const { channels, height, width } = sidesOf(input.shape);
  const result = zeros([before + channels + after, top + height + bottom, left + width + right]);
  const to = sidesOf(result.shape);
  for (let row = 0; row < channels * height; row++) {
    const place = (before + Math.floor(row / height)) * to.pixels + (top + (row % height)) * to.width + left;
    result.data.set(input.data.subarray(row * width, (row + 1) * width), place);
  }
  return result;
}

/** The image without so many pixels at its sides; itself where that is none. */
export function withoutBorder(input: Sample, [top, left, bottom, right]: Padding): Sample {
  if (top + left + bottom + right === 0) return input;
  const from = sidesOf(input.shape);
  const result = zeros([from.channels, from.height - top - bottom, from.width - left - right]);
  const { channels, height, width } = sidesOf(result.shape);
  for (let row = 0; row < channels * height; row++) {
    const start = Math.floor(row / height) * from.pixels + (top + (row % height)) * from.width + left;
    result.data.set(input.data.subarray(start, start + width), row * width);
  }
  return result;
}

/** Output channel i is input channel `source(i)`. */
function channelsFrom(shape: readonly number[], source: (channel: number) => number): Run {
  return onInput((input) => {
    const result = zeros(shape);
    for (let c = 0; c < sidesOf(shape).channels; c++) plane(result, c).set(plane(input, source(c)));
    return result;
  });
}

export const slice: Evaluator<"slice"> = ({ settings: { from } }, { shape }) => channelsFrom(shape, (c) => from + c);

/** Output channel k·groups + g is input channel g·(c/groups) + k (Zhang, Zhou, Lin and Sun, "ShuffleNet", 2017, 3.1). */
export const shuffle: Evaluator<"shuffle"> = ({ settings: { groups } }, { shape }) => {
  const size = sidesOf(shape).channels / groups;
  return channelsFrom(shape, (c) => (c % groups) * size + Math.floor(c / groups));
};

/** The inverse: output channel g·(c/groups) + k is input channel k·groups + g. */
export const unshuffle: Evaluator<"unshuffle"> = ({ settings: { groups } }, { shape }) => {
  const size = sidesOf(shape).channels / groups;
  return channelsFrom(shape, (c) => (c % size) * groups + Math.floor(c / size));
};

/** Output channel i is input channel index[i]. */
export const select: Evaluator<"select"> = (_op, { shape, tensor }) => {
  const index = tensor("index") as BigInt64Array;
  return channelsFrom(shape, (c) => Number(index[c]));
};

/**
 * Output channel j is Σ x[i]·index[i, j] (Yang, Jiang, Wang, Huang, Song and Huang, "CondenseNet V2", 2021, 3.2: sparse
 * feature reactivation).
 */
export const scatter: Evaluator<"scatter"> = ({ settings: { inChannels, channels } }, { shape, tensor }) => {
  const index = tensor("index") as Float32Array;
  return onInput((input) => {
    const result = zeros(shape);
    for (let i = 0; i < inChannels; i++) {
      const from = plane(input, i);
      for (let j = 0; j < channels; j++) {
        const factor = index[i * channels + j] as number;
        if (factor === 0) continue;
        const to = plane(result, j);
        for (let at = 0; at < to.length; at++) to[at] = (to[at] as number) + (from[at] as number) * factor;
      }
    }
    return result;
  });
};
