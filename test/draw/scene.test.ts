import { readdirSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileFile, compileText } from "../compiling.ts";
import { choices, programOf } from "../random/program.ts";
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

const side = fc.integer({ min: 1, max: 13 });
const input = fc.tuple(fc.integer({ min: 1, max: 6 }), side, side);
const numRuns = Number(process.env.DNETC_COUNT ?? 150);
const seed = Number(process.env.DNETC_SEED ?? 1);

test(`so has one of ${numRuns} random networks`, () => {
  const property = fc.property(input, choices, fc.constantFrom("auto" as const, 1, 2, 9), (size, list, depth) => {
    const { architectures } = compileText(programOf(size, list));
    for (const architecture of architectures) expect(faultsOf(draw(architecture, depth), architecture)).toEqual([]);
  });
  fc.assert(property, { numRuns, seed });
});
