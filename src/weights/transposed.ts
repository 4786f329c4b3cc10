import { decode, storedBytes } from "./decode.ts";
import type { ReadStretch, Room } from "./make.ts";
import type { Transposed } from "./recipe.ts";

/** The values from `from` up to `to` of a tensor that lies in a file with its axes in another order; in rows, whole. */
export function makeTransposed(
  recipe: Transposed,
  from: number,
  to: number,
  read: ReadStretch,
  room: Room,
): Float32Array {
  const row = rowLengthOf(recipe);
  const first = Math.floor(from / row);
  const values = room((Math.ceil(to / row) - first) * row);
  fillRows(values, recipe, first, read);
  return values.subarray(from - first * row, to - first * row);
}

/** A row is what belongs to one place along the first axis of the result. */
export function rowLengthOf({ shape, axes }: Transposed): number {
  return axes.slice(1).reduce((product, axis) => product * (shape[axis] as number), 1);
}

/**
 * The file is [before, rows, after], with the first axis of the result in the middle. Where in its row a value comes is the
 * sum of what its places before and after say.
 */
function fillRows(values: Float32Array, recipe: Transposed, first: number, read: ReadStretch): void {
  const { of, shape, axes } = recipe;
  const [lead = 0] = axes;
  const strides = shape.map((_, axis) =>
    product(axes.slice(axes.indexOf(axis) + 1).map((one) => shape[one] as number)),
  );
  const before = placesInRow(shape.slice(0, lead), strides.slice(0, lead));
  const after = placesInRow(shape.slice(lead + 1), strides.slice(lead + 1));
  const wanted = (values.length / rowLengthOf(recipe)) * after.length;
  const step = (shape[lead] as number) * after.length;
  const bytes = storedBytes[of.dtype];
  const isGapLarge = (step - wanted) * bytes > largestGap;
  const together = isGapLarge ? 1 : Math.max(1, Math.floor(largestRead / (step * bytes)));
  const scratch = new Uint8Array((Math.min(together, before.length) * step - step + wanted) * bytes);
  for (let at = 0; at < before.length; at += together) {
    const here = before.subarray(at, at + together);
    const start = of.offset + (at * step + first * after.length) * bytes;
    const length = ((here.length - 1) * step + wanted) * bytes;
    const found = decode(read(of.file, start, length, scratch.subarray(0, length)), of.dtype, of.isRoundedAgain);
    if (!(found instanceof Float32Array)) throw new Error(`a tensor of ${of.dtype} is not transposed`);
    scatter(values, found, here, after, step, wanted);
  }
}

function scatter(
  values: Float32Array,
  found: Float32Array,
  before: Int32Array,
  after: Int32Array,
  step: number,
  wanted: number,
): void {
  const row = values.length / (wanted / after.length);
  for (let i = 0; i < before.length; i++) {
    let to = before[i] as number;
    for (let from = i * step; from < i * step + wanted; to += row) {
      for (let j = 0; j < after.length; j++) values[to + (after[j] as number)] = found[from++] as number;
    }
  }
}

/** For every combination of places along axes, in the order of the file. */
function placesInRow(sizes: readonly number[], strides: readonly number[]): Int32Array {
  return sizes.reduce((places, size, axis) => {
    const stride = strides[axis] as number;
    return new Int32Array(places.length * size).map(
      (_, i) => (places[Math.floor(i / size)] as number) + (i % size) * stride,
    );
  }, Int32Array.of(0));
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((all, size) => all * size, 1);
}

/** In bytes: to read so much in vain takes as long as to ask the system once more. */
const largestGap = 2 ** 14;
const largestRead = 2 ** 20;
