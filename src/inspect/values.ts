import type { StoredTensor } from "./stored-tensor.ts";

/** The numbers of a stored tensor; those of int64 are whole and rounded beyond 2^53. */
export function valuesOf(tensor: StoredTensor): Float32Array | readonly number[] {
  const bytes = tensor.bytes();
  if (tensor.dtype === "float32") return floatsOf(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 8 }, (_, i) => Number(view.getBigInt64(8 * i, true)));
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
