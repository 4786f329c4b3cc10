import { describe, expect, it } from "vitest";
import type { Architecture } from "../../../src/compiler/ir.ts";
import { strangeValues } from "../../../src/weights/loading/values.ts";
import type { ReadStretch } from "../../../src/weights/make.ts";
import type { StoredType } from "../../../src/weights/recipe.ts";
import type { SavedTensor } from "../../../src/weights/safetensors/catalogue.ts";
import { compileText } from "../../compiling.ts";

const architecture = compileText(
  "network Net { input x[3, 4, 4] pick: select(6) c: conv(1x1, 2) norm: batchnorm globalavgpool }",
).architectures[0] as Architecture;

/** What is said of a tensor with these values. */
function said(name: string, dtype: StoredType, values: ArrayBufferView): readonly string[] {
  const bytes = new Uint8Array(values.buffer);
  const saved: SavedTensor = { name, dtype, shape: [], file: "w", offset: 5, bytes: bytes.length };
  const file = new Uint8Array([0, 0, 0, 0, 0, ...bytes]);
  const read: ReadStretch = (_, from, length) => file.slice(from, from + length);
  return follow(new Map([[name, saved]]), read).found.map(({ kind, message }) => `${kind}: ${message}`);
}

function follow(saved: ReadonlyMap<string, SavedTensor>, read: ReadStretch) {
  const reached: number[] = [];
  const mapped = new Map([...saved].map(([name, one]) => [name, { mapped: { name, layout: null, saved: one } }]));
  const reading = strangeValues(architecture, mapped, read);
  let step = reading.next();
  for (; !step.done; step = reading.next()) reached.push(step.value);
  return { found: step.value, reached };
}

const { NaN: nan, POSITIVE_INFINITY: infinity, MAX_VALUE: largest } = Number;

describe("values", () => {
  it("that are finite are not strange", () => {
    expect(said("c.weight", "F32", Float32Array.of(0, -1, 3.4e38, 1e-45))).toEqual([]);
    expect(said("c.weight", "F64", Float64Array.of(0, -1, 3.4028235e38, 1e-300))).toEqual([]);
    expect(said("c.weight", "F16", Uint16Array.of(0x7bff, 1))).toEqual([]);
    expect(said("pick.index", "I64", BigInt64Array.of(0n, 2n))).toEqual([]);
  });

  it("that are no numbers are counted", () => {
    const both = "notFinite: c.weight: 2 values NaN, 1 value infinite";
    expect(said("c.weight", "F32", Float32Array.of(1, nan, -infinity, nan))).toEqual([both]);
    expect(said("c.weight", "F64", Float64Array.of(1, nan, -infinity, nan))).toEqual([both]);
    expect(said("c.weight", "BF16", Uint16Array.of(0x7fc0, 0x7f80, 0xffc1))).toEqual([both]);
    expect(said("c.weight", "F16", Uint16Array.of(0x7e00, 0x7c00, 0xfe01))).toEqual([both]);
  });

  it("that are variances below 0 are counted", () => {
    const values = Float32Array.of(1, -1, 0, -0, -1e-9);
    expect(said("norm.running_var", "F32", values)).toEqual([
      "variance: norm.running_var: 2 variances below 0, of which there is no root",
    ]);
    expect(said("norm.running_mean", "F32", values)).toEqual([]);
  });

  it("that float32 cannot hold are counted", () => {
    const message = "overflow: c.weight: 2 values too large for float32, which ends at 3.4e38";
    expect(said("c.weight", "F64", Float64Array.of(1, largest, -3.41e38))).toEqual([message]);
  });

  it("of a table that point at no channel are counted", () => {
    const message = "range: pick.index: 2 entries point at no channel; 3 arrive, counted from 0";
    expect(said("pick.index", "I64", BigInt64Array.of(0n, 3n, -1n))).toEqual([message]);
  });

  it("are read in stretches", () => {
    const reads: number[] = [];
    const bytes = 2 ** 23 + 8;
    const saved: SavedTensor = { name: "c.weight", dtype: "F32", shape: [], file: "w", offset: 0, bytes };
    const { reached } = follow(new Map([["c.weight", saved]]), (_, from, length) => {
      reads.push(from, length);
      return new Uint8Array(length);
    });
    expect(reads).toEqual([0, 2 ** 22, 2 ** 22, 2 ** 22, 2 ** 23, 8]);
    expect(reached).toEqual([2 ** 22, 2 ** 23, bytes]);
  });
});
