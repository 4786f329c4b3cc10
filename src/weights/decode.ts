import { widenBfloat16, widenFloat16 } from "./half.ts";
import type { StoredType } from "./recipe.ts";
import { roundToOdd } from "./round-to-odd.ts";
import { swapped, type TensorData } from "./weights.ts";

/** What a value takes in a file. */
export const storedBytes: Readonly<Record<StoredType, number>> = { F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8 };

/**
 * Stored bytes, little-endian, as values, which may share their memory: of an I64 int64, of all others float32. Every F16
 * and BF16 is a float32; an F64 is rounded to the nearest, from the middle to the even one, and too large a one is
 * infinite; where it is rounded again to fewer bits, it is rounded to odd, so that this is as good as rounding it once.
 */
export function decode(bytes: Uint8Array, dtype: StoredType, isRoundedAgain = false): TensorData {
  const size = storedBytes[dtype];
  const { buffer, byteOffset, length } = onThisMachine(bytes, size);
  const count = length / size;
  switch (dtype) {
    case "F64":
      return isRoundedAgain
        ? roundToOdd(new Float64Array(buffer, byteOffset, count))
        : new Float32Array(new Float64Array(buffer, byteOffset, count));
    case "F32":
      return new Float32Array(buffer, byteOffset, count);
    case "F16":
      return widenFloat16(new Uint16Array(buffer, byteOffset, count));
    case "BF16":
      return widenBfloat16(new Uint16Array(buffer, byteOffset, count));
    case "I64":
      return new BigInt64Array(buffer, byteOffset, count);
  }
}

/** In the byte order of the machine, and where an array of such values may begin. */
function onThisMachine(bytes: Uint8Array, valueBytes: number): Uint8Array {
  if (!isLittleEndian) return swapped(bytes, valueBytes);
  // Not `slice`, which is a view where the bytes are a Buffer of Node.js.
  return bytes.byteOffset % valueBytes === 0 ? bytes : new Uint8Array(bytes);
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
