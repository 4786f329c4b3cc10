import type { Sample } from "../reference/sample.ts";

/** How far two tensors are apart. */
export interface TensorError {
  readonly maxAbsError: number;
  /** Of the greatest absolute value of the reference; 0 where both are 0 everywhere. */
  readonly maxRelError: number;
  /** Values of the model that are no finite numbers. */
  readonly nonFinite: number;
}

/** Compares what a model made, all samples one after another, with the reference. The lengths are equal. */
export function compareTensors(found: Float32Array, reference: readonly Sample[]): TensorError {
  let [maxAbsError, greatest, nonFinite, at] = [0, 0, 0, 0];
  for (const { data } of reference) {
    for (let i = 0; i < data.length; i++, at++) {
      const expected = data[i] as number;
      const value = found[at] as number;
      greatest = Math.max(greatest, Math.abs(expected));
      if (!Number.isFinite(value)) nonFinite++;
      else maxAbsError = Math.max(maxAbsError, Math.abs(value - expected));
    }
  }
  if (at !== found.length) throw new Error(`${found.length} values are compared with ${at}`);
  return { maxAbsError, maxRelError: maxAbsError === 0 ? 0 : maxAbsError / greatest, nonFinite };
}
