import fc from "fast-check";
import { layerMakers } from "./layers.ts";
import { statementMakers } from "./statements.ts";

/** The choices behind one statement; what they mean depends on what is possible where it stands. */
export interface Choice {
  readonly kind: number;
  readonly numbers: readonly number[];
  readonly inner: readonly Choice[];
}

/** What reaches a statement: an image [c, h, w], or a row of c features where h is null. */
export interface Shape {
  readonly c: number;
  readonly h: number | null;
  readonly w: number;
}

/** A statement and what it makes. */
export interface Made {
  readonly text: string;
  readonly shape: Shape;
}

/** Makes a statement of a kind, or null where it is not possible for this shape. */
export type Maker = (at: Place) => Made | null;

/** Where a statement is made. */
export interface Place {
  readonly shape: Shape;
  readonly choice: Choice;
  readonly program: Program;
  /** A number from 0 up to, and without, `below`, by choice `index`. */
  pick(index: number, below: number): number;
  /** Statements for the inner choices; null for no text where they make nothing. `keeps`: height and width stay. */
  inside(shape: Shape, keeps: boolean): Made;
}

/** What is collected over a whole program. */
export interface Program {
  /** Declarations before the network. */
  readonly blocks: string[];
  /** Named tensors that may be joined, with their shapes. */
  readonly names: { readonly name: string; readonly shape: Shape }[];
  outputs: number;
  count: number;
}

/** Choices that shrink to fewer and plainer statements. */
export const choices: fc.Arbitrary<readonly Choice[]> = fc.letrec<{ list: readonly Choice[]; one: Choice }>((tie) => ({
  one: fc.record({
    kind: fc.nat(9_999),
    numbers: fc.array(fc.nat(999), { minLength: 8, maxLength: 8 }),
    inner: fc.oneof({ maxDepth: 3, withCrossShrink: true }, fc.constant([]), tie("list")),
  }),
  list: fc.array(tie("one"), { maxLength: 12, size: "+1" }),
})).list;

const makers: readonly Maker[] = [...layerMakers, ...layerMakers, ...statementMakers];

/** A valid program over the whole language. */
export function programOf(input: readonly number[], list: readonly Choice[]): string {
  const [c = 3, h = 8, w = 8] = input;
  const program: Program = { blocks: [], names: [], outputs: 0, count: 0 };
  const body = statements({ c, h, w }, list, false, program);
  const closing = body.text === "" ? "relu" : "tanh";
  const lines = [`network Random {`, `input image[${c}, ${h}, ${w}]`, body.text, closing, "}"];
  return [...program.blocks, ...lines].join("\n");
}

function statements(start: Shape, list: readonly Choice[], keeps: boolean, program: Program): Made {
  let shape = start;
  const texts: string[] = [];
  for (const choice of list) {
    if (++program.count > 60) break;
    const at: Place = {
      shape,
      choice,
      program,
      pick: (index, below) => (choice.numbers[index] ?? 0) % below,
      inside: (from, stays) => statements(from, choice.inner, stays || keeps, program),
    };
    const made = makers[choice.kind % makers.length]?.(at);
    if (!made || tooLarge(made.shape) || (keeps && (made.shape.h !== start.h || made.shape.w !== start.w))) continue;
    texts.push(made.text);
    shape = made.shape;
  }
  return { text: texts.join("\n"), shape };
}

function tooLarge({ c, h, w }: Shape): boolean {
  return c > 48 || c * (h ?? 1) * w > 4096;
}
