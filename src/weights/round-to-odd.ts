/**
 * As float32, and what is none exactly as that of its two neighbours whose last bit is 1: rounded again to fewer bits by two
 * at least, as to float16 or bfloat16, it becomes what rounding once makes of it (Boldo and Melquiond, "When double
 * rounding is odd", 2005). What is too large becomes the largest finite number.
 */
export function roundToOdd(values: Float64Array): Float32Array {
  const nearest = new Float32Array(values);
  const bits = new Uint32Array(nearest.buffer);
  for (let i = 0; i < values.length; i++) {
    const [value, near] = [values[i] as number, nearest[i] as number];
    const at = bits[i] as number;
    if (value === near || (at & 1) === 1 || Number.isNaN(value)) continue;
    bits[i] = Math.abs(value) > Math.abs(near) ? at + 1 : at - 1;
  }
  return nearest;
}
