import { WeightsFault } from "../fault.ts";
import type { Catalogue, ReadableFile, SavedTensor } from "./catalogue.ts";
import { bitsOf, isDtype } from "./dtypes.ts";
import { type Entry, entriesOf } from "./entries.ts";
import { refuseForeign } from "./foreign.ts";
import { jsonString, strictJson } from "./strict-json.ts";

/** What is in front of the header: its length as an unsigned integer of 64 bits, little-endian. */
const lengthBytes = 8;
/** As much as the reference implementation reads. */
const longestHeader = 100_000_000;
/** More than any network has, and small in memory. */
const mostTensors = 250_000;
/** Tensor, shape. */
const deepest = 2;
const highestRank = 64;
const longestName = 1024;

/**
 * The tensors of a safetensors file, in the order of their bytes. Of the file nothing but its header is read. Stricter
 * than the reference implementation where that takes what no writer makes: keys that are there twice, further fields,
 * numbers that are not whole as they are written. Throws a WeightsFault.
 */
export function readHeader(file: ReadableFile): Catalogue {
  const length = lengthOfHeader(file);
  const tensors = readTensors(file.read(lengthBytes, length), file.file, lengthBytes + length);
  tensors.sort((a, b) => a.offset - b.offset || a.bytes - b.bytes);
  refuseGaps(tensors, lengthBytes + length, file.size);
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
}

function lengthOfHeader(file: ReadableFile): number {
  const beginning = file.read(0, Math.min(file.size, lengthBytes + 1));
  refuseForeign(file, beginning);
  if (file.size < lengthBytes + 2) {
    throw new WeightsFault("safetensors-truncated", `it has ${counted(file.size)}, and the shortest header ends later`);
  }
  const length = new DataView(beginning.buffer, beginning.byteOffset).getBigUint64(0, true);
  if (beginning[lengthBytes] !== 0x7b) {
    throw new WeightsFault("weights-not-safetensors", "it has no header in JSON after its first 8 bytes");
  }
  if (length < 2n) {
    throw new WeightsFault("safetensors-json", `its header has a length of ${length}, and the shortest has 2 bytes`);
  }
  if (length > longestHeader) {
    const limit = `a header has at most ${longestHeader.toLocaleString("en-US")}`;
    throw new WeightsFault(
      "safetensors-limit",
      `its header would have ${length.toLocaleString("en-US")} bytes; ${limit}`,
    );
  }
  if (lengthBytes + Number(length) > file.size) {
    const needed = (lengthBytes + Number(length)).toLocaleString("en-US");
    throw new WeightsFault("safetensors-truncated", `it has ${counted(file.size)}, and its header ends at ${needed}`);
  }
  return Number(length);
}

/** One after another, so that the header is never parsed as a whole. */
function readTensors(header: Uint8Array, file: string, start: number): SavedTensor[] {
  const tensors: SavedTensor[] = [];
  const keys = new Set<string>();
  const entries = entriesOf(header);
  let step = entries.next();
  for (; !step.done; step = entries.next()) {
    const name = readKey(step.value, keys);
    if (name === "__metadata__") refuseMetadata(step.value.value);
    else tensors.push(readEntry(name, readValue(step.value.value), file, start));
    if (tensors.length > mostTensors) {
      const most = mostTensors.toLocaleString("en-US");
      throw new WeightsFault("safetensors-limit", `it has more than ${most} tensors, and no more are read`);
    }
  }
  if (step.value === null) throw noJson();
  if (header.subarray(step.value).some((byte) => byte !== 0x20)) {
    throw new WeightsFault("safetensors-json", "its header is followed by something else than spaces");
  }
  return tensors;
}

function noJson(): WeightsFault {
  return new WeightsFault("safetensors-json", "its header is no JSON in UTF-8");
}

function duplicateKey(key: string): WeightsFault {
  return new WeightsFault("safetensors-duplicate", `its header has the key ${quoted(key)} twice`);
}

/** A key that its object has not yet had. */
function readKey({ key }: Entry, before: Set<string>): string {
  const name = jsonString(key);
  if (name === null) throw noJson();
  if (before.has(name)) throw duplicateKey(name);
  before.add(name);
  return name;
}

function readValue(bytes: Uint8Array): unknown {
  const json = strictJson(bytes, deepest);
  if (json === null) throw noJson();
  const { value, duplicate, oddNumber } = json;
  if (duplicate !== null) throw duplicateKey(duplicate);
  if (oddNumber !== null) {
    throw new WeightsFault(
      "safetensors-json",
      `its header has the number ${oddNumber}, and sizes are whole and written in digits`,
    );
  }
  return value;
}

function refuseMetadata(bytes: Uint8Array): void {
  if (bytes[0] !== 0x7b) {
    readValue(bytes);
    throw new WeightsFault("safetensors-entry", "its __metadata__ is no object");
  }
  const keys = new Set<string>();
  const entries = entriesOf(bytes);
  let step = entries.next();
  for (; !step.done; step = entries.next()) {
    const key = readKey(step.value, keys);
    if (typeof readValue(step.value.value) !== "string") {
      throw new WeightsFault("safetensors-entry", `${quoted(key)} of its __metadata__ is no text`);
    }
  }
  if (step.value === null) throw noJson();
}

const fields: readonly string[] = ["dtype", "shape", "data_offsets"];

