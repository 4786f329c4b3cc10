import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type Compilation, type CompileOptions, compile } from "../src/compiler/compile.ts";
import { defaultLimits } from "../src/compiler/limits.ts";

type Given = Partial<Pick<CompileOptions, "network" | "limits">> & {
  readonly set?: Readonly<Record<string, string>>;
  readonly dims?: Readonly<Record<string, string>>;
};

const root = join(import.meta.dirname, "..");

/** Compiles a file as the command line would; `shownAs` is its path in messages. */
export function compileFile(path: string, shownAs = relative(root, path), given: Given = {}): Compilation {
  const folder = dirname(path);
  const load = (imported: string) => readOrNull(join(folder, relative(dirname(shownAs), imported)));
  return compile({ path: shownAs, text: readFileSync(path, "utf8") }, options(load, given));
}

/** Compiles a text that imports nothing but the library. */
export function compileText(text: string, given: Given = {}): Compilation {
  return compile(
    { path: "test.dnet", text },
    options(() => null, given),
  );
}

function options(load: CompileOptions["load"], given: Given): CompileOptions {
  return {
    load,
    network: given.network ?? null,
    set: new Map(Object.entries(given.set ?? {})),
    dims: new Map(Object.entries(given.dims ?? {})),
    limits: given.limits ?? defaultLimits,
  };
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
