import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import picocolors from "picocolors";
import { describe, expect, it } from "vitest";
import { renderHuman } from "../src/cli/render.ts";
import { catalogue } from "../src/compiler/messages/catalogue.ts";
import { compileFile, optionsIn } from "./compiling.ts";

const seen = new Set<string>();

/**
 * Each program beside exactly what the user reads. `vitest -u` rewrites; the difference is reviewed.
 * A first line such as `# --set k=3` gives the options of the command line.
 */
describe.each([
  ["err", "wrong programs"],
  ["warn", "programs that compile, with something to say"],
])("%s: %s", (kind) => {
  const folder = join(import.meta.dirname, "fixtures", kind);
  const cases = readdirSync(folder).filter((name) => name.endsWith(".dnet"));
  it.each(cases)("%s", async (name) => {
    const path = join(folder, name);
    const [first = ""] = readFileSync(path, "utf8").split("\n");
    const { diagnostics } = compileFile(path, `${kind}/${name}`, optionsIn(first));
    for (const { code } of diagnostics) seen.add(code);
    const colors = picocolors.createColors(false);
    const shown = diagnostics
      .map((one) => renderHuman(one, { colors, width: 100, labelWidth: Number.POSITIVE_INFINITY, unicode: true }))
      .join("\n");
    await expect(shown).toMatchFileSnapshot(path.replace(/\.dnet$/, ".out"));
    expect(diagnostics).not.toEqual([]);
    if (kind === "warn") expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  });
});

it("every message is shown", () => {
  expect(Object.keys(catalogue).filter((code) => !seen.has(code))).toEqual([]);
});
