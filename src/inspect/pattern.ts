import type { TensorRole } from "../compiler/ir.ts";
import type { Attribute } from "./node.ts";

/** What the nodes behind a layer must be, from the tensor that it makes down to what it reads. */
export type Pattern =
  /** What the layer reads, by its place. */
  | { readonly kind: "input"; readonly index: number }
  /** A tensor of the layer under its public name. */
  | { readonly kind: "stored"; readonly role: TensorRole }
  | Constant
  | NodePattern;

export interface Constant {
  readonly kind: "constant";
  /** Numbers of the type that flows between the layers, or of one type always. */
  readonly dtype: "flowing" | "float32" | "int64";
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export interface NodePattern {
  readonly kind: "node";
  readonly type: string;
  /** Null for one that is left out. */
  readonly inputs: readonly (Pattern | null)[];
  /** Those that are not named have their defaults. */
  readonly attributes: Attributes;
}

export type Attributes = Readonly<Record<string, Attribute>>;

export const x = input(0);

export function input(index: number): Pattern {
  return { kind: "input", index };
}

export function stored(role: TensorRole): Pattern {
  return { kind: "stored", role };
}

export function node(type: string, inputs: readonly (Pattern | null)[], attributes: Attributes = {}): NodePattern {
  return { kind: "node", type, inputs, attributes };
}

/** A number of no dimension. */
export function scalar(value: number): Constant {
  return floats([value], []);
}

export function integers(values: readonly number[]): Constant {
  return { kind: "constant", dtype: "int64", shape: [values.length], values };
}

export function floats(values: readonly number[], shape: readonly number[] = [values.length]): Constant {
  return { kind: "constant", dtype: "flowing", shape, values };
}

/** As the factors of a Resize, which are float32 in a model of any type. */
export function singles(values: readonly number[]): Constant {
  return { kind: "constant", dtype: "float32", shape: [values.length], values };
}

/** `count` times the same. */
export function filled(count: number, value: number): Constant {
  return floats(Array.from({ length: count }, () => value));
}
