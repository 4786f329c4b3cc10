import { swapped, type TensorData } from "../weights.ts";

/** The element types of safetensors of which weights are made. */
export const loadedTypes = ["F64", "F32", "F16", "BF16", "I64"] as const;

export type LoadedType = (typeof loadedTypes)[number];

export const loadedBytes: Readonly<Record<LoadedType, number>> = { F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8 };

/**
 * Stored bytes, little-endian, as values: of an I64 int64, of all others float32. Every F16 and BF16 is a float32; an
 * F64 is rounded to the nearest, with ties to even, and too large a one is infinite.
 */
export function decode(bytes: Uint8Array, dtype: LoadedType): TensorData {
  const values = onThisMachine(bytes, loadedBytes[dtype]);
  switch (dtype) {
    case "F32":
      return new Float32Array(values);
    case "I64":
      return new BigInt64Array(values);
    case "F64":
      return new Float32Array(new Float64Array(values));
    case "BF16":
      return new Float32Array(Uint32Array.from(new Uint16Array(values), (bits) => bits << 16).buffer);
    case "F16": {
      halves ??= Float32Array.from({ length: 65_536 }, (_, bits) => half(bits));
      return Float32Array.from(new Uint16Array(values), (bits) => (halves as Float32Array)[bits] as number);
    }
  }
}

/** Every F16 by its bits; made when the first is read. */
let halves: Float32Array | null = null;

/** IEEE 754 binary16: a sign, 5 bits of exponent with bias 15, 10 of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = (bits & 1023) / 1024;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -14 : (1 + fraction) * 2 ** (exponent - 15));
}

/** In the byte order of the machine, and where an array of such values may begin. */
function onThisMachine(bytes: Uint8Array, valueBytes: number): ArrayBuffer {
  if (!isLittleEndian) return swapped(bytes, valueBytes).buffer as ArrayBuffer;
  const isWhole = bytes.byteOffset === 0 && bytes.buffer.byteLength === bytes.length;
  return (isWhole ? bytes : bytes.slice()).buffer as ArrayBuffer;
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
