import { ModelFault } from "./fault.ts";

/** One field of a protobuf message: a number for varints and fixed sizes, bytes for what has a length. */
export type Field =
  | { readonly number: number; readonly kind: "varint"; readonly value: number }
  | { readonly number: number; readonly kind: "fixed32" | "fixed64" | "bytes"; readonly bytes: Uint8Array };

/**
 * The fields of a protobuf message in the order of the file, repeated ones again and again; groups, which ONNX does not
 * use, are refused. The bytes of a field share memory with the message.
 * (https://protobuf.dev/programming-guides/encoding/)
 */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  const reader = new Reader(message);
  while (!reader.atEnd) {
    const key = reader.varint();
    const number = Math.floor(key / 8);
    if (number < 1) throw new ModelFault("model-not-onnx", "it is no protobuf message: a field has the number 0");
    yield fieldAt(reader, number, key % 8);
  }
}

function fieldAt(reader: Reader, number: number, wireType: number): Field {
  switch (wireType) {
    case 0:
      return { number, kind: "varint", value: reader.varint() };
    case 1:
      return { number, kind: "fixed64", bytes: reader.take(8) };
    case 2:
      return { number, kind: "bytes", bytes: reader.take(reader.varint()) };
    case 5:
      return { number, kind: "fixed32", bytes: reader.take(4) };
    default:
      throw new ModelFault(
        "model-not-onnx",
        `it is no protobuf message: field ${number} has the wire type ${wireType}`,
      );
  }
}

/** The varints that lie one after another in a packed field. */
export function varintsIn(bytes: Uint8Array): readonly number[] {
  const reader = new Reader(bytes);
  const values: number[] = [];
  while (!reader.atEnd) values.push(reader.varint());
  return values;
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** A signed number of 64 bits; beyond 2^53 it is rounded, and no size or offset may be. */
  varint(): number {
    let low = 0;
    let high = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw truncated();
      this.#at++;
      const bits = byte & 0x7f;
      if (shift < 28) low += bits * 2 ** shift;
      else high += bits * 2 ** (shift - 28);
      if (byte < 0x80) break;
      if (shift === 63) throw new ModelFault("model-not-onnx", "it is no protobuf message: a number has no end");
    }
    if (high < 2 ** 24) return high * 2 ** 28 + low;
    return Number(BigInt.asIntN(64, (BigInt(high) << 28n) + BigInt(low)));
  }

  take(length: number): Uint8Array {
    if (!(length >= 0) || this.#at + length > this.#bytes.length) throw truncated();
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return bytes;
  }
}

function truncated(): ModelFault {
  return new ModelFault("model-truncated", "it ends in the middle of a field: the file is cut off, or no ONNX model");
}
