import { describe, expect, test } from "vitest";
import { leastForInterval, median, medianInterval, nearestRank, pairedRatios } from "../../src/cli/statistics.ts";

/** The greatest first, as nothing may rely on an order. */
const oneTo = (n: number) => Array.from({ length: n }, (_, index) => n - index);

describe("the median", () => {
  test.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 2, 9], 3],
    [[10, 9, 100], 10],
  ])("of %j is %d", (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  test("of nothing is no number", () => {
    expect(median([])).toBeNaN();
    expect(nearestRank([], 0.95)).toBeNaN();
  });
});

test.each([
  [20, 0.95, 19],
  [100, 0.95, 95],
  [5, 0.95, 5],
  [1, 0.95, 1],
  [7, 0, 1],
  [4, 0.5, 2],
])("of 1 to %d the nearest rank at %d is %d", (n, share, expected) => {
  expect(nearestRank(oneTo(n), share)).toBe(expected);
});

test("ratios are those of one round", () => {
  expect(pairedRatios([2, 9, 8], [1, 3, 16])).toEqual([2, 3, 0.5]);
});

// The greatest ranks with Σ C(n, i) ≤ 2.5 % of 2ⁿ for i below them, summed up in whole numbers.
test.each([
  [6, 1],
  [9, 2],
  [10, 2],
  [20, 6],
  [50, 18],
  [100, 40],
  [5000, 2431],
])("of 1 to %d the median lies between the values of rank %d from both ends", (n, rank) => {
  expect(medianInterval(oneTo(n))).toEqual({ low: rank, high: n + 1 - rank });
});

test("of fewer than six values nothing is said of where the median lies", () => {
  expect(medianInterval([1, 2, 3, 4, 5])).toBeNull();
  expect(medianInterval(oneTo(leastForInterval - 1))).toBeNull();
  expect(medianInterval(oneTo(leastForInterval))).not.toBeNull();
  expect(medianInterval([])).toBeNull();
});
