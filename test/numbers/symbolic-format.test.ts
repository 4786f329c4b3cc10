import { describe, expect, it } from "vitest";
import { ratio } from "../../src/compiler/number.ts";
import {
  add,
  ceil,
  divide,
  floor,
  formatQuantity,
  multiply,
  noAssumptions,
  type Quantity,
  sizeName,
  subtract,
  symbol,
} from "../../src/compiler/symbolic.ts";
import { powers } from "./expression.ts";

const [H, W] = [symbol("H"), symbol("W")];
const half = ratio(1n, 2n);

describe("formatQuantity and sizeName", () => {
  const [h, w] = [ceil(divide(H, 2), noAssumptions), ceil(divide(W, 2), noAssumptions)];

  it.each([
    ["64·H·W + 3", "64*H*W + 3", add(multiply(multiply(64, H), W), 3)],
    ["⌊H/2⌋", "floor(H/2)", floor(divide(H, 2), noAssumptions)],
    ["H/2", "H/2", divide(H, 2)],
    ["−3·H/2", "-3*H/2", divide(multiply(H, 3), -2)],
    ["⌊(H + 1)/2⌋", "floor((H + 1)/2)", h],
    ["3·H² − 1", "3*H^2 - 1", subtract(multiply(3, multiply(H, H)), 1)],
    ["9408·⌊(H + 1)/2⌋·⌊(W + 1)/2⌋", "9408*floor((H + 1)/2)*floor((W + 1)/2)", multiply(multiply(h, w), 9408)],
    ["⌊(H + 1)/2⌋²", "floor((H + 1)/2)^2", multiply(h, h)],
    ["H¹²", "H^12", powers(H, 12)],
    ["⌊(H + 1)/2⌋/2 + 0.5", "floor((H + 1)/2)/2 + 1/2", add(divide(h, 2), half)],
    ["H² + H·W + W² + W", "H^2 + H*W + W^2 + W", add(add(W, multiply(H, H)), add(multiply(W, W), multiply(H, W)))],
    [
      "H + ⌊(H + 1)/2⌋ + ⌊H/16⌋",
      "H + floor((H + 1)/2) + floor(H/16)",
      add(add(h, H), floor(divide(H, 16), noAssumptions)),
    ],
    ["−H + 5", "-H + 5", subtract(5, H)],
    ["224", "224", 224],
    ["-0.5", "-1/2", ratio(-1n, 2n)],
    ["10000000000000000000… (31 digits)", `${10n ** 30n}`, ratio(10n ** 30n, 1n)],
  ] as const)("%s", (forPeople, inAscii, quantity) => {
    expect(formatQuantity(quantity)).toBe(forPeople);
    expect(sizeName(quantity)).toBe(inAscii);
  });

  it("do not depend on the order of the sums", () => {
    const parts = [multiply(H, W), multiply(h, w), H, w, multiply(H, H), 7];
    const forwards = parts.reduce<Quantity>(add, 0);
    expect(formatQuantity(parts.toReversed().reduce<Quantity>(add, 0))).toBe(formatQuantity(forwards));
  });
});
