import type { Activation, Dim } from "../compiler/ir.ts";
import type { Recipe } from "../weights/recipe.ts";

/** An ONNX graph before it has names and bytes: values are held by identity, and only wish for a name. */
export interface Graph {
  readonly input: Flowing;
  readonly outputs: readonly { readonly name: string; readonly value: Flowing }[];
  /** In execution order; every node is needed by an output. */
  readonly nodes: readonly Node[];
}

export interface Node {
  /** The operator, of the default domain. */
  readonly type: string;
  /** The name of the op, or a suffix of it where the op needs several nodes and this is not the last. */
  readonly wish: string;
  /** Whether it makes the output of an op, whose name it then has without fail. */
  readonly main: boolean;
  /** Null: an optional input left out. */
  readonly inputs: readonly (Value | null)[];
  readonly output: Flowing;
  readonly attributes: Attributes;
}

export type Value = Flowing | Constant;

/** What a node computes, or the input of the network. */
export interface Flowing {
  readonly kind: "flowing";
  readonly wish: string;
  readonly type: ElementType;
  /** Without the batch, where `batched`. */
  readonly shape: readonly Dim[];
  readonly batched: boolean;
}

/** An initializer. */
export interface Constant {
  readonly kind: "constant";
  readonly wish: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Whether it is a tensor of the network, whose name is public. */
  readonly stored: boolean;
  readonly recipe: Recipe;
}

export type ElementType = "float32" | "float16" | "bfloat16" | "int64";

/** A number is an integer attribute; floating-point ones are marked. */
export type Attributes = Readonly<Record<string, number | readonly number[] | string | FloatAttribute>>;

export class FloatAttribute {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** The tensor between two layers, by the name of the layer that makes it. */
export function flowing(wish: string, activation: Pick<Activation, "shape">): Flowing {
  return { kind: "flowing", wish, type: "float32", shape: activation.shape, batched: true };
}
