import { describe, expect, test } from "vitest";
import { suggest } from "../../src/compiler/suggest.ts";

const layers = ["conv", "deconv", "linear", "batchnorm", "relu", "relu6", "leakyrelu", "concat", "maxpool", "avgpool"];

const cases: readonly (readonly [word: string, nearest: string | null])[] = [
  ["covn", "conv"],
  ["cnov", "conv"],
  ["Conv", "conv"],
  ["CONV", "conv"],
  ["con", "conv"],
  ["convv", "conv"],
  ["convolution", null],
  ["bathnorm", "batchnorm"],
  ["batch_norm", "batchnorm"],
  ["BatchNorm", "batchnorm"],
  ["rleu", "relu"],
  ["relu7", "relu"],
  ["ReLU6", "relu6"],
  ["leakyReLu", "leakyrelu"],
  ["conact", "concat"],
  ["maxpol", "maxpool"],
  ["x", null],
  ["", null],
  ["conv", "deconv"],
];

describe("the known word nearest to", () => {
  for (const [word, nearest] of cases) test(JSON.stringify(word), () => expect(suggest(word, layers)).toBe(nearest));
});

test("of equally near words the first", () => {
  expect(suggest("ab", ["ac", "bb"])).toBe("ac");
  expect(suggest("ab", ["bb", "ac"])).toBe("bb");
});

test("the right case before the wrong one", () => {
  expect(suggest("Dens", ["dense", "Dense"])).toBe("Dense");
});

test("one letter is never changed into another word of one letter", () => {
  expect(suggest("k", ["n", "c", "N"])).toBeNull();
  expect(suggest("h", ["H"])).toBe("H");
});

test("a word is not its own suggestion", () => {
  expect(suggest("relu", ["relu"])).toBeNull();
});

test("none of many long words takes long", () => {
  expect(
    suggest(
      "a".repeat(100_000),
      Array.from({ length: 1000 }, (_, i) => "b".repeat(i)),
    ),
  ).toBeNull();
});