function readEntry(name: string, entry: unknown, file: string, start: number): SavedTensor {
  if (name === "" || /\p{Surrogate}/u.test(name))
    throw new WeightsFault("safetensors-entry", `a tensor has the name ${quoted(name)}`);
  if (name.length > longestName) {
    throw new WeightsFault(
      "safetensors-limit",
      `the name of a tensor has ${name.length} characters; at most ${longestName} are read`,
    );
  }
  if (!isRecord(entry)) throw new WeightsFault("safetensors-entry", `what ${name} stands for is no object`);
  const missing = fields.find((field) => !Object.hasOwn(entry, field));
  if (missing) throw new WeightsFault("safetensors-entry", `${name} has no ${missing}`);
  const unknown = Object.keys(entry).find((field) => !fields.includes(field));
  if (unknown !== undefined)
    throw new WeightsFault(
      "safetensors-entry",
      `${name} has a field ${quoted(unknown)}, which the format does not know`,
    );
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== "string") throw new WeightsFault("safetensors-entry", `the dtype of ${name} is no text`);
  if (!isDtype(dtype))
    throw new WeightsFault(
      "safetensors-dtype",
      `${name} has the dtype ${quoted(dtype)}, which the format does not have`,
    );
  const bytes = bytesNeeded(name, dtype, shape);
  const [from, to] = readOffsets(name, offsets);
  if (to - from !== bytes) {
    const words = `${dtype} of shape [${(shape as readonly number[]).join(", ")}] need ${counted(bytes)}`;
    throw new WeightsFault(
      "safetensors-offsets",
      `${name} has ${counted(to - from)}, from ${figure(from)} to ${figure(to)}, and values of ${words}`,
    );
  }
  return { name, dtype, shape: shape as readonly number[], file, offset: start + from, bytes };
}

function bytesNeeded(name: string, dtype: keyof typeof bitsOf, shape: unknown): number {
  if (!Array.isArray(shape)) throw new WeightsFault("safetensors-entry", `the shape of ${name} is no list`);
  if (shape.length > highestRank) {
    throw new WeightsFault(
      "safetensors-limit",
      `${name} has ${shape.length} dimensions; at most ${highestRank} are read`,
    );
  }
  const wrong = shape.find((size) => !isCount(size));
  if (wrong !== undefined) {
    throw new WeightsFault(
      "safetensors-shape",
      `a size of ${name} is ${JSON.stringify(wrong)}, which is no whole number below 2^53`,
    );
  }
  // A factor of 0 at the end must not hide a product that was too large before.
  let bits = bitsOf[dtype] as number;
  for (const size of shape.toSorted((a: number, b: number) => b - a)) {
    bits *= size;
    if (!Number.isSafeInteger(bits)) {
      throw new WeightsFault(
        "safetensors-shape",
        `${name} of shape [${shape.join(", ")}] has more values than can be counted`,
      );
    }
  }
  if (bits % 8 !== 0)
    throw new WeightsFault("safetensors-shape", `the ${bits} bits of ${name} are no whole number of bytes`);
  return bits / 8;
}

function readOffsets(name: string, offsets: unknown): readonly [number, number] {
  if (!Array.isArray(offsets) || offsets.length !== 2) {
    throw new WeightsFault("safetensors-entry", `the data_offsets of ${name} are no list of two`);
  }
  const [from, to] = offsets as readonly unknown[];
  if (!isCount(from) || !isCount(to)) {
    throw new WeightsFault(
      "safetensors-offsets",
      `the data_offsets of ${name} are ${JSON.stringify(offsets)}, no whole numbers below 2^53`,
    );
  }
  if (from > to) {
    const words = `${name} begins at ${figure(from)} and ends before, at ${figure(to)}`;
    throw new WeightsFault("safetensors-offsets", words);
  }
  return [from, to];
}

/** Every byte after the header belongs to one tensor. */
function refuseGaps(tensors: readonly SavedTensor[], start: number, size: number): void {
  refuseBeyond(tensors, start, size);
  let end = start;
  let last: SavedTensor | null = null;
  for (const tensor of tensors) {
    if (tensor.offset < end) {
      const shared = Math.min(end - tensor.offset, tensor.bytes);
      const words =
        shared === 0
          ? `${tensor.name}, which has none, begins among the bytes of ${last?.name}`
          : `${last?.name} and ${tensor.name} share ${counted(shared)}`;
      throw new WeightsFault("safetensors-offsets", words);
    }
    if (tensor.offset > end) {
      const hole = tensor.offset - end;
      throw new WeightsFault(
        "safetensors-offsets",
        `${counted(hole)} before ${tensor.name} ${belong(hole)} to no tensor`,
      );
    }
    end = tensor.offset + tensor.bytes;
    last = tensor;
  }
  if (end > size) {
    const [has, needed] = [counted(size), end.toLocaleString("en-US")];
    throw new WeightsFault(
      "safetensors-truncated",
      `it has ${has}, and ${last?.name} ends at ${needed}: it was cut off`,
    );
  }
  if (end < size)
    throw new WeightsFault(
      "safetensors-offsets",
      `${counted(size - end)} at its end ${belong(size - end)} to no tensor`,
    );
}

/** Where the file is long enough for all values, it was not cut off, and the one that lies beyond it is wrong. */
function refuseBeyond(tensors: readonly SavedTensor[], start: number, size: number): void {
  const beyond = tensors.find(({ offset, bytes }) => offset + bytes > size);
  const needed = tensors.reduce((sum, { bytes }) => sum + bytes, start);
  if (!beyond || needed > size) return;
  const end = figure(beyond.offset + beyond.bytes);
  throw new WeightsFault(
    "safetensors-offsets",
    `${beyond.name} lies up to byte ${end}, and the file has ${counted(size)}`,
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}

function belong(bytes: number): string {
  return bytes === 1 ? "belongs" : "belong";
}

function figure(bytes: number): string {
  return bytes.toLocaleString("en-US");
}

function counted(bytes: number): string {
  return `${figure(bytes)} ${bytes === 1 ? "byte" : "bytes"}`;
}
