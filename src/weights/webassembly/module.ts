import { type Code, types, unsigned, type Variable } from "./instructions.ts";

type Type = keyof typeof types;
type Types = Readonly<Record<string, Type>>;
type Variables<T extends Types> = { readonly [Name in keyof T]: Variable };

/** A function of a module. */
export interface Func {
  readonly parameters: readonly Type[];
  readonly results: readonly Type[];
  readonly body: Code;
}

/** A function that takes its parameters in the order in which they are listed; locals begin as 0. */
export function func<P extends Types, L extends Types>(
  parameters: P,
  results: readonly Type[],
  locals: L,
  body: (variables: Variables<P & L>) => Code,
): Func {
  const names = [...Object.keys(parameters), ...Object.keys(locals)];
  const variables = Object.fromEntries(names.map((name, index) => [name, variable(index)])) as Variables<P & L>;
  const declared = Object.values(locals).map((type) => [1, types[type]]);
  return { parameters: Object.values(parameters), results, body: sized([vector(declared), body(variables), 0x0b]) };
}

function variable(index: number): Variable {
  return { get: [0x20, index], set: (value) => [value, 0x21, index] };
}

export type Instance<T> = T & { readonly memory: ArrayBuffer };

/**
 * A module of these functions and of a memory of so many pages of 64 KiB, which are zero. Throws where the engine has no
 * WebAssembly with vectors.
 */
export function instantiate<T>(pages: number, functions: { readonly [Name in keyof T]: Func }): Instance<T> {
  const engine = (globalThis as unknown as { readonly WebAssembly: Engine<T> }).WebAssembly;
  const { exports } = new engine.Instance(new engine.Module(moduleBytes(pages, functions)));
  return { ...exports, memory: exports.memory.buffer };
}

/** What is used of the standard WebAssembly interface. */
interface Engine<T> {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
  ) => {
    readonly exports: T & { readonly memory: { readonly buffer: ArrayBuffer } };
  };
}

function moduleBytes(pages: number, functions: Readonly<Record<string, Func>>): Uint8Array {
  const all = Object.values(functions);
  const list = (these: readonly Type[]) => vector(these.map((type) => types[type]));
  const signatures = all.map(({ parameters, results }) => [0x60, list(parameters), list(results)]);
  const exports = Object.keys(functions).map((name, index) => [text(name), 0, index]);
  // The sections: 1 types, 3 functions, 5 memory, 7 exports, 10 code.
  return Uint8Array.from(
    flat([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      [1, sized(vector(signatures))],
      [3, sized(vector(all.map((_, index) => index)))],
      [5, sized(vector([[0, pages]]))],
      [7, sized(vector([[text("memory"), 2, 0], ...exports]))],
      [10, sized(vector(all.map(({ body }) => body)))],
    ]),
  );
}

function vector(items: Code): Code {
  return [unsigned(items.length), items];
}

function text(letters: string): Code {
  return vector(Array.from(letters, (letter) => letter.charCodeAt(0)));
}

function sized(content: Code): Code {
  const bytes = flat(content);
  return [unsigned(bytes.length), bytes];
}

/** As the engine does it: a module is put together once, and a loop of ours would be interpreted all the while. */
function flat(code: Code): readonly number[] {
  return (code as readonly number[]).flat(Number.POSITIVE_INFINITY as 0);
}
