import { describe, expect, it } from "vitest";
import { WeightsFault } from "../../../src/weights/fault.ts";
import type { Catalogue } from "../../../src/weights/safetensors/catalogue.ts";
import { readCatalogue } from "../../../src/weights/safetensors/read.ts";
import { isIndex, joinShards, readIndex } from "../../../src/weights/safetensors/shards.ts";
import { fileWith, readable } from "./files.ts";

const text = (value: string) => new TextEncoder().encode(value);

function faultOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof WeightsFault) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "is read";
}

describe("an index of shards that is malformed", () => {
  it.each([
    ["no JSON", "{", "it is no JSON in UTF-8"],
    ["something after the object", "{} x", "it is no JSON in UTF-8"],
    ["no weight_map", "{}", "it has no weight_map"],
    ["a list", "[]", "it is no JSON object with a weight_map"],
    ["null", "null", "it is no JSON object with a weight_map"],
    ["a list as weight_map", '{"weight_map":["a"]}', "it has no weight_map"],
    ["null as weight_map", '{"weight_map":null}', "it has no weight_map"],
    ["a tensor twice", '{"weight_map":{"a":"1","a":"2"}}', 'it has the key "a" twice'],
    ["a further key", '{"weight_map":{},"version":1}', 'it has a key "version" beside'],
    ["a number as a file", '{"weight_map":{"a":1}}', "the file of a is 1"],
    ["an empty file name", '{"weight_map":{"a":""}}', 'the file of a is ""'],
    ["a NUL in a file name", '{"weight_map":{"a":"x\\u0000y"}}', 'the file of a is "x\\u0000y"'],
  ])("%s", (_, index, fault) => {
    expect(faultOf(() => readIndex(text(index)))).toContain(`weights-index: ${fault}`);
  });
});

describe("an index of shards", () => {
  const saved = (name: string, file: string) =>
    ({ name, dtype: "F32", shape: [1], file, offset: 80, bytes: 4 }) as const;
  const catalogue = (file: string, ...names: readonly string[]): Catalogue =>
    new Map(names.map((name) => [name, saved(name, file)]));
  const index = readIndex(
    text('{"metadata":{"total_size":1.0e1,"any":[null]},"weight_map":{"a":"1","b":"2","c":"1"}}'),
  );
  const join = (one: Catalogue, two: Catalogue) => joinShards(index, (shard) => (shard === "1" ? one : two));

  it("says in which file each tensor is", () => {
    const joined = join(catalogue("1", "a", "c"), catalogue("2", "b"));
    expect([...joined].map(([name, { file }]) => `${name} in ${file}`)).toEqual(["a in 1", "c in 1", "b in 2"]);
  });

  it("is told from a header by its beginning", () => {
    expect(isIndex(text('{"weight_map": {}}'), "w")).toBe(true);
    expect(isIndex(text('{\n  "metadata": {'), "w")).toBe(true);
    expect(isIndex(fileWith(`{${" ".repeat(121)}}`), "w.index.json")).toBe(false);
    expect(fileWith(`{${" ".repeat(121)}}`)[0]).toBe("{".charCodeAt(0));
  });

  it("is what is called so, where it begins as JSON or is too short to be a file of tensors", () => {
    const isOne = (file: string) => isIndex(text(file).subarray(0, 16), "model.safetensors.index.json");
    expect(["[]", "", "\n[ 1, 2, 3, 4, 5]", "<!DOCTYPE html>", "version https://git-lfs"].map(isOne)).toEqual([
      ...[true, true, true, false, false],
    ]);
    expect(isIndex(text("[]"), "model.safetensors")).toBe(false);
  });

  it("names files that are all opened before one is read", () => {
    const indexed = readable(text('{"weight_map":{"a":"1","b":"2"}}'));
    const first = readable(fileWith('{"b":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}'));
    expect(faultOf(() => readCatalogue(indexed, (shard) => (shard === "1" ? first : null)))).toBe(
      "weights-shard: it names 2: there is no such file",
    );
  });

  it.each([
    ["a tensor that is not in its file", catalogue("1", "a"), "1: the index names c, which it does not have"],
    ["two of them", catalogue("1"), "1: the index names a and 1 more, which it does not have"],
    ["a tensor in two files", catalogue("1", "a", "b", "c"), "1: it has b, which the index does not name there"],
    [
      "a tensor in none of its files",
      catalogue("1", "a", "c", "d"),
      "1: it has d, which the index does not name there",
    ],
  ])("refuses %s", (_, one, fault) => {
    expect(faultOf(() => join(one, catalogue("2", "b")))).toBe(`weights-shard: ${fault}`);
  });
});
