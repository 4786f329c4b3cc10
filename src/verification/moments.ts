export interface Moments {
  readonly mean: number;
  readonly deviation: number;
  /** The root of the mean square. */
  readonly magnitude: number;
}

/** Of all values of all parts. */
export function momentsOf(parts: readonly Float64Array[]): Moments {
  let [count, sum, squares] = [0, 0, 0];
  for (const part of parts) {
    count += part.length;
    for (let i = 0; i < part.length; i++) sum += part[i] as number;
  }
  const mean = sum / count;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) squares += ((part[i] as number) - mean) ** 2;
  }
  const deviation = Math.sqrt(squares / count);
  return { mean, deviation, magnitude: Math.hypot(mean, deviation) };
}
