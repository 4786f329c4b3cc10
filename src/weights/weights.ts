import type { Tensor } from "../compiler/ir.ts";
import type { ReadStretch } from "./make.ts";
import type { Recipe } from "./recipe.ts";

/** The values of a tensor in row-major order: float32 or, for counters and tables of integers, int64. */
export type TensorData = Float32Array | BigInt64Array;

/**
 * Where the values of a network's tensors come from. They are made or read when asked for, so a network never has to
 * be in memory twice, nor at all before it is known to fit.
 */
export interface Weights {
  /** As many values as the shape of the tensor says, of its dtype. */
  data(tensor: Tensor): TensorData;
  /** How they come about, where any stretch of them can be made by itself, and by another thread. */
  recipe?(tensor: Tensor): Recipe;
  /** Reads from the files that recipes name; without it they name none. */
  readonly read?: ReadStretch;
  /** Whether the weights that a convolution standardises are given as it makes them. */
  readonly areStandardised?: boolean;
}

export function recipeOf(weights: Weights, tensor: Tensor): Recipe {
  return weights.recipe?.(tensor) ?? { kind: "asked", data: () => dataOf(weights, tensor) };
}

function dataOf(weights: Weights, tensor: Tensor): TensorData {
  const values = weights.data(tensor);
  const expected = elementsOf(tensor.shape);
  if (values.length !== expected) throw new Error(`${tensor.name} has ${values.length} values, not ${expected}`);
  return values;
}

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The bytes of the values as files hold them, little-endian; the same memory where the machine is so too. */
export function bytesOf(data: TensorData | Uint16Array): Uint8Array {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return hostIsLittleEndian ? bytes : swapped(bytes, data.BYTES_PER_ELEMENT);
}

const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** A copy with the bytes of every value in reverse. */
export function swapped(bytes: Uint8Array, valueBytes: number): Uint8Array {
  return bytes.map((_, i) => bytes[i - (i % valueBytes) + valueBytes - 1 - (i % valueBytes)] as number);
}
