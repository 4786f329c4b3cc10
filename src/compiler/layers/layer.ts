import type { Related, Report } from "../diagnostics.ts";
import type { OpKind, OpSettings, Shape, Tensor } from "../ir.ts";
import type { Span } from "../source.ts";
import type { Assumptions, Quantity } from "../symbolic.ts";
import type { Argument } from "./arguments.ts";

export type ArgumentTable = Readonly<Record<string, Argument<unknown>>>;

/** The values that the arguments of a table take. */
export type ArgumentValues<A extends ArgumentTable> = {
  readonly [Name in keyof A]: A[Name] extends Argument<infer T> ? T : never;
};

/** What a layer makes of its input. */
export interface Applied<K extends OpKind> {
  readonly settings: OpSettings[K];
  readonly shape: Shape;
}

/**
 * Everything there is to know of a layer. Checking, help, counting and the manual read this record.
 * To add a layer: its settings in ir.ts, a record in the file of its family, its lowering in src/emit.
 */
export interface Layer<K extends OpKind, A extends ArgumentTable> {
  readonly kind: K;
  readonly doc: string;
  readonly arguments: A;
  /**
   * The settings and the shape that come out; null after a reported error that leaves no shape to go on with.
   * An error that leaves a likely shape is reported and the shape returned, so that what follows is still checked.
   */
  apply(args: ArgumentValues<A>, input: Input): Applied<K> | null;
  /** The stored tensors, in PyTorch's order. */
  tensors(settings: OpSettings[K]): readonly TensorSpec[];
  /** Multiply-accumulates of one sample: convolutions and linear layers only, without bias. */
  macs(settings: OpSettings[K], input: Shape, output: Shape): Quantity;
}

/** A layer of any kind; what is generic in `Layer` is a method there so that each record is one of these. */
export type AnyLayer = Layer<OpKind, ArgumentTable>;

export type TensorSpec = Omit<Tensor, "name">;

/** What reaches a layer, and how the layer speaks of it. */
export interface Input {
  readonly shape: Shape;
  readonly assumptions: Assumptions;
  /** Zeros that a `pad` has just put around the image: top, left, bottom, right. */
  readonly zeros: readonly [number, number, number, number];
  /** The eps of an enclosing `standardize`; null where there is none. */
  readonly standardize: number | null;
  readonly report: Report;
  /** The construct that the layer is a part of, which takes no arguments of the layer's own; null where it is none. */
  readonly construct: string | null;
  /** The argument as written, or the name of the layer where it was left out. */
  at(argument: string): Span;
  /** Places for a message: where the input was made, with its shape. */
  related(): readonly Related[];
}

export const noTensors = (): readonly TensorSpec[] => [];
export const noMacs = (): Quantity => 0;

export function parameter(role: "weight" | "bias", shape: readonly number[]): TensorSpec {
  return { role, shape, dtype: "float32", kind: "parameter" };
}

export function buffer(role: "running_mean" | "running_var", shape: readonly number[]): TensorSpec {
  return { role, shape, dtype: "float32", kind: "buffer" };
}

/** Keeps the exact types of a record while checking it against `Layer`. */
export function defineLayer<K extends OpKind, A extends ArgumentTable>(layer: Layer<K, A>): Layer<K, A> {
  return layer;
}

/** Spatial shape of the input; null, reported, where the input is a plain vector. */
export function spatial(input: Input, kind: string): Exclude<Shape, readonly [unknown]> | null {
  if (input.shape.length === 3) return input.shape;
  input.report("needs-spatial", input.at(""), { kind, shape: input.shape }, { related: input.related() });
  return null;
}
