import { WeightsFault } from "../../../src/weights/fault.ts";
import type { ReadableFile } from "../../../src/weights/safetensors/catalogue.ts";
import { readHeader } from "../../../src/weights/safetensors/header.ts";

/** The bytes of a safetensors file with this text as its header. */
export function fileWith(header: string | Uint8Array, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const file = new Uint8Array(8 + text.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  file.set(data, 8 + text.length);
  return file;
}

/** As a file that is read in stretches; what was read is written down. */
export function readable(bytes: Uint8Array, reads: (readonly [number, number])[] = []): ReadableFile {
  return {
    file: "w.safetensors",
    size: bytes.length,
    read(offset, length) {
      if (offset + length > bytes.length) throw new Error(`reads beyond the end: ${offset} + ${length}`);
      reads.push([offset, length]);
      return bytes.slice(offset, offset + length);
    },
  };
}

/** What is wrong with such a file, or that it is read. */
export function faultOf(bytes: Uint8Array): string {
  try {
    readHeader(readable(bytes));
  } catch (error) {
    if (error instanceof WeightsFault) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "is read";
}
