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

export interface Memory {
  readonly buffer: ArrayBufferLike;
}

export const pageBytes = 65_536;

/** So many pages, which are zero; what is shared can be given to another thread. */
export function newMemory(pages: number, shared: boolean): Memory {
  return new engine.Memory(shared ? { initial: pages, maximum: pages, shared } : { initial: pages });
}

export type Instance<T> = T & { readonly memory: Memory };

/** A module of these functions, which work in the memory. Throws where the engine has no WebAssembly with vectors. */
export function instantiate<T>(memory: Memory, functions: { readonly [Name in keyof T]: Func }): Instance<T> {
  const isShared = !(memory.buffer instanceof ArrayBuffer);
  const module = new engine.Module(moduleBytes(isShared, functions));
  const { exports } = new engine.Instance<T>(module, { "": { memory } });
  return { ...exports, memory };
}

/** What is used of the standard WebAssembly interface. */
interface Engine {
  readonly Memory: new (size: { initial: number; maximum?: number; shared?: true }) => Memory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new <T>(module: object, imports: { "": { memory: Memory } }) => { readonly exports: T };
}

const engine = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;

function moduleBytes(isShared: boolean, functions: Readonly<Record<string, Func>>): Uint8Array {
  const all = Object.values(functions);
  const list = (these: readonly Type[]) => vector(these.map((type) => types[type]));
  const signatures = all.map(({ parameters, results }) => [0x60, list(parameters), list(results)]);
  const exports = Object.keys(functions).map((name, index) => [text(name), 0, index]);
  // Of any size; what is shared has to name the largest.
  const limits = isShared ? [3, 0, unsigned(65_536)] : [0, 0];
  // The sections: 1 types, 2 imports, 3 functions, 7 exports, 10 code.
  return Uint8Array.from(
    flat([
      [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      [1, sized(vector(signatures))],
      [2, sized(vector([[text(""), text("memory"), 2, limits]]))],
      [3, sized(vector(all.map((_, index) => index)))],
      [7, sized(vector(exports))],
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
