/** How far two tensors are apart. */
export interface TensorError {
  readonly maxAbsError: number;
  /** Of the greatest absolute value of the reference; 0 where both are 0 everywhere. */
  readonly maxRelError: number;
  /** Places at which one of both is no finite number. */
  readonly nonFinite: number;
}

/** Compares what a model made, all samples one after another, with the reference. The lengths are equal. */
export function compareTensors(
  found: Float32Array,
  reference: readonly { readonly data: Float64Array | Float32Array }[],
): TensorError {
  let [maxAbsError, greatest, nonFinite, at] = [0, 0, 0, 0];
  for (const { data } of reference) {
    for (let i = 0; i < data.length; i++, at++) {
      const expected = data[i] as number;
      const distance = Math.abs((found[at] as number) - expected);
      if (!Number.isFinite(distance)) nonFinite++;
      else {
        greatest = Math.max(greatest, Math.abs(expected));
        maxAbsError = Math.max(maxAbsError, distance);
      }
    }
  }
  if (at !== found.length) throw new Error(`${found.length} values are compared with ${at}`);
  return { maxAbsError, maxRelError: maxAbsError === 0 ? 0 : maxAbsError / greatest, nonFinite };
}
