import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compileText } from "../compiling.ts";
import { deep } from "../deep.ts";

const root = join(import.meta.dirname, "..", "..");

export function programsIn(folder: string): readonly (readonly [name: string, text: string])[] {
  const path = join(root, folder);
  const names = readdirSync(path).filter((name) => name.endsWith(".dnet"));
  return names.map((name) => [name, readFileSync(join(path, name), "utf8")] as const);
}

/** Every prefix and every deletion of one character; `keep` says which of them are tried. */
export function tryEdits(text: string, keep: (edit: number) => boolean): void {
  for (let i = 0; i < text.length; i++) {
    if (keep(2 * i)) tryText(text.slice(0, i));
    if (keep(2 * i + 1)) tryText(text.slice(0, i) + text.slice(i + 1));
  }
}

/** Whatever the text, there are networks or there are errors; a throw fails the test with the text. */
function tryText(text: string): void {
  try {
    const { architectures, diagnostics } = compileText(text, { network: deep ? null : firstOf });
    const hasErrors = diagnostics.some((one) => one.severity === "error");
    // Plain conditions, as there are very many: `expect` takes longer than some of the texts.
    if (hasErrors && architectures.length > 0) throw new Error("there are networks, and errors");
    if (diagnostics.some(({ span }) => span.start > span.end)) throw new Error("a span ends before it begins");
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.stack : error}\n--- in\n${text}`);
  }
}

/** The networks of a file are much alike; the ordinary run unrolls one of them. */
function firstOf(names: readonly string[]): string | null {
  return names[0] ?? null;
}

/** About one edit in `step`, the same ones at every run. */
export function sampled(step: number): (edit: number) => boolean {
  return deep ? () => true : (edit) => Math.imul(edit + 1, 0x9e3779b1) >>> 0 < 2 ** 32 / step;
}
