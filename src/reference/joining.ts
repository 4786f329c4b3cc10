import type { Evaluator, Run } from "./evaluator.ts";
import { plane, type Sample, sidesOf, zeros } from "./sample.ts";

/** The channels of the inputs, one input after another. */
export const concat: Evaluator<"concat"> =
  (_op, { shape }) =>
  (inputs) => {
    const result = zeros(shape);
    let at = 0;
    for (const { data } of inputs) {
      result.data.set(data, at);
      at += data.length;
    }
    return result;
  };

export const add: Evaluator<"add"> = (_op, { shape }) => folded(shape, (a, b) => a + b);

export const mean: Evaluator<"mean"> = ({ inputs }, { shape }) => {
  const sum = folded(shape, (a, b) => a + b);
  return (samples) => {
    const { data } = sum(samples);
    return { shape, data: data.map((value) => value / inputs.length) };
  };
};

export const mul: Evaluator<"mul"> = (_op, { shape }) => folded(shape, (a, b) => a * b);

/** From left to right; [c], [c, 1, 1] and [1, h, w] are stretched over the result. */
function folded(shape: readonly number[], fold: (a: number, b: number) => number): Run {
  return (inputs) => {
    const result = zeros(shape);
    const { channels, pixels } = sidesOf(shape);
    for (const [n, input] of inputs.entries()) {
      for (let c = 0; c < channels; c++) {
        const from = stretchedPlane(input, c);
        const to = plane(result, c);
        for (let i = 0; i < pixels; i++) {
          const value = from[from.length === 1 ? 0 : i] as number;
          to[i] = n === 0 ? value : fold(to[i] as number, value);
        }
      }
    }
    return result;
  };
}

function stretchedPlane(input: Sample, channel: number): Float64Array {
  return plane(input, sidesOf(input.shape).channels === 1 ? 0 : channel);
}
