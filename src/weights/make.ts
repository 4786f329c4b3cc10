import { decode, storedBytes } from "./decode.ts";
import { fillNormal } from "./normal.ts";
import { isInMemory, type Normalisation, type Recipe, type Runs } from "./recipe.ts";
import { standardise } from "./standardise.ts";
import { makeTransposed } from "./transposed.ts";
import type { TensorData } from "./weights.ts";

/**
 * Reads `length` bytes of a file from `offset` on; throws where there are fewer. It may have put them into memory of that
 * length which it is given.
 */
export type ReadStretch = (file: string, offset: number, length: number, into?: Uint8Array) => Uint8Array;

/** For recipes of which no file is part. */
export const noFiles: ReadStretch = (file) => {
  throw new Error(`no file can be read here, not ${file} either`);
};

/** Memory for so many values, in which anything may be. */
export type Room = (length: number) => Float32Array;

/** Of memory that nobody has used yet; to have more of it takes a good part of the time that it takes to fill it. */
const fresh: Room = (length) => new Float32Array(length);

/** The type of values before they are written. */
export type ValueType = "float32" | "int64";

/** The values from `from` up to `to` of a tensor; they may share memory with the recipe, or lie in the room. */
export function make(
  recipe: Recipe,
  type: ValueType,
  from: number,
  to: number,
  read: ReadStretch,
  room: Room = fresh,
): TensorData {
  switch (recipe.kind) {
    case "given":
      return recipe.values.subarray(from, to);
    case "asked":
      return recipe.data().subarray(from, to);
    case "stored":
      return stored(recipe, from, to, read, room);
    case "remainders":
      return BigInt64Array.from({ length: to - from }, (_, i) => BigInt((from + i) % recipe.modulus));
    case "same":
      if (type === "int64") return new BigInt64Array(to - from).fill(BigInt(recipe.value));
      // New memory is 0 before it is touched.
      return room === fresh && recipe.value === 0 ? fresh(to - from) : room(to - from).fill(recipe.value);
    default:
      return makeFloats(recipe, from, to, read, room);
  }
}

type FloatRecipe = Extract<
  Recipe,
  { kind: "normal" | "ones-in-turn" | "transposed" | "standardised" | "scaled" | "shifted" }
>;

function makeFloats(recipe: FloatRecipe, from: number, to: number, read: ReadStretch, room: Room): Float32Array {
  switch (recipe.kind) {
    case "normal": {
      const values = room(to - from);
      fillNormal(values, recipe.seed, recipe.name, recipe.deviation, from);
      return values;
    }
    case "ones-in-turn":
      return onesInTurn(recipe.columns, from, room(to - from));
    case "transposed":
      return makeTransposed(recipe, from, to, read, room);
    case "standardised":
      return standardised(recipe, from, to, read, room);
    case "scaled":
      return scaled(own(recipe.of, from, to, read, room), from, factorsOf(recipe.by, read), recipe.runs);
    case "shifted": {
      const [factor, shift] = [factorsOf(recipe.by, read), shiftsOf(recipe.by, read)];
      return floats(recipe.of, from, to, read).map(
        (value, i) => value * (factor[from + i] as number) + (shift[from + i] as number),
      );
    }
  }
}

function floats(recipe: Recipe, from: number, to: number, read: ReadStretch, room: Room = fresh): Float32Array {
  const values = make(recipe, "float32", from, to, read, room);
  if (!(values instanceof Float32Array)) throw new Error(`a ${recipe.kind} recipe makes no float32`);
  return values;
}

/** Values that may be changed. */
function own(recipe: Recipe, from: number, to: number, read: ReadStretch, room: Room): Float32Array {
  const values = room(to - from);
  fill(values, recipe, from, read);
  return values;
}

/** Gives the values those of the recipe from `from` on. */
function fill(values: Float32Array, recipe: Recipe, from: number, read: ReadStretch): void {
  const room: Room = (length) => (length === values.length ? values : fresh(length));
  const made = floats(recipe, from, from + values.length, read, room);
  if (made.buffer !== values.buffer || made.byteOffset !== values.byteOffset) values.set(made);
}

function stored(
  { file, offset, dtype, isRoundedAgain }: Extract<Recipe, { kind: "stored" }>,
  from: number,
  to: number,
  read: ReadStretch,
  room: Room,
): TensorData {
  const size = storedBytes[dtype];
  const length = (to - from) * size;
  const into = dtype === "F32" ? bytesIn(room(to - from)) : new Uint8Array(length);
  return decode(read(file, offset + from * size, length, into), dtype, isRoundedAgain);
}

function bytesIn({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function onesInTurn(columns: number, from: number, values: Float32Array): Float32Array {
  values.fill(0);
  for (let row = Math.floor(from / columns); row * columns < from + values.length; row++) {
    const at = row * columns + (row % columns) - from;
    if (at >= 0 && at < values.length) values[at] = 1;
  }
  return values;
}

/** Whole filters are made, and of the first and the last what is wanted is kept. */
function standardised(
  { of, size, eps }: Extract<Recipe, { kind: "standardised" }>,
  from: number,
  to: number,
  read: ReadStretch,
  room: Room,
): Float32Array {
  const first = Math.floor(from / size) * size;
  const last = Math.ceil(to / size) * size;
  const values = room(last - first);
  // What is asked for comes whole each time, and what is transposed is read from all over the file.
  const isTogether = isInMemory(of) || of.kind === "transposed";
  const step = isTogether ? values.length : Math.max(size, inCache - (inCache % size));
  for (let at = first; at < last; at += step) {
    const filters = values.subarray(at - first, at - first + step);
    fill(filters, of, at, read);
    standardise(filters, size, eps);
  }
  return values.subarray(from - first, to - first);
}

/** Values that are still near when the next thing is done with them. */
const inCache = 2 ** 16;

/** The weight itself, of which every value has been scaled. */
function scaled(weight: Float32Array, from: number, factor: Float64Array, { length, rows }: Runs): Float32Array {
  for (let i = 0; i < weight.length; ) {
    const run = Math.floor((from + i) / length);
    const by = factor[rows === null ? run : outputOf(run, rows)] as number;
    const end = Math.min(weight.length, (run + 1) * length - from);
    for (; i < end; i++) weight[i] = (weight[i] as number) * by;
  }
  return weight;
}

function outputOf(run: number, { outputs, inputs }: NonNullable<Runs["rows"]>): number {
  return Math.floor(run / outputs / inputs) * outputs + (run % outputs);
}

/** γ/√(var + eps) */
function factorsOf({ weight, variance, channels, eps }: Normalisation, read: ReadStretch): Float64Array {
  const variances = floats(variance, 0, channels, read);
  return Float64Array.from(floats(weight, 0, channels, read), (w, c) => w / Math.sqrt((variances[c] as number) + eps));
}

/** β − mean·factor */
function shiftsOf(by: Normalisation, read: ReadStretch): Float64Array {
  const factor = factorsOf(by, read);
  const means = floats(by.mean, 0, by.channels, read);
  return Float64Array.from(
    floats(by.bias, 0, by.channels, read),
    (b, c) => b - (means[c] as number) * (factor[c] as number),
  );
}
