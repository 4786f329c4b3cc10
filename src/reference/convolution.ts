import type { OpOf } from "../compiler/ir.ts";
import { type Evaluator, onInput } from "./evaluator.ts";
import { addProduct, packRows } from "./matrix-product.ts";
import { packedPatches } from "./patches.ts";
import { withoutBorder, withZeros } from "./rearranging.ts";
import { plane, type Sample, sidesOf, zeros } from "./sample.ts";
import { standardised } from "./standardise.ts";
import { addTap, type Grid } from "./taps.ts";

/**
 * y[o, i, j] = b[o] + Σ w[o, c, u, v] · x[c₀ + c, i·s − p + u·d, j·s − p + v·d], x zero outside the image, c₀ the first
 * channel of the group of o. (Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016.)
 */
export const conv: Evaluator<"conv"> = ({ settings }, { shape, tensor, areStandardised }) => {
  const { channels, groups, bias, standardize, pad } = settings;
  const raw = tensor("weight") as Float32Array;
  const weight = standardize === null || areStandardised ? raw : standardised(raw, channels, standardize);
  const shift = bias ? (tensor("bias") as Float32Array) : null;
  const addFilters = channels / groups < fewFilters ? byTaps(weight, settings) : asProduct(weight, settings);
  return onInput((input) => {
    const result = zeros(shape);
    addFilters(withZeros(input, pad, [0, 0]), result);
    if (shift) addToChannels(result, shift);
    return result;
  });
};

type ConvSettings = OpOf<"conv">["settings"];
type Filters = Float32Array | Float64Array;
/** Adds to `result` what the filters make of `image`, which has its padding around it. */
type AddFilters = (image: Sample, result: Sample) => void;

/** With fewer filters for each value of an image than this, to pack that value is most of the work. */
const fewFilters = 4;

/** As a product of matrices: the filters times the patches under the windows. */
function asProduct(weight: Filters, settings: ConvSettings): AddFilters {
  const { channels, inChannels, groups, kernel } = settings;
  const filters = channels / groups;
  const depth = (inChannels / groups) * kernel[0] * kernel[1];
  const packed = Array.from({ length: groups }, (_, g) => packRows(weight, g * filters * depth, filters, depth));
  return (image, result) => {
    const output = sidesOf(result.shape);
    for (const [g, rows] of packed.entries()) {
      const patches = { image, output, settings, channel: g * (inChannels / groups), depth };
      for (const part of packedPatches(patches)) {
        const start = g * filters * output.pixels + part.window;
        addProduct(rows, part, { values: result.data, start, rowLength: output.pixels });
      }
    }
  };
}

/** Tap by tap, each for the whole image. */
function byTaps(weight: Filters, { channels, inChannels, groups, kernel, stride, dilation }: ConvSettings): AddFilters {
  const from = inChannels / groups;
  return (image, result) => {
    const output = sidesOf(result.shape);
    const { width, pixels } = sidesOf(image.shape);
    let at = 0;
    for (let o = 0; o < channels; o++) {
      const to = gridAt(result, o * output.pixels, output.width);
      const first = Math.floor(o / (channels / groups)) * from;
      for (let c = first; c < first + from; c++) {
        for (let u = 0; u < kernel[0]; u++) {
          for (let v = 0; v < kernel[1]; v++, at++) {
            const start = c * pixels + u * dilation[0] * width + v * dilation[1];
            const under = { data: image.data, start, down: stride[0] * width, right: stride[1] };
            addTap(to, under, weight[at] as number, output.height, output.width);
          }
        }
      }
    }
  };
}

function gridAt({ data }: Sample, start: number, width: number): Grid {
  return { data, start, down: width, right: 1 };
}

/**
 * The transpose of a convolution: every input pixel lays a copy of the kernel onto the output, at every s-th place, and
 * what falls onto the padding is dropped.
 */
export const deconv: Evaluator<"deconv"> = ({ settings }, { shape, tensor }) => {
  const { channels, inChannels, groups, kernel, stride, pad, bias } = settings;
  const weight = tensor("weight") as Float32Array;
  const shift = bias ? (tensor("bias") as Float32Array) : null;
  const filters = channels / groups;
  return onInput((input) => {
    const { height, width, pixels } = sidesOf(input.shape);
    const inner = sidesOf(shape);
    const all = zeros([channels, pad[0] + inner.height + pad[2], pad[1] + inner.width + pad[3]]);
    const outer = sidesOf(all.shape);
    let at = 0;
    for (let c = 0; c < inChannels; c++) {
      const from = gridAt(input, c * pixels, width);
      const first = Math.floor(c / (inChannels / groups)) * filters;
      for (let o = first; o < first + filters; o++) {
        for (let u = 0; u < kernel[0]; u++) {
          for (let v = 0; v < kernel[1]; v++, at++) {
            const start = o * outer.pixels + u * outer.width + v;
            const below = { data: all.data, start, down: stride[0] * outer.width, right: stride[1] };
            addTap(below, from, weight[at] as number, height, width);
          }
        }
      }
    }
    const result = withoutBorder(all, pad);
    if (shift) addToChannels(result, shift);
    return result;
  });
};

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
