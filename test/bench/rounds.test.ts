import { describe, expect, test } from "vitest";
import { inputShapes, openNames, refuseUnknownSizes } from "../../src/cli/bench/input-shapes.ts";
import { isOver, orderOf, shareDone } from "../../src/cli/bench/rounds.ts";

describe("the order in a round", () => {
  const orders = Array.from({ length: 600 }, (_, round) => orderOf(3, round, 5n).join(""));

  test("is each of those that there are, about equally often", () => {
    const counts = new Map([...new Set(orders)].map((order) => [order, orders.filter((one) => one === order).length]));
    expect([...counts.keys()].sort()).toEqual(["012", "021", "102", "120", "201", "210"]);
    // Five standard deviations of a binomial distribution about 100.
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(46);
  });

  test("is the same for the same seed, and another for another", () => {
    const again = (seed: bigint) => Array.from({ length: 600 }, (_, round) => orderOf(3, round, seed).join(""));
    expect(again(5n)).toEqual(orders);
    expect(again(6n)).not.toEqual(orders);
  });
});

test.each([
  ["as many as were asked for", { asked: 3 }, 2, 1e9, false],
  ["as many as were asked for", { asked: 3 }, 3, 0, true],
  ["no more than most", { asked: null }, 100, 0, true],
  ["the least, whatever time they take", { asked: null }, 4, 1e9, false],
  ["those for which there is time", { asked: null }, 5, 999, false],
  ["those for which there is time", { asked: null }, 5, 1000, true],
] as const)("the rounds are %s (%j, %d done, after %d ms)", (_, { asked }, done, elapsed, expected) => {
  expect(isOver({ asked, least: 5, most: 100, milliseconds: 1000 }, done, elapsed)).toBe(expected);
});

test("how much of the rounds is done is one when they are over", () => {
  const end = { asked: null, least: 5, most: 100, milliseconds: 1000 };
  const shares = [shareDone({ ...end, asked: 4 }, 3, 1e9), shareDone(end, 50, 10), shareDone(end, 10, 250)];
  expect(shares).toEqual([0.75, 0.5, 0.25]);
  expect([shareDone(end, 100, 0), shareDone(end, 5, 1000), shareDone(end, 4, 5000)]).toEqual([1, 1, 0.8]);
});

describe("the shapes of inputs", () => {
  const image = { name: "image", dtype: "float32", shape: ["N", 3, "H", "W"] };
  const fixed = { name: "x", dtype: "float32", shape: [2, 3, 8, 8] };
  const shapes = (
    inputs: Parameters<typeof inputShapes>[0],
    batch: number | null,
    sizes: Readonly<Record<string, number>> = {},
  ) => inputShapes(inputs, { file: "a.onnx", sizes: new Map(Object.entries(sizes)) }, batch);

  test.each([
    ["one image where nothing is said", [image], null, { H: 8, W: 9 }, [[1, 3, 8, 9]]],
    ["as many images as --batch says", [image], 4, { H: 8, W: 9 }, [[4, 3, 8, 9]]],
    ["what the model has fixed", [fixed], null, {}, [[2, 3, 8, 8]]],
    ["a --batch that the model has fixed", [fixed], 2, {}, [[2, 3, 8, 8]]],
    [
      "one name for one size",
      [image, { ...image, name: "mask", shape: ["N", "H"] }],
      2,
      { H: 8, W: 8 },
      [
        [2, 3, 8, 8],
        [2, 8],
      ],
    ],
    ["a batch that --dim names", [{ ...image, shape: ["images", 3] }], null, { images: 7 }, [[7, 3]]],
    ["no size", [{ ...image, shape: [] }], null, {}, [[]]],
  ] as const)("are %s", (_, inputs, batch, sizes, expected) => {
    expect(shapes(inputs, batch, sizes)).toEqual(expected);
  });

  test.each([
    ["a size that is open", [image], null, "a.onnx takes image [N, 3, H, W], and leaves open how large that is"],
    ["a size without a name", [{ ...image, shape: ["N", ""] }], null, "a.onnx takes image [N, ?], and leaves open"],
    ["another batch than is fixed", [fixed], 3, "--batch 3 does not fit a.onnx, which takes x [2, 3, 8, 8]"],
  ] as const)("are refused for %s", (_, inputs, batch, message) => {
    expect(() => shapes(inputs, batch)).toThrow(message);
  });

  test("are refused where --dim names what is not open", () => {
    const known = new Set(openNames([image, fixed]));
    expect([...known]).toEqual(["N", "H", "W"]);
    expect(() => refuseUnknownSizes(["H", "h"], known)).toThrow("--dim h: no model has an open size of this name");
    expect(() => refuseUnknownSizes(["H", "W"], known)).not.toThrow();
  });
});
