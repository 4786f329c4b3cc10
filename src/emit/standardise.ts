/**
 * Weight standardisation (Qiao, Wang, Liu, Shen and Yuille, "Weight Standardization", 2019): every output filter to
 * mean 0 and variance 1 over its inputs and pixels, (w − mean)/√(var + eps) with the biased variance, in float64.
 */
export function standardise(weight: Float32Array, filters: number, eps: number): Float32Array {
  const result = new Float32Array(weight.length);
  const size = weight.length / filters;
  for (let start = 0; start < weight.length; start += size) {
    const filter = weight.subarray(start, start + size);
    const mean = sumOf(filter, (w) => w) / size;
    const deviation = Math.sqrt(sumOf(filter, (w) => (w - mean) * (w - mean)) / size + eps);
    for (let i = 0; i < size; i++) result[start + i] = ((filter[i] as number) - mean) / deviation;
  }
  return result;
}

function sumOf(values: Float32Array, f: (value: number) => number): number {
  let sum = 0;
  for (const value of values) sum += f(value);
  return sum;
}
