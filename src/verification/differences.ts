/** How far two tensors are apart. */
export interface TensorError {
  readonly maxAbsError: number;
  /** Of the greatest absolute value of the reference; 0 where both are 0 everywhere. */
  readonly maxRelError: number;
  /** Places at which one of both is no finite number. */
  readonly nonFinite: number;
  /**
   * How far the values of the reference are from one another, of the greatest absolute value. Where that is no more than
   * the allowed error, a model that always gives one and the same number would pass. 1 for a single value but 0.
   */
  readonly contrast: number;
}

/** Compares what a model made, all samples one after another, with the reference. The lengths are equal. */
export function compareTensors(
  found: Float32Array,
  reference: readonly { readonly data: Float64Array | Float32Array }[],
): TensorError {
  let [maxAbsError, nonFinite, at] = [0, 0, 0];
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { data } of reference) {
    for (let i = 0; i < data.length; i++, at++) {
      const expected = data[i] as number;
      const distance = Math.abs((found[at] as number) - expected);
      if (!Number.isFinite(distance)) nonFinite++;
      else {
        low = Math.min(low, expected);
        high = Math.max(high, expected);
        maxAbsError = Math.max(maxAbsError, distance);
      }
    }
  }
  if (at !== found.length) throw new Error(`${found.length} values are compared with ${at}`);
  const greatest = nonFinite === at ? 0 : Math.max(Math.abs(low), Math.abs(high));
  const apart = at === 1 ? greatest : high - low;
  const contrast = greatest === 0 ? 0 : apart / greatest;
  return { maxAbsError, maxRelError: maxAbsError === 0 ? 0 : maxAbsError / greatest, nonFinite, contrast };
}
