import { ModelFault } from "./fault.ts";
import { append, bytesOf, numberOf, numbersOf, readEntry, textOf } from "./fields.ts";
import { type Field, fieldsOf } from "./wire.ts";

export type StoredType = "float32" | "float16" | "bfloat16" | "int64";

export interface StoredTensor {
  readonly name: string;
  readonly dtype: StoredType;
  readonly shape: readonly number[];
  /** Where the values lie beside the file; null where they are in it. */
  readonly place: Place | null;
  /** The values, little-endian; what lies beside the file is read anew each time. */
  bytes(): Uint8Array;
}

/** A stretch of a file beside the model. */
export interface Place {
  /** As the model says it: a path from its own folder. */
  readonly location: string;
  readonly offset: number;
  readonly length: number;
}

/** Makes sure that a place can be read, and returns how. Throws a ModelFault. */
export type OpenPlace = (tensor: string, place: Place) => () => Uint8Array;

/** For bytes that lie nowhere. */
export const nothingBeside: OpenPlace = (tensor) => {
  throw new ModelFault("model-external", `the values of ${tensor} are not in the file`);
};

/** What a tensor says of itself; the last of what comes twice, as protobuf has it. */
class Described {
  name = "";
  type = 0;
  isExternal = false;
  raw: Uint8Array | null = null;
  readonly shape: number[] = [];
  readonly external = new Map<string, string>();
  /** From writers that do not store raw bytes. */
  readonly floats: Uint8Array[] = [];
  readonly integers: number[] = [];
  /** The bits of float16 and bfloat16. */
  readonly halves: number[] = [];

  read(field: Field): void {
    if (field.number === 1) append(numbersOf(field), this.shape);
    else if (field.number === 2) this.type = numberOf(field);
    else if (field.number === 4) this.floats.push(bytesOf(field));
    else if (field.number === 5) append(numbersOf(field), this.halves);
    else if (field.number === 7) append(numbersOf(field), this.integers);
    else if (field.number === 8) this.name = textOf(field);
    else if (field.number === 9) this.raw = bytesOf(field);
    else if (field.number === 13) this.external.set(...readEntry(bytesOf(field)));
    else if (field.number === 14) this.isExternal = numberOf(field) === 1;
    else if (field.number === 3) throw new ModelFault("model-foreign", `${this.name || "a tensor"} lies in segments`);
  }
}

export function readTensor(bytes: Uint8Array, open: OpenPlace): StoredTensor {
  const described = new Described();
  for (const field of fieldsOf(bytes)) described.read(field);
  const { name, shape, isExternal, external } = described;
  const dtype = dtypes.get(described.type);
  if (!dtype) throw new ModelFault("model-foreign", `${name} is a tensor of ${strangeType(described.type)}`);
  const length = shape.reduce((product, size) => product * size, valueBytes[dtype]);
  if (!shape.every((size) => size >= 0) || !Number.isSafeInteger(length) || shape.length > highestRank) {
    throw new ModelFault("model-inconsistent", `${name} has the shape [${shape.slice(0, 10).join(", ")}]`);
  }
  if (isExternal) {
    const place = placeOf(name, external, length);
    return { name, dtype, shape, place, bytes: open(name, place) };
  }
  const data = described.raw ?? unpacked(described, dtype);
  if (data.length !== length) {
    throw new ModelFault(
      "model-inconsistent",
      `${name} has ${figure(data.length)} bytes of values, not ${figure(length)}`,
    );
  }
  return { name, dtype, shape, place: null, bytes: () => data };
}

/** More than any tensor of a network has. */
export const highestRank = 8;

const valueBytes: Readonly<Record<StoredType, number>> = { float32: 4, float16: 2, bfloat16: 2, int64: 8 };

const dtypes: ReadonlyMap<number, StoredType> = new Map([
  [1, "float32"],
  [7, "int64"],
  [10, "float16"],
  [16, "bfloat16"],
]);

function strangeType(type: number): string {
  const isKnown = otherTypes.has(type);
  return isKnown
    ? `${typeName(type)}, not float32, float16, bfloat16 or int64`
    : `${typeName(type)}, which ONNX does not have`;
}

/** A TensorProto.DataType in words. */
export function typeName(type: number): string {
  return dtypes.get(type) ?? otherTypes.get(type) ?? `the element type ${type}`;
}

/** TensorProto.DataType of onnx.proto, without those that dnetc writes. */
const otherTypes: ReadonlyMap<number, string> = new Map([
  [0, "no element type"],
  [2, "uint8"],
  [3, "int8"],
  [4, "uint16"],
  [5, "int16"],
  [6, "int32"],
  [8, "text"],
  [9, "bool"],
  [11, "float64"],
  [12, "uint32"],
  [13, "uint64"],
  [14, "complex64"],
  [15, "complex128"],
  [17, "float8"],
  [18, "float8"],
  [19, "float8"],
  [20, "float8"],
  [21, "uint4"],
  [22, "int4"],
  [23, "float4"],
]);

/** The values of one field each, or packed, as the bytes that they would be. */
function unpacked({ floats, integers, halves }: Described, dtype: StoredType): Uint8Array {
  if (dtype === "float32") {
    const all = new Uint8Array(floats.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of floats) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
  if (dtype === "float16" || dtype === "bfloat16") {
    const bytes = new Uint8Array(2 * halves.length);
    const view = new DataView(bytes.buffer);
    for (const [i, bits] of halves.entries()) view.setUint16(2 * i, bits, true);
    return bytes;
  }
  const bytes = new Uint8Array(8 * integers.length);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of integers.entries()) view.setBigInt64(8 * i, BigInt(value), true);
  return bytes;
}

function placeOf(name: string, entries: ReadonlyMap<string, string>, expected: number): Place {
  const location = entries.get("location");
  const numbers = [entries.get("offset") ?? "0", entries.get("length") ?? String(expected)];
  if (location === undefined || location === "" || location.includes("\0")) {
    throw new ModelFault("model-external", `${name} lies outside the file, but the file does not say where`);
  }
  const wrong = numbers.find((text) => !/^\d{1,15}$/.test(text));
  if (wrong !== undefined) {
    throw new ModelFault("model-external", `${name} lies in ${location} at ${wrong || "nothing"}, which is no number`);
  }
  const [offset = 0, length = 0] = numbers.map(Number);
  if (length !== expected) {
    const message = `${name} has ${figure(length)} bytes in ${location}, and its shape needs ${figure(expected)}`;
    throw new ModelFault("model-external-length", message);
  }
  return { location, offset, length };
}

function figure(bytes: number): string {
  return bytes.toLocaleString("en-US");
}
