/**
 * float16 (IEEE 754 binary16) and bfloat16 (the upper half of a float32), by their bits. What is rounded goes to the
 * nearest number and from the middle to the even one, subnormal numbers included; NaN stays NaN, and bits that were
 * widened come back as they were.
 */

export interface Rounded {
  readonly bits: Uint16Array;
  /** How many finite numbers have become infinite. */
  readonly overflows: number;
  /** How many numbers other than 0 have become 0. */
  readonly vanished: number;
}

export function roundToFloat16(values: Float32Array): Rounded {
  const bits = new Uint16Array(values.length);
  const from = bitsOf(values);
  let [overflows, vanished] = [0, 0];
  for (let i = 0; i < bits.length; i++) {
    const value = from[i] as number;
    const sign = (value >>> 16) & 0x8000;
    const size = value & 0x7fffffff;
    if (size >= float16Overflow) {
      if (size < infinity) overflows++;
      bits[i] = sign | (size > infinity ? narrowedNaN(size >>> 13, 0x3ff, 0x7c00) : 0x7c00);
    } else if (size >= leastNormalFloat16) {
      // The exponents begin 112 apart; rounding may carry into them.
      bits[i] = sign | ((size - (112 << 23) + 0xfff + ((size >>> 13) & 1)) >>> 13);
    } else if (size > middleToNothing) {
      // In units of 2^−24, the significand with its leading 1.
      const shift = 126 - (size >>> 23);
      const significand = (size & 0x7fffff) | 0x800000;
      bits[i] = sign | ((significand + (1 << (shift - 1)) - 1 + ((significand >>> shift) & 1)) >>> shift);
    } else {
      if (size !== 0) vanished++;
      bits[i] = sign;
    }
  }
  return { bits, overflows, vanished };
}

export function roundToBfloat16(values: Float32Array): Rounded {
  const bits = new Uint16Array(values.length);
  const from = bitsOf(values);
  let [overflows, vanished] = [0, 0];
  for (let i = 0; i < bits.length; i++) {
    const value = from[i] as number;
    const size = value & 0x7fffffff;
    if (size > infinity) {
      bits[i] = ((value >>> 16) & 0x8000) | narrowedNaN(size >>> 16, 0x7f, 0x7f80);
      continue;
    }
    if (size >= bfloat16Overflow && size < infinity) overflows++;
    else if (size <= 0x8000 && size !== 0) vanished++;
    bits[i] = (value + 0x7fff + ((value >>> 16) & 1)) >>> 16;
  }
  return { bits, overflows, vanished };
}

/** Exactly, as every float16 is a float32. */
export function widenFloat16(bits: Uint16Array): Float32Array {
  const values = new Float32Array(bits.length);
  const to = bitsOf(values);
  for (let i = 0; i < bits.length; i++) {
    const value = bits[i] as number;
    const sign = (value & 0x8000) << 16;
    const size = value & 0x7fff;
    if (size >= 0x7c00) to[i] = sign | (size << 13) | infinity;
    else if (size >= 0x400) to[i] = sign | ((size << 13) + (112 << 23));
    else values[i] = sign === 0 ? size * 2 ** -24 : -size * 2 ** -24;
  }
  return values;
}

export function widenBfloat16(bits: Uint16Array): Float32Array {
  const values = new Float32Array(bits.length);
  const to = bitsOf(values);
  for (let i = 0; i < bits.length; i++) to[i] = (bits[i] as number) << 16;
  return values;
}

// Without the sign, as float32.
const infinity = 0x7f800000;
/** 65520, the middle between the greatest float16 and what would be the next: from here on it is infinite. */
const float16Overflow = 0x477ff000;
const leastNormalFloat16 = 0x38800000;
/** 2^−25, the middle between 0 and the least float16. */
const middleToNothing = 0x33000000;
const bfloat16Overflow = 0x7f7f8000;

function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

/** With what there is room for of what the NaN carries, and never without: that would be infinite. */
function narrowedNaN(carried: number, mask: number, exponent: number): number {
  return exponent | (carried & mask || (mask + 1) >>> 1);
}
