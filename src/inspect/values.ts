import { bfloat16, float16, numberOf } from "./number-formats.ts";
import type { StoredTensor } from "./stored-tensor.ts";

/** The numbers of a stored tensor; those of int64 are whole and rounded beyond 2^53. */
export function valuesOf(tensor: StoredTensor): Float32Array | readonly number[] {
  const bytes = tensor.bytes();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (tensor.dtype) {
    case "float32":
      return floatsOf(bytes);
    case "float16":
    case "bfloat16": {
      const numbers = numbersOf(tensor.dtype);
      const values = new Float32Array(bytes.length / 2);
      for (let i = 0; i < values.length; i++) values[i] = numbers[view.getUint16(2 * i, true)] as number;
      return values;
    }
    case "int64":
      return Array.from({ length: bytes.length / 8 }, (_, i) => Number(view.getBigInt64(8 * i, true)));
  }
}

const formats = { float16, bfloat16 } as const;
const known = new Map<keyof typeof formats, Float32Array>();

/** What each of the 65,536 patterns means. */
function numbersOf(dtype: keyof typeof formats): Float32Array {
  const numbers =
    known.get(dtype) ?? Float32Array.from({ length: 65_536 }, (_, bits) => numberOf(bits, formats[dtype]));
  known.set(dtype, numbers);
  return numbers;
}

/** A copy where the bytes do not lie as this machine wants them. */
function floatsOf(bytes: Uint8Array): Float32Array {
  if (littleEndian && bytes.byteOffset % 4 === 0)
    return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const copy = new Uint8Array(bytes);
  if (littleEndian) return new Float32Array(copy.buffer);
  const view = new DataView(copy.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
