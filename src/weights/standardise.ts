import { type StandardiseKernel, standardiseKernel, stretch } from "./standardise-kernel.ts";

/**
 * Weight standardisation (Qiao, Wang, Liu, Shen and Yuille, "Weight Standardization", 2019): every output filter to
 * mean 0 and variance 1 over its inputs and pixels, (w − mean)/√(var + eps) with the biased variance, in float64. The
 * sums of a filter are those of its stretches of 32,768 values, one after another; the kernel states their order.
 *
 * @param weight filters of `size` values, one after another, which are replaced.
 */
export function standardise(weight: Float32Array, size: number, eps: number): void {
  kernel ??= standardiseKernel();
  const step = size > stretch ? size : stretch - (stretch % size);
  for (let start = 0; start < weight.length; start += step) {
    const filters = weight.subarray(start, start + step);
    if (size > stretch) standardiseLarge(kernel, filters, eps);
    else standardiseAll(kernel, filters, size, eps);
  }
}

let kernel: StandardiseKernel | null = null;

/** Filters for which there is room all at once. */
function standardiseAll(
  { memory, sum, squares, normalise }: StandardiseKernel,
  filters: Float32Array,
  size: number,
  eps: number,
): void {
  const room = new Float32Array(memory, 0, filters.length);
  room.set(filters);
  for (let from = 0; from < room.byteLength; from += 4 * size) {
    const to = Math.min(from + 4 * size, room.byteLength);
    const mean = sum(from, to) / size;
    normalise(from, to, mean, Math.sqrt(squares(from, to, mean) / size + eps));
  }
  filters.set(room);
}

/** One filter, which comes into the room in parts, once for each of its three loops. */
function standardiseLarge(
  { memory, sum, squares, normalise }: StandardiseKernel,
  filter: Float32Array,
  eps: number,
): void {
  const room = new Float32Array(memory);
  const parts: Float32Array[] = [];
  for (let at = 0; at < filter.length; at += stretch) parts.push(filter.subarray(at, at + stretch));
  const inTurn = (loop: (part: Float32Array) => number) =>
    parts.reduce((total, part) => {
      room.set(part);
      return total + loop(part);
    }, 0);
  const mean = inTurn(({ byteLength }) => sum(0, byteLength)) / filter.length;
  const variance = inTurn(({ byteLength }) => squares(0, byteLength, mean)) / filter.length;
  for (const part of parts) {
    room.set(part);
    normalise(0, part.byteLength, mean, Math.sqrt(variance + eps));
    part.set(room.subarray(0, part.length));
  }
}
