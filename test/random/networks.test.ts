import fc from "fast-check";
import { expect, it } from "vitest";
import { choices, programOf } from "./program.ts";
import { verifyProgram } from "./verified.ts";

const side = fc.integer({ min: 1, max: 13 });
const input = fc.tuple(fc.integer({ min: 1, max: 6 }), side, side);
const options = fc.record({ opset: fc.integer({ min: 13, max: 21 }), fold: fc.boolean() });

/** Another seed: DNETC_SEED=5; more programs: DNETC_COUNT=20000. A failure prints its seed and a program that was shrunk. */
const seed = Number(process.env.DNETC_SEED ?? 1);
const numRuns = Number(process.env.DNETC_COUNT ?? 200);

it(
  `${numRuns} random networks run as written, seed ${seed}`,
  async () => {
    const property = fc.asyncProperty(input, choices, options, async (size, list, emitted) => {
      const text = programOf(size, list);
      await verifyProgram(text, emitted).catch((error: Error) => {
        throw new Error(`${error.message}\n${JSON.stringify(emitted)}\n${text}`);
      });
    });
    const details = await fc.check(property, { numRuns, seed });
    const found = `seed ${details.seed}, after ${details.numRuns} networks: ${(details.errorInstance as Error)?.message}`;
    expect(details.failed ? found : "").toBe("");
  },
  100 * numRuns + 60_000,
);
