import { make, noFiles, type ReadStretch } from "../weights/make.ts";
import { grainOf, isInMemory, type Recipe } from "../weights/recipe.ts";
import { bytesOf } from "../weights/weights.ts";
import type { ElementType } from "./graph.ts";

/** What follows one another in a file. */
export type Piece =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
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

export const elementBytes: Readonly<Record<ElementType, number>> = { float32: 4, int64: 8 };

/** The most bytes of a stretch of what is not in memory. */
export const largestStretch = 2 ** 22;

/** The stretches of a tensor, one after another; what is in memory is one. */
export function* stretchesOf(tensor: EmittedTensor): Generator<Stretch> {
  const { recipe, elements, type } = tensor;
  const most = largestStretch / elementBytes[type];
  const grain = grainOf(recipe);
  const step = isInMemory(recipe) ? Math.max(elements, 1) : grain > most ? most : most - (most % grain);
  for (let from = 0; from < elements; from += step) yield { tensor, from, to: Math.min(elements, from + step) };
}

/** A stretch that has been made. */
export interface Made {
  /** The values as the file holds them. */
  readonly bytes: Uint8Array;
  /** How many of the values that were read are no finite numbers. */
  readonly notFinite: number;
  /** How many were finite and are not any more, since the file's element type is too narrow for them. */
  readonly overflowed: number;
}

export function makeStretch({ tensor, from, to }: Stretch, read: ReadStretch): Made {
  const { name, recipe, type } = tensor;
  const bytes = bytesOf(make(recipe, type, from, to, read));
  const expected = (to - from) * elementBytes[type];
  if (bytes.length !== expected) throw new Error(`${name} has ${bytes.length} bytes, not ${expected}`);
  return { bytes, notFinite: 0, overflowed: 0 };
}

/** The bytes of pieces, made while they are read; `found` is told of every stretch. */
export function* madeHere(
  pieces: Iterable<Piece>,
  hash: Sha256,
  read: ReadStretch = noFiles,
  found: (tensor: EmittedTensor, made: Made) => void = () => {},
): Generator<Uint8Array> {
  for (const piece of pieces) {
    if (piece.kind === "bytes") yield piece.bytes;
    else if (piece.kind === "seal") yield piece.bytes(hash.digest("hex"));
    else {
      const made = makeStretch(piece.stretch, read);
      found(piece.stretch.tensor, made);
      hash.update(made.bytes);
      if (piece.isWritten) yield made.bytes;
    }
  }
}
