import { rowLengthOf } from "./transposed.ts";
import type { TensorData } from "./weights.ts";

/**
 * How the values of a tensor come about. A recipe is plain data, so that another thread can follow it, and any stretch
 * of the values can be made by itself; only what is `asked` for is in the memory of this thread alone.
 */
export type Recipe =
  /** One value everywhere. */
  | { readonly kind: "same"; readonly value: number }
  /** As `fillNormal` draws them. */
  | { readonly kind: "normal"; readonly seed: bigint; readonly name: string; readonly deviation: number }
  /** Value i is i mod `modulus`. */
  | { readonly kind: "remainders"; readonly modulus: number }
  /** In rows of `columns` values: in row i a one at i mod `columns`, and zeros. */
  | { readonly kind: "ones-in-turn"; readonly columns: number }
  | Stored
  | Transposed
  | { readonly kind: "given"; readonly values: TensorData }
  | { readonly kind: "asked"; readonly data: () => TensorData }
  /** Filters of `size` values each with mean 0 and variance 1. */
  | { readonly kind: "standardised"; readonly of: Recipe; readonly size: number; readonly eps: number }
  /** A weight, each value times the factor of the output channel that it belongs to. */
  | { readonly kind: "scaled"; readonly of: Recipe; readonly by: Normalisation; readonly runs: Runs }
  /** A bias times the factor of its channel, plus the shift of that. */
  | { readonly kind: "shifted"; readonly of: Recipe; readonly by: Normalisation };

/** Bytes from `offset` of a file, little-endian. */
export interface Stored {
  readonly kind: "stored";
  readonly file: string;
  readonly offset: number;
  readonly dtype: StoredType;
  /** Whether the values will be rounded to fewer bits than float32 has. */
  readonly isRoundedAgain?: boolean;
}

/** What is stored in `shape`, with its axes in another order: the first is that which is `axes[0]` there. */
export interface Transposed {
  readonly kind: "transposed";
  readonly of: Stored;
  readonly shape: readonly number[];
  readonly axes: readonly number[];
}

/** The element types of safetensors that are read; all but I64 as float32. */
export type StoredType = "F64" | "F32" | "F16" | "BF16" | "I64";

/** A batch normalisation of `channels` channels, as x·factor + shift. */
export interface Normalisation {
  readonly channels: number;
  readonly weight: Recipe;
  readonly bias: Recipe;
  readonly mean: Recipe;
  readonly variance: Recipe;
  readonly eps: number;
}

/**
 * A weight as stretches of `length` values that belong to one output channel each: one after another, or for
 * transposed convolutions in rows of `outputs` of them, `inputs` rows to a group.
 */
export interface Runs {
  readonly length: number;
  readonly rows: null | { readonly outputs: number; readonly inputs: number };
}

/** As the values are to be made for a type of fewer bits; what is reckoned from others is float32 before. */
export function forRounding(recipe: Recipe): Recipe {
  if (recipe.kind === "stored") return { ...recipe, isRoundedAgain: true };
  return recipe.kind === "transposed" ? { ...recipe, of: { ...recipe.of, isRoundedAgain: true } } : recipe;
}

/** Whether the values lie in the memory of this thread, or are made from such; they are not made in stretches. */
export function isInMemory(recipe: Recipe): boolean {
  switch (recipe.kind) {
    case "given":
    case "asked":
      return true;
    case "same":
    case "normal":
    case "remainders":
    case "ones-in-turn":
    case "stored":
    case "transposed":
      return false;
    case "standardised":
      return isInMemory(recipe.of);
    case "scaled":
    case "shifted":
      return [recipe.of, recipe.by.weight, recipe.by.bias, recipe.by.mean, recipe.by.variance].some(isInMemory);
  }
}

/** Stretches that begin at multiples of this many values are made without anything in vain. */
export function grainOf(recipe: Recipe): number {
  switch (recipe.kind) {
    case "transposed":
      return rowLengthOf(recipe);
    case "standardised":
      return recipe.size;
    case "scaled":
    case "shifted":
      return grainOf(recipe.of);
    default:
      return 1;
  }
}
