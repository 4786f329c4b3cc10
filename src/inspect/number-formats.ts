/** A floating-point format of 16 bits: a sign, an exponent, and the rest a fraction. */
export interface NumberFormat {
  readonly fractionBits: number;
  /** Of the exponents: that of 1. */
  readonly bias: number;
}

export const float16: NumberFormat = { fractionBits: 10, bias: 15 };
export const bfloat16: NumberFormat = { fractionBits: 7, bias: 127 };

/** What the bits mean: (−1)^s·2^(e − bias)·(1 + f), with e = 0 (−1)^s·2^(1 − bias)·f, with the greatest e ∞ or NaN. */
export function numberOf(bits: number, { fractionBits, bias }: NumberFormat): number {
  const sign = bits >= 0x8000 ? -1 : 1;
  const exponent = (bits & 0x7fff) >> fractionBits;
  const fraction = (bits & ((1 << fractionBits) - 1)) / 2 ** fractionBits;
  if (exponent === 0) return sign * 2 ** (1 - bias) * fraction;
  if (exponent > 2 * bias) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * 2 ** (exponent - bias) * (1 + fraction);
}

/** The nearest number of a format, of two the even one. */
export function nearest(value: number, { fractionBits, bias }: NumberFormat): number {
  let exponent = 1 - bias;
  while (Math.abs(value) >= 2 ** (exponent + 1) && exponent < bias) exponent++;
  const unit = 2 ** (exponent - fractionBits);
  const steps = Math.abs(value) / unit;
  const below = Math.floor(steps);
  const isUp = steps - below > 0.5 || (steps - below === 0.5 && below % 2 === 1);
  const size = (isUp ? below + 1 : below) * unit;
  return size >= 2 ** (bias + 1)
    ? Math.sign(value) * Number.POSITIVE_INFINITY
    : value < 0 || Object.is(value, -0)
      ? -size
      : size;
}
