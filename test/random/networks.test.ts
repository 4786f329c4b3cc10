import { expect, it } from "vitest";
import { layers } from "../../src/compiler/layers/registry.ts";
import { uncovered } from "./coverage.ts";
import { kinds } from "./invalid.ts";
import { layerMakers } from "./layers.ts";
import { runInvalid, runValid } from "./session.ts";

/** The same ones at every run; `npm run fuzz` makes others. */
const [count, seed] = [200, 1];

it("makes every layer", () => {
  expect(Object.keys(layerMakers).sort()).toEqual([...layers.keys()].sort());
});

it(`${count} random networks run as written`, { timeout: 120_000 }, async () => {
  const { failure, summary } = await runValid({ count, seed });
  expect(failure).toBeNull();
  expect(uncovered(summary.coverage)).toEqual([]);
});

it(`${count} random programs with one mistake are told of it, once and in its place`, async () => {
  const { failure, summary } = await runInvalid({ count, seed });
  expect(failure).toBeNull();
  expect(summary.kinds.size).toBeGreaterThan(kinds.length / 2);
});
