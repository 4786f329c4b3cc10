import { leastCommonMultiple } from "../compiler/number.ts";
import { make, noFiles, type ReadStretch, type Room } from "../weights/make.ts";
import { grainOf, isInMemory, type Recipe } from "../weights/recipe.ts";
import { type Encoded, encode, valueTypes } from "./encode.ts";
import type { ElementType } from "./graph.ts";
import { RangeCheck } from "./range.ts";

/** What follows one another in a file. */
export type Piece =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly areValues?: true }
  /** Values to be made; the digest is of all of them in turn, also of those that are not written. */
  | { readonly kind: "values"; readonly stretch: Stretch; readonly isWritten: boolean }
  /** What the SHA-256 of all values before it, in hexadecimal digits, makes of the end of a file. */
  | { readonly kind: "seal"; bytes(digest: string): Uint8Array };

/** A tensor of a model: what its values are, and how they lie in the file. */
export interface EmittedTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly recipe: Recipe;
  readonly elements: number;
  readonly bytes: number;
}

/** The values from `from` up to `to` of a tensor. */
export interface Stretch {
  readonly tensor: EmittedTensor;
  readonly from: number;
  readonly to: number;
}

export interface Sha256 {
  update(bytes: Uint8Array): unknown;
  digest(form: "hex"): string;
}

export const elementBytes: Readonly<Record<ElementType, number>> = { float32: 4, float16: 2, bfloat16: 2, int64: 8 };

/** The most bytes of a stretch of what is not in memory. */
export const largestStretch = 2 ** 22;

/** What every disk takes whole, without having read what was there before. */
export const blockBytes = 4096;

/** The stretches of a tensor, one after another; what is in memory is one. */
export function* stretchesOf(tensor: EmittedTensor): Generator<Stretch> {
  const { elements } = tensor;
  const step = stepOf(tensor);
  for (let from = 0; from < elements; from += step) yield { tensor, from, to: Math.min(elements, from + step) };
}

/** In whole grains and, where that can be, in whole blocks of a disk. */
function stepOf({ recipe, elements, type }: EmittedTensor): number {
  if (isInMemory(recipe)) return Math.max(elements, 1);
  // What is rounded to two bytes is made with four.
  const most = largestStretch / Math.max(elementBytes[type], 4);
  const grain = grainOf(recipe);
  const blocks = Number(leastCommonMultiple(BigInt(grain), BigInt(blockBytes / elementBytes[type])));
  const unit = blocks > most ? grain : blocks;
  return unit > most ? unit : most - (most % unit);
}

/** The values of a stretch as the file holds them; they may lie in the room. */
export function makeStretch({ tensor, from, to }: Stretch, read: ReadStretch, room?: Room): Encoded {
  const { name, recipe, type } = tensor;
  const encoded = encode(make(recipe, valueTypes[type], from, to, read, room), type);
  const expected = (to - from) * elementBytes[type];
  if (encoded.bytes.length !== expected) {
    throw new Error(`${name} has ${encoded.bytes.length} bytes, not ${expected}`);
  }
  return encoded;
}

/** The bytes of pieces, made while they are read. Throws ValuesTooLarge before what seals them. */
export function* madeHere(
  pieces: Iterable<Piece>,
  hash: Sha256,
  read: ReadStretch = noFiles,
  range: RangeCheck = new RangeCheck(),
): Generator<Uint8Array> {
  for (const piece of pieces) {
    if (piece.kind === "bytes") yield piece.bytes;
    else if (piece.kind === "seal") {
      range.refuse();
      yield piece.bytes(hash.digest("hex"));
    } else {
      const made = makeStretch(piece.stretch, read);
      range.add(piece.stretch.tensor, made);
      hash.update(made.bytes);
      if (piece.isWritten) yield made.bytes;
    }
  }
}
