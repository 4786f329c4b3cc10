/**
 * Weight standardisation (Qiao, Wang, Liu, Shen and Yuille, "Weight Standardization", 2019): every output filter to
 * mean 0 and variance 1 over its inputs and pixels, (w − mean)/√(var + eps) with the biased variance, in float64.
 *
 * @param weight filters of `size` values, one after another.
 */
export function standardise(weight: Float32Array, size: number, eps: number): Float32Array {
  const result = new Float32Array(weight.length);
  for (let start = 0; start < weight.length; start += size) {
    const filter = weight.subarray(start, start + size);
    const mean = sumOf(filter) / size;
    const deviation = Math.sqrt(squaresAround(filter, mean) / size + eps);
    for (let i = 0; i < size; i++) result[start + i] = ((filter[i] as number) - mean) / deviation;
  }
  return result;
}

function sumOf(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum;
}

function squaresAround(values: Float32Array, mean: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const distance = (values[i] as number) - mean;
    sum += distance * distance;
  }
  return sum;
}
