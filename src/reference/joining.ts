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

export const add: Evaluator<"add"> = (_op, { shape }) => folded(shape, addPlane);

export const mean: Evaluator<"mean"> = ({ inputs }, { shape }) => {
  const sum = folded(shape, addPlane);
  return (samples) => {
    const { data } = sum(samples);
    return { shape, data: data.map((value) => value / inputs.length) };
  };
};

export const mul: Evaluator<"mul"> = (_op, { shape }) => folded(shape, multiplyPlane);

/** Folds `values`, or its only value for all pixels, into `to`. */
type Fold = (to: Float64Array, values: Float64Array) => void;

function addPlane(to: Float64Array, values: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + (values[i] as number);
}

function multiplyPlane(to: Float64Array, values: Float64Array): void {
  const step = values.length === 1 ? 0 : 1;
  for (let i = 0, from = 0; i < to.length; i++, from += step) to[i] = (to[i] as number) * (values[from] as number);
}

/** From left to right; [c], [c, 1, 1] and [1, h, w] are stretched over the result. */
function folded(shape: readonly number[], fold: Fold): Run {
  return ([first, ...others]) => {
    const result = zeros(shape);
    for (let c = 0; c < sidesOf(shape).channels; c++) {
      const to = plane(result, c);
      const start = stretchedPlane(first as Sample, c);
      if (start.length === 1) to.fill(start[0] as number);
      else to.set(start);
      for (const input of others) fold(to, stretchedPlane(input, c));
    }
    return result;
  };
}

function stretchedPlane(input: Sample, channel: number): Float64Array {
  return plane(input, sidesOf(input.shape).channels === 1 ? 0 : channel);
}
