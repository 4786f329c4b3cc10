import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type Compilation, type CompileOptions, compile } from "../src/compiler/compile.ts";
import { defaultLimits, type Limits } from "../src/compiler/limits.ts";

export type Given = Partial<Pick<CompileOptions, "network" | "limits" | "lint">> & {
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
  return compileFiles(new Map([["test.dnet", text]]), "test.dnet", given);
}

/** Compiles one of several files of one folder. */
export function compileFiles(files: ReadonlyMap<string, string>, path: string, given: Given = {}): Compilation {
  const load = (imported: string) => files.get(imported) ?? null;
  return compile({ path, text: files.get(path) ?? "" }, options(load, given));
}

/** What is given in a text such as `--network Net --set k=3 --dim H=4 --limit ops=5 --lint`; a value may stand between `'`. */
export function optionsIn(text: string): Given {
  const given = [...text.matchAll(/--(network|set|dim|limit) (?:'([^']*)'|(\S+))/g)].map(
    ([, option, quoted, plain]) => {
      const value = quoted ?? plain ?? "";
      const [name = "", ...rest] = value.split("=");
      return { option, name, value: rest.join("=") };
    },
  );
  const named = (option: string) =>
    Object.fromEntries(given.filter((one) => one.option === option).map((one) => [one.name, one.value]));
  const limits: Limits = {
    ...defaultLimits,
    ...Object.fromEntries(Object.entries(named("limit")).map(([name, value]) => [name, Number(value)])),
  };
  const network = given.find((one) => one.option === "network")?.name ?? null;
  return { network, set: named("set"), dims: named("dim"), limits, lint: text.includes(" --lint") };
}

function options(load: CompileOptions["load"], given: Given): CompileOptions {
  return {
    load,
    network: given.network ?? null,
    set: new Map(Object.entries(given.set ?? {})),
    dims: new Map(Object.entries(given.dims ?? {})),
    limits: given.limits ?? defaultLimits,
    lint: given.lint ?? false,
  };
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
