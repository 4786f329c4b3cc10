import { addressIn, batch, kernelOf, stagedAt } from "./kernel-memory.ts";
import { type StandardiseKernel, standardiseKernel } from "./standardise-kernel.ts";
import type { Memory } from "./webassembly/module.ts";

/**
 * Weight standardisation (Qiao, Wang, Liu, Shen and Yuille, "Weight Standardization", 2019): every output filter to
 * mean 0 and variance 1 over its inputs and pixels, (w − mean)/√(var + eps) with the biased variance, in float64. The
 * sums of a filter are those of its stretches of 32,768 values, one after another; the kernel states their order.
 *
 * @param weight filters of `size` values, one after another, which are replaced.
 */
export function standardise(weight: Float32Array, size: number, eps: number): void {
  const kernel = kernelHere();
  const step = size > batch ? size : batch - (batch % size);
  for (let start = 0; start < weight.length; start += step) {
    const filters = weight.subarray(start, start + step);
    if (size > batch) standardiseLarge(kernel, filters, eps);
    else standardiseAll(kernel, filters, size, eps);
  }
}

const kernelHere = kernelOf(standardiseKernel);

/** Filters for which there is room all at once. */
function standardiseAll(
  { memory, sum, squares, normalise }: StandardiseKernel,
  filters: Float32Array,
  size: number,
  eps: number,
): void {
  const place = placeOf(filters, memory);
  const end = place.address + filters.byteLength;
  for (let from = place.address; from < end; from += 4 * size) {
    const to = from + 4 * size;
    const mean = sum(from, to) / size;
    normalise(from, to, mean, Math.sqrt(squares(from, to, mean) / size + eps));
  }
  place.end();
}

/** One filter, part by part in each of the three loops. */
function standardiseLarge(
  { memory, sum, squares, normalise }: StandardiseKernel,
  filter: Float32Array,
  eps: number,
): void {
  const parts: Float32Array[] = [];
  for (let at = 0; at < filter.length; at += batch) parts.push(filter.subarray(at, at + batch));
  const inTurn = (loop: (from: number, to: number) => number) =>
    parts.reduce((total, part) => {
      const { address } = placeOf(part, memory);
      return total + loop(address, address + part.byteLength);
    }, 0);
  const mean = inTurn(sum) / filter.length;
  const variance = inTurn((from, to) => squares(from, to, mean)) / filter.length;
  for (const part of parts) {
    const { address, end } = placeOf(part, memory);
    normalise(address, address + part.byteLength, mean, Math.sqrt(variance + eps));
    end();
  }
}

interface Place {
  readonly address: number;
  /** Takes back to the values what has become of them there. */
  end(): void;
}

/** Where the loops find at most a batch of values: in their own place, or a copy. */
function placeOf(values: Float32Array, memory: Memory): Place {
  const address = addressIn(memory, values);
  if (address !== null) return { address, end() {} };
  const staged = new Float32Array(memory.buffer, stagedAt, values.length);
  staged.set(values);
  return { address: stagedAt, end: () => values.set(staged) };
}
