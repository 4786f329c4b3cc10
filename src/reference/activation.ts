import { errorFunctionComplement } from "./error-function.ts";
import { type Evaluator, onInput, type Run } from "./evaluator.ts";
import { plane, type Sample, sidesOf, zeros } from "./sample.ts";

const relu6Of = (x: number) => Math.min(Math.max(x, 0), 6);
const sigmoidOf = (x: number) => 1 / (1 + Math.exp(-x));

function each(f: (x: number) => number): () => Run {
  return () =>
    onInput(({ shape, data }) => {
      const result = new Float64Array(data.length);
      for (let i = 0; i < data.length; i++) result[i] = f(data[i] as number);
      return { shape, data: result };
    });
}

/** As `each` would do it, but the engine calls nothing for each value of the commonest of all layers. */
export const relu: Evaluator<"relu"> = () =>
  onInput(({ shape, data }) => {
    const result = new Float64Array(data.length);
    for (let i = 0; i < data.length; i++) result[i] = Math.max(data[i] as number, 0);
    return { shape, data: result };
  });
/** (Krizhevsky, "Convolutional Deep Belief Networks on CIFAR-10", 2010.) */
export const relu6: Evaluator<"relu6"> = each(relu6Of);
export const sigmoid: Evaluator<"sigmoid"> = each(sigmoidOf);
/** x·σ(x) (Ramachandran, Zoph and Le, "Searching for Activation Functions", 2017, with β = 1). */
export const silu: Evaluator<"silu"> = each((x) => x * sigmoidOf(x));
/** (Howard et al., "Searching for MobileNetV3", 2019, 5.2.) */
export const hardswish: Evaluator<"hardswish"> = each((x) => (x * relu6Of(x + 3)) / 6);
export const hardsigmoid: Evaluator<"hardsigmoid"> = each((x) => relu6Of(x + 3) / 6);
export const tanh: Evaluator<"tanh"> = each(Math.tanh);
/** x·Φ(x), Φ(x) = erfc(−x/√2)/2 (Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016). */
export const gelu: Evaluator<"gelu"> = each((x) => (x * errorFunctionComplement(-x / Math.SQRT2)) / 2);

export const leakyrelu: Evaluator<"leakyrelu"> = ({ settings: { slope } }) => each((x) => (x > 0 ? x : slope * x))();

/** x·factor + shift */
export const scale: Evaluator<"scale"> = ({ settings: { factor, shift } }) => each((x) => x * factor + shift)();

/** e^x over its sum over the channels, pixel by pixel; the greatest is taken away first, as e^x may not be finite. */
export const softmax: Evaluator<"softmax"> = () =>
  onInput((input) => {
    const result = zeros(input.shape);
    const { channels, pixels } = sidesOf(input.shape);
    const greatest = overChannels(input, Number.NEGATIVE_INFINITY, Math.max);
    for (let c = 0; c < channels; c++) {
      const [from, to] = [plane(input, c), plane(result, c)];
      for (let i = 0; i < pixels; i++) to[i] = Math.exp((from[i] as number) - (greatest[i] as number));
    }
    const sums = overChannels(result, 0, (a, b) => a + b);
    for (let i = 0; i < result.data.length; i++)
      result.data[i] = (result.data[i] as number) / (sums[i % pixels] as number);
    return result;
  });

/** Folds the channels into one, pixel by pixel. */
export function overChannels(input: Sample, start: number, fold: (a: number, b: number) => number): Float64Array {
  const { channels, pixels } = sidesOf(input.shape);
  const folded = new Float64Array(pixels).fill(start);
  for (let c = 0; c < channels; c++) {
    const values = plane(input, c);
    for (let i = 0; i < pixels; i++) folded[i] = fold(folded[i] as number, values[i] as number);
  }
  return folded;
}

/** Nothing happens at inference. */
export const dropout: Evaluator<"dropout"> = () => onInput((input) => input);

/**
 * Where training did not divide by the share of paths that it kept, inference multiplies by it (Huang, Sun, Liu, Sedra
 * and Weinberger, "Deep Networks with Stochastic Depth", 2016, equation 5).
 */
export const droppath: Evaluator<"droppath"> = ({ settings: { rate, rescale } }) =>
  rescale ? onInput((input) => input) : each((x) => x * (1 - rate))();
