import { readdirSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileFile } from "../compiling.ts";
import { networksOf } from "../random/checked.ts";
import { plans } from "../random/choice.ts";
import { programOf } from "../random/program.ts";
import { draw, faultsOf } from "./drawing.ts";

const folder = path.join(import.meta.dirname, "..", "..", "examples");

describe("a drawing has each layer once, and nothing that overlaps, of", () => {
  for (const file of readdirSync(folder)) {
    test(file, () => {
      const first = (names: readonly string[]) => names[0] ?? null;
      const [architecture] = compileFile(path.join(folder, file), file, { network: first }).architectures;
      for (const depth of ["auto", 1, 3] as const) {
        if (architecture) expect(faultsOf(draw(architecture, depth), architecture)).toEqual([]);
      }
      expect(architecture).toBeDefined();
    });
  }
});

const numRuns = Number(process.env.DNETC_COUNT ?? 150);
const seed = Number(process.env.DNETC_SEED ?? 1);

test(`so has one of ${numRuns} random networks`, () => {
  const property = fc.property(plans, fc.constantFrom("auto" as const, 1, 2, 9), (plan, depth) => {
    for (const architecture of networksOf(programOf(plan)))
      expect(faultsOf(draw(architecture, depth), architecture)).toEqual([]);
  });
  fc.assert(property, { numRuns, seed });
});
