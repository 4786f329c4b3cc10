import { describe, expect, it } from "vitest";
import type { ElementType } from "../../src/emit/graph.ts";
import { type EmittedTensor, elementBytes, largestStretch, stretchesOf } from "../../src/emit/pieces.ts";
import type { Recipe } from "../../src/weights/recipe.ts";

const normal: Recipe = { kind: "normal", seed: 1n, name: "w", deviation: 1 };
const standardised = (size: number): Recipe => ({ kind: "standardised", of: normal, size, eps: 0 });

function tensor(recipe: Recipe, elements: number, type: ElementType = "float32"): EmittedTensor {
  return { name: "w", type, shape: [elements], recipe, elements, bytes: elements * elementBytes[type] };
}

/** The bytes at which stretches end. */
function ends(of: EmittedTensor): readonly number[] {
  return Array.from(stretchesOf(of), ({ to }) => to * elementBytes[of.type]);
}

describe("the stretches of a tensor", () => {
  it.each<[string, EmittedTensor]>([
    ["normal", tensor(normal, 3_000_001)],
    ["in whole filters", tensor(standardised(4608), 4608 * 1000)],
    ["in filters that are not a number of blocks", tensor(standardised(147), 147 * 30_001)],
    ["in filters larger than a stretch", tensor(standardised(2 ** 21), 2 ** 23)],
    ["in filters of which no number of blocks is short enough", tensor(standardised(4607), 4607 * 1000)],
    ["rounded", tensor(normal, 3_000_001, "float16")],
    ["of nothing", tensor(normal, 0)],
  ])("come one after another: %s", (_, of) => {
    const grain = of.recipe.kind === "standardised" ? of.recipe.size : 1;
    let at = 0;
    for (const { from, to } of stretchesOf(of)) {
      expect([from, from % grain, to > from]).toEqual([at, 0, true]);
      expect(4 * (to - from)).toBeLessThanOrEqual(Math.max(largestStretch, 4 * grain));
      at = to;
    }
    expect(at).toBe(of.elements);
  });

  it("end where blocks of a disk do, all but the last", () => {
    for (const size of [1, 147, 576, 1024, 4608]) {
      for (const type of ["float32", "float16"] as const) {
        const inner = ends(tensor(standardised(size), size * 20_011, type)).slice(0, -1);
        expect(inner.filter((end) => end % 4096 !== 0)).toEqual([]);
      }
    }
    expect(ends(tensor(normal, 2 ** 21))).toEqual([largestStretch, 2 * largestStretch]);
  });

  it("are one of what is in memory", () => {
    const values = new Float32Array(2 ** 21);
    expect([...stretchesOf(tensor({ kind: "given", values }, values.length))]).toHaveLength(1);
  });
});
