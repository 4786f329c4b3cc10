import { type Evaluator, onInput } from "./evaluator.ts";
import { plane, type Sample, sidesOf, zeros } from "./sample.ts";
import { momentsOf } from "./standardise.ts";

/**
 * γ·(x − mean)/√(var + eps) + β per channel, with the running statistics (Ioffe and Szegedy, "Batch Normalization",
 * 2015, algorithm 2). Without γ and β: 1 and 0.
 */
export const batchnorm: Evaluator<"batchnorm"> = ({ settings: { channels, eps, affine } }, { tensor }) => {
  const mean = tensor("running_mean") as Float32Array;
  const variance = tensor("running_var") as Float32Array;
  const weight = affine ? (tensor("weight") as Float32Array) : new Float32Array(channels).fill(1);
  const bias = affine ? (tensor("bias") as Float32Array) : new Float32Array(channels);
  return onInput((input) => {
    const result = zeros(input.shape);
    for (let c = 0; c < channels; c++) {
      const factor = (weight[c] as number) / Math.sqrt((variance[c] as number) + eps);
      affineMap(plane(input, c), plane(result, c), mean[c] as number, factor, bias[c] as number);
    }
    return result;
  });
};

/** y = (x − mean)·factor + shift */
function affineMap(from: Float64Array, to: Float64Array, mean: number, factor: number, shift: number): void {
  for (let i = 0; i < from.length; i++) to[i] = ((from[i] as number) - mean) * factor + shift;
}

/**
 * γ·(x − mean)/√(var + eps) + β, the moments over the pixels and the channels of a group of this very sample (Wu and
 * He, "Group Normalization", 2018).
 */
export const groupnorm: Evaluator<"groupnorm"> = ({ settings: { channels, groups, eps } }, { tensor }) => {
  const weight = tensor("weight") as Float32Array;
  const bias = tensor("bias") as Float32Array;
  const size = channels / groups;
  return onInput((input) => {
    const result = zeros(input.shape);
    const { pixels } = sidesOf(input.shape);
    for (let g = 0; g < groups; g++) {
      const { mean, variance } = momentsOf(input.data.subarray(g * size * pixels, (g + 1) * size * pixels));
      const deviation = Math.sqrt(variance + eps);
      for (let c = g * size; c < (g + 1) * size; c++) {
        affineMap(plane(input, c), plane(result, c), mean, (weight[c] as number) / deviation, bias[c] as number);
      }
    }
    return result;
  });
};

/**
 * x/(k + α/n·Σx²)^β over n neighbouring channels, as many before as after (Krizhevsky, Sutskever and Hinton, "ImageNet
 * Classification with Deep Convolutional Neural Networks", 2012, 3.3; α divided by n as PyTorch and ONNX have it).
 */
export const lrn: Evaluator<"lrn"> = ({ settings: { size, alpha, beta, bias } }) =>
  onInput((input) => {
    const result = zeros(input.shape);
    const { channels, pixels } = sidesOf(input.shape);
    const reach = (size - 1) / 2;
    for (let c = 0; c < channels; c++) {
      const squares = squareSums(input, Math.max(0, c - reach), Math.min(channels - 1, c + reach));
      const [from, to] = [plane(input, c), plane(result, c)];
      for (let i = 0; i < pixels; i++) {
        to[i] = (from[i] as number) / (bias + (alpha / size) * (squares[i] as number)) ** beta;
      }
    }
    return result;
  });

/** Pixel by pixel over the channels `first` to `last`. */
function squareSums(input: Sample, first: number, last: number): Float64Array {
  const sums = new Float64Array(sidesOf(input.shape).pixels);
  for (let c = first; c <= last; c++) {
    const values = plane(input, c);
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] as number) + (values[i] as number) ** 2;
  }
  return sums;
}
