import type { Choice } from "./choice.ts";
import { isEqual, keyOf, type Side } from "./side.ts";

/** What reaches a statement: an image [c, h, w], or a row of c features where h is null. */
export interface Shape {
  readonly c: number;
  readonly h: Side | null;
  readonly w: Side;
}

export type Image = Shape & { readonly h: Side };

export const isImage = (shape: Shape): shape is Image => shape.h !== null;

export const isSameSize = (a: Shape, b: Shape) =>
  a.h === null || b.h === null ? a.h === b.h : isEqual(a.h, b.h) && isEqual(a.w, b.w);

export const isSame = (a: Shape, b: Shape) => a.c === b.c && isSameSize(a, b);

/** A statement, or some, and what they make. */
export interface Made {
  readonly text: string;
  readonly shape: Shape;
}

/** Makes a statement of a kind, or null where it is not possible in this place. */
export type Maker = (at: Place) => Made | null;

export interface NamedTensor {
  readonly name: string;
  readonly shape: Shape;
}

/** A value that has a name, or a call that makes it. */
export interface NamedValue {
  readonly text: string;
  readonly value: number;
}

/** What is in force where a statement stands. */
export interface Scope {
  readonly kind: "network" | "block" | "training";
  /** Tensors with names: of the whole network or block, whatever braces they are given in. */
  readonly tensors: NamedTensor[];
  readonly values: readonly NamedValue[];
  /** `.{i}` for each loop around; null in a loop that does not count, where no label is unique. */
  readonly counters: string | null;
  readonly mayPublish: boolean;
  /** Height and width have to stay as they are. */
  readonly keeps: boolean;
}

/** What is collected over a whole program. */
export interface Program {
  /** Declarations of blocks, functions and values. */
  readonly declarations: { readonly name: string; readonly text: string }[];
  /** Values and functions that are declared. */
  readonly values: NamedValue[];
  /** Parameters of the network: any whole number from 1 will do. */
  readonly parameters: { readonly name: string; readonly text: string; readonly other: number }[];
  outputs: number;
  products: number;
  statements: number;
  names: number;
}

/** The number of a new name. */
export function fresh(program: Program): number {
  program.names++;
  return program.names;
}

/** Makes the statements of a list of choices. */
export type Walk = (start: Shape, list: readonly Choice[], scope: Scope, program: Program) => Made;

/** Where a statement is made. */
export class Place {
  readonly shape: Shape;
  readonly choice: Choice;
  readonly scope: Scope;
  readonly program: Program;
  readonly #walk: Walk;
  #taken = 0;

  constructor(shape: Shape, choice: Choice, scope: Scope, program: Program, walk: Walk) {
    this.shape = shape;
    this.choice = choice;
    this.scope = scope;
    this.program = program;
    this.#walk = walk;
  }

  /** A number from 0 up to, and without, `below`. */
  pick(below: number): number {
    const number = this.choice.numbers[this.#taken++] ?? 0;
    return number % below;
  }

  /** One of these; the first is the plainest. */
  one<const T>(these: readonly T[]): T {
    return these[this.pick(these.length)] as T;
  }

  /** True once in `often` times. */
  once(often: number): boolean {
    return this.pick(often) === often - 1;
  }

  /** A divisor of `of`, 1 the plainest. */
  divisor(of: number): number {
    const divisors = Array.from({ length: of }, (_, i) => i + 1).filter((one) => of % one === 0);
    return divisors[this.pick(divisors.length)] as number;
  }

  /** Statements for the inner choices. */
  inside(shape: Shape, change: Partial<Scope> = {}): Made {
    const keeps = this.scope.keeps || (change.keeps ?? false);
    return this.#walk(shape, this.choice.inner, { ...this.scope, ...change, keeps }, this.program);
  }

  /** A label of its own, with what is behind it; nothing where none would be unique. */
  label(word: string): string {
    if (this.scope.counters === null) return "";
    const name = `${word}${fresh(this.program)}`;
    if (this.scope.counters === "") return this.one([`${name}: `, `"${name}": `, `"${name}.part_1": `]);
    return `"${name}${this.scope.counters}": `;
  }
}

/** Height, width and channels as the language would write them. */
export function describe({ c, h, w }: Shape): readonly (readonly ["channels" | "height" | "width", string])[] {
  if (h === null) return [["channels", `${c}`]];
  return [
    ["channels", `${c}`],
    ["height", keyOf(h)],
    ["width", keyOf(w)],
  ];
}
