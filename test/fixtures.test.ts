import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import picocolors from "picocolors";
import { describe, expect, it } from "vitest";
import { renderHuman } from "../src/cli/render.ts";
import type { Limits } from "../src/compiler/limits.ts";
import { defaultLimits } from "../src/compiler/limits.ts";
import { catalogue } from "../src/compiler/messages/catalogue.ts";
import { compileFile } from "./compiling.ts";

const folder = join(import.meta.dirname, "fixtures", "err");
const cases = readdirSync(folder).filter((name) => name.endsWith(".dnet"));
const seen = new Set<string>();

/** Each wrong program beside exactly what the user reads. `vitest -u` rewrites; the difference is reviewed. */
describe("wrong programs", () => {
  for (const name of cases) {
    it(name, async () => {
      const path = join(folder, name);
      const { diagnostics } = compileFile(path, `err/${name}`, optionsIn(readFileSync(path, "utf8")));
      for (const { code } of diagnostics) seen.add(code);
      const colors = picocolors.createColors(false);
      const shown = diagnostics
        .map((one) => renderHuman(one, { colors, width: 100, labelWidth: Number.POSITIVE_INFINITY, unicode: true }))
        .join("\n");
      await expect(shown).toMatchFileSnapshot(path.replace(/\.dnet$/, ".out"));
      expect(diagnostics).not.toEqual([]);
    });
  }

  it("show every message", () => {
    expect(Object.keys(catalogue).filter((code) => !seen.has(code))).toEqual([]);
  });
});

/** A first line such as `# --network Net --set k=3 --dim H=4 --limit ops=5` gives the options of the command line. */
function optionsIn(text: string) {
  const [first = ""] = text.split("\n");
  const given = [...first.matchAll(/--(network|set|dim|limit) (\S+)/g)].map(([, option, value = ""]) => {
    const [name = "", ...rest] = value.split("=");
    return { option, name, value: rest.join("=") };
  });
  const named = (option: string) =>
    Object.fromEntries(given.filter((one) => one.option === option).map((one) => [one.name, one.value]));
  const limits: Limits = {
    ...defaultLimits,
    ...Object.fromEntries(Object.entries(named("limit")).map(([name, value]) => [name, Number(value)])),
  };
  const network = given.find((one) => one.option === "network")?.name ?? null;
  return { network, set: named("set"), dims: named("dim"), limits };
}
