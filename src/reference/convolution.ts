import type { OpOf, Pair } from "../compiler/ir.ts";
import { type Evaluator, onInput } from "./evaluator.ts";
import { multiply, type Packed, pack, packedLength, packedStart, packedStep } from "./matrix-product.ts";
import { plane, type Sample, type Sides, sidesOf, zeros } from "./sample.ts";
import { standardised } from "./standardise.ts";

/**
 * y[o, i, j] = b[o] + Σ w[o, c, u, v] · x[c₀ + c, i·s − p + u·d, j·s − p + v·d], x zero outside the image, c₀ the first
 * channel of the group of o. (Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016.)
 * As a product of matrices: the filters times the patches under the windows.
 */
export const conv: Evaluator<"conv"> = ({ settings }, { shape, tensor }) => {
  const { channels, inChannels, groups, kernel, bias, standardize } = settings;
  const depth = (inChannels / groups) * kernel[0] * kernel[1];
  const raw = tensor("weight") as Float32Array;
  const weight = standardize === null ? raw : standardised(raw, channels, standardize);
  const filters = channels / groups;
  const packed = Array.from({ length: groups }, (_, g) => pack(weight, g * filters * depth, filters, depth));
  const shift = bias ? (tensor("bias") as Float32Array) : null;
  return onInput((input) => {
    const result = zeros(shape);
    for (const [g, a] of packed.entries()) convolveGroup(input, result, g, a, settings);
    if (shift) addToChannels(result, shift);
    return result;
  });
};

type ConvSettings = OpOf<"conv">["settings"];

/** Values of patches that are held at a time: 256 KiB, so that they stay in the cache while all filters pass. */
const heldValues = 32_768;

function convolveGroup(input: Sample, result: Sample, group: number, filters: Packed, settings: ConvSettings): void {
  const { pixels } = sidesOf(result.shape);
  const { depth, lines } = filters;
  const held = Math.min(pixels, Math.max(4, Math.floor(heldValues / depth / 4) * 4));
  const values = new Float64Array(packedLength(held, depth));
  for (let first = 0; first < pixels; first += held) {
    const count = Math.min(held, pixels - first);
    packPatches(input, result, group, settings, first, count, values);
    const target = { values: result.data, start: group * lines * pixels + first, rowLength: pixels };
    multiply(filters, { values, lines: count, depth }, target);
  }
}

/** The patches under `count` windows from window `first` on, each a packed line: channel by channel, row by row. */
function packPatches(
  input: Sample,
  result: Sample,
  group: number,
  settings: ConvSettings,
  first: number,
  count: number,
  values: Float64Array,
): void {
  const [kh, kw] = settings.kernel;
  const [dh, dw] = settings.dilation;
  const from = settings.inChannels / settings.groups;
  const depth = from * kh * kw;
  const { height, width } = sidesOf(input.shape);
  const columns = sidesOf(result.shape).width;
  const { data } = input;
  for (let line = 0; line < count; line++) {
    const window = first + line;
    const top = Math.floor(window / columns) * settings.stride[0] - settings.pad[0];
    const left = (window % columns) * settings.stride[1] - settings.pad[1];
    let to = packedStart(line, depth);
    for (let c = group * from; c < (group + 1) * from; c++) {
      for (let u = 0; u < kh; u++) {
        const row = top + u * dh;
        const inside = row >= 0 && row < height;
        const start = (c * height + row) * width;
        for (let v = 0; v < kw; v++, to += packedStep) {
          const column = left + v * dw;
          values[to] = inside && column >= 0 && column < width ? (data[start + column] as number) : 0;
        }
      }
    }
  }
}

/** The transpose of a convolution: every input pixel lays a copy of the kernel onto the output. */
export const deconv: Evaluator<"deconv"> = ({ settings }, { shape, tensor }) => {
  const { channels, inChannels, groups, kernel, bias } = settings;
  const weight = tensor("weight") as Float32Array;
  const shift = bias ? (tensor("bias") as Float32Array) : null;
  const filters = channels / groups;
  const taps = kernel[0] * kernel[1];
  return onInput((input) => {
    const result = zeros(shape);
    for (let c = 0; c < inChannels; c++) {
      const first = Math.floor(c / (inChannels / groups)) * filters;
      for (let f = 0; f < filters; f++) {
        for (let tap = 0; tap < taps; tap++) {
          const factor = weight[(c * filters + f) * taps + tap] as number;
          const at = [Math.floor(tap / kernel[1]), tap % kernel[1]] as const;
          layOnto(
            plane(result, first + f),
            sidesOf(shape),
            plane(input, c),
            sidesOf(input.shape),
            at,
            factor,
            settings,
          );
        }
      }
    }
    if (shift) addToChannels(result, shift);
    return result;
  });
};

/** Adds one tap of the kernel, at `tap`, for all pixels of an input plane. */
function layOnto(
  result: Float64Array,
  to: Sides,
  input: Float64Array,
  from: Sides,
  tap: Pair,
  factor: number,
  { stride, pad }: OpOf<"deconv">["settings"],
): void {
  for (let i = 0; i < from.height; i++) {
    const row = i * stride[0] - pad[0] + tap[0];
    if (row < 0 || row >= to.height) continue;
    for (let j = 0; j < from.width; j++) {
      const column = j * stride[1] - pad[1] + tap[1];
      if (column < 0 || column >= to.width) continue;
      const place = row * to.width + column;
      result[place] = (result[place] as number) + factor * (input[i * from.width + j] as number);
    }
  }
}

/** y[o] = b[o] + Σ w[o, i]·x[i], x flattened channel by channel. */
export const linear: Evaluator<"linear"> = ({ settings: { inFeatures, bias } }, { shape, tensor }) => {
  const weight = tensor("weight") as Float32Array;
  const shift = bias ? (tensor("bias") as Float32Array) : null;
  return onInput(({ data }) => {
    const result = zeros(shape);
    for (let o = 0; o < result.data.length; o++) {
      let sum = 0;
      for (let i = 0, at = o * inFeatures; i < inFeatures; i++, at++)
        sum += (weight[at] as number) * (data[i] as number);
      result.data[o] = sum;
    }
    if (shift) addToChannels(result, shift);
    return result;
  });
};

function addToChannels(result: Sample, shift: Float32Array): void {
  for (const [channel, value] of shift.entries()) {
    const values = plane(result, channel);
    for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) + value;
  }
}
