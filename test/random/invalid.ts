import fc from "fast-check";
import type { Code, Diagnostic } from "../../src/compiler/diagnostics.ts";
import { compileFiles } from "../compiling.ts";
import { asRight, asWrong, type Breakage } from "./breakage.ts";
import { type BrokenFile, brokenFiles } from "./broken-files.ts";
import { brokenLayers } from "./broken-layers.ts";
import { brokenNames } from "./broken-names.ts";
import { brokenText } from "./broken-text.ts";
import { brokenValues } from "./broken-values.ts";
import { type Plan, plans } from "./choice.ts";
import { type Insertion, programOf } from "./program.ts";

const statements: readonly (readonly [string, Breakage])[] = [
  brokenNames,
  brokenValues,
  brokenText,
  brokenLayers,
].flatMap((table) => Object.entries(table));
const declarations: readonly (readonly [string, BrokenFile])[] = Object.entries(brokenFiles);

/** The kinds of mistakes. */
export const kinds: readonly string[] = [...statements, ...declarations].map(([name]) => name);

/** A random program, which rule is broken in it, and at which statement. */
export interface Mistake {
  readonly plan: Plan;
  readonly kind: number;
  readonly from: number;
}

export const mistakes: fc.Arbitrary<Mistake> = fc.record({
  plan: plans,
  kind: fc.nat(kinds.length - 1),
  from: fc.nat(30),
});

/** A program with one mistake. */
export interface InvalidProgram {
  readonly kind: string;
  readonly code: Code;
  /** By their paths, `test.dnet` the main one; what is wrong stands between marks. */
  readonly files: ReadonlyMap<string, string>;
  readonly dims: Readonly<Record<string, string>>;
}

/** Where a kind is not possible in the program, the next one is taken. */
export function invalidProgramOf({ plan, kind, from }: Mistake): InvalidProgram {
  for (let at = kind; at < statements.length; at++) {
    const [name, { code, make }] = statements[at] as readonly [string, Breakage];
    const insertion: Insertion = { make, from, isPlaced: false };
    const { text, parts } = programOf(plan, insertion);
    if (insertion.isPlaced) return { kind: name, code, files: filesOf(text, parts, {}), dims: {} };
  }
  const [name, broken] = declarations[Math.max(0, kind - statements.length)] as readonly [string, BrokenFile];
  const { text, parts } = programOf(plan);
  const files = filesOf(`${broken.text}\n${text}`, parts, broken.files ?? {});
  return { kind: name, code: broken.code, files, dims: broken.dims ?? {} };
}

function filesOf(
  text: string,
  parts: string | null,
  more: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const own = parts === null ? [] : [["parts.dnet", parts] as const];
  return new Map([["test.dnet", text], ...own, ...Object.entries(more)]);
}

/** Throws where a mistake is not told once, by its code and at its place, or where the program is wrong without it. */
export function checkInvalid({ code, files, dims }: InvalidProgram): void {
  const right = new Map([...files].map(([path, text]) => [path, asRight(text)]));
  const spurious = errorsOf(right, {});
  if (spurious.length > 0) throw new Error(`wrong without the mistake: ${described(spurious)}`);
  const texts = [...files].map(([path, text]) => [path, asWrong(text)] as const);
  const marked = texts.find(([, found]) => found !== null);
  if (!marked?.[1]) throw new Error("nothing is wrong");
  const [path, { start, end }] = [marked[0], marked[1]];
  const broken = new Map(texts.map(([name, found]) => [name, found?.text ?? (files.get(name) as string)]));
  const errors = errorsOf(broken, dims);
  const [error] = errors;
  if (!error) throw new Error(`${code} is not told`);
  if (errors.length > 1 || error.code !== code) throw new Error(`not ${code} alone: ${described(errors)}`);
  if (!touches(error, path, broken.get(path) as string, start, end)) {
    throw new Error(
      `${code} is told at ${error.span.start}..${error.span.end}, not at ${start}..${end}: ${error.message}`,
    );
  }
}

function errorsOf(files: ReadonlyMap<string, string>, dims: Readonly<Record<string, string>>): readonly Diagnostic[] {
  return compileFiles(files, "test.dnet", { dims }).diagnostics.filter((one) => one.severity === "error");
}

function described(errors: readonly Diagnostic[]): string {
  return errors.map((one) => `${one.code}: ${one.message}`).join("\n");
}

/** Does the message underline what is wrong, or what stands beside it with nothing but space between? */
function touches({ span }: Diagnostic, path: string, text: string, start: number, end: number): boolean {
  if (span.source.path !== path) return false;
  const before = text.slice(0, start).trimEnd().length;
  const after = text.length - text.slice(end).trimStart().length;
  return span.start <= after && span.end >= before;
}
