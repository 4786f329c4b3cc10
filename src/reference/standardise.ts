/**
 * ŵ = (w − mean)/√(var + eps) with the mean and the biased variance of each filter over its inputs and taps (Qiao, Wang,
 * Liu, Shen and Yuille, "Micro-Batch Training with Batch-Channel Normalization and Weight Standardization", 2019).
 */
export function standardised(weight: Float32Array, filters: number, eps: number): Float64Array {
  const result = Float64Array.from(weight);
  const size = weight.length / filters;
  for (let filter = 0; filter < filters; filter++) {
    const values = result.subarray(filter * size, (filter + 1) * size);
    const { mean, variance } = momentsOf(values);
    const deviation = Math.sqrt(variance + eps);
    for (let i = 0; i < size; i++) values[i] = ((values[i] as number) - mean) / deviation;
  }
  return result;
}

/** Mean and biased variance; the second pass keeps what the first would cancel. */
export function momentsOf(values: Float64Array): { readonly mean: number; readonly variance: number } {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  const mean = sum / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const distance = (values[i] as number) - mean;
    squares += distance * distance;
  }
  return { mean, variance: squares / values.length };
}
