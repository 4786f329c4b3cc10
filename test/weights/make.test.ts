import { describe, expect, it } from "vitest";
import { memoryWithRoom, roomAt, workIn } from "../../src/weights/kernel-memory.ts";
import { make, noFiles, type ReadStretch } from "../../src/weights/make.ts";
import { grainOf, isInMemory, type Recipe } from "../../src/weights/recipe.ts";
import { bytesOf } from "../../src/weights/weights.ts";

const length = 420;
const normal = (name: string): Recipe => ({ kind: "normal", seed: 5n, name, deviation: 0.5 });
const by = {
  channels: 10,
  weight: normal("weight"),
  bias: normal("bias"),
  mean: normal("mean"),
  variance: { kind: "same", value: 2 },
  eps: 1e-5,
} as const;

const file = new Uint8Array(Float32Array.from({ length: length + 2 }, (_, i) => Math.sqrt(i)).buffer);
const read: ReadStretch = (name, offset, bytes) => {
  expect([name, offset + bytes <= file.length]).toEqual(["w.safetensors", true]);
  return file.subarray(offset, offset + bytes);
};

const recipes: Readonly<Record<string, Recipe>> = {
  zeros: { kind: "same", value: 0 },
  ones: { kind: "same", value: 1 },
  normal: normal("w"),
  "ones-in-turn": { kind: "ones-in-turn", columns: 12 },
  stored: { kind: "stored", file: "w.safetensors", offset: 8, dtype: "F32" },
  transposed: {
    kind: "transposed",
    of: { kind: "stored", file: "w.safetensors", offset: 8, dtype: "F32" },
    shape: [3, 2, 7, 10],
    axes: [3, 2, 0, 1],
  },
  given: { kind: "given", values: Float32Array.from({ length }, (_, i) => i) },
  standardised: { kind: "standardised", of: normal("w"), size: 42, eps: 1e-10 },
  "standardised, transposed": {
    kind: "standardised",
    of: {
      kind: "transposed",
      of: { kind: "stored", file: "w.safetensors", offset: 8, dtype: "F32" },
      shape: [42, 10],
      axes: [1, 0],
    },
    size: 42,
    eps: 1e-10,
  },
  scaled: { kind: "scaled", of: normal("w"), by, runs: { length: 42, rows: null } },
  "scaled, transposed": { kind: "scaled", of: normal("w"), by, runs: { length: 6, rows: { outputs: 5, inputs: 7 } } },
  "scaled, standardised": {
    kind: "scaled",
    of: { kind: "standardised", of: normal("w"), size: 42, eps: 1e-10 },
    by,
    runs: { length: 42, rows: null },
  },
};

describe("make", () => {
  it.each(Object.entries(recipes))("makes any stretch of %s alone", (_, recipe) => {
    const whole = make(recipe, "float32", 0, length, read);
    expect(whole.length).toBe(length);
    for (const [from, to] of [
      [0, 1],
      [1, 42],
      [41, 43],
      [42, 84],
      [83, 419],
      [3, 420],
      [417, 420],
    ] as const) {
      expect(make(recipe, "float32", from, to, read)).toEqual(whole.subarray(from, to));
    }
  });

  it.each(Object.entries(recipes))("makes %s in memory that has been used", (_, recipe) => {
    const used = (count: number) => new Float32Array(count).fill(Number.NaN);
    expect(make(recipe, "float32", 3, length, read, used)).toEqual(make(recipe, "float32", 3, length, read));
  });

  describe("in the memory that the loops work in", () => {
    const many = 100_000;
    const plain = new Map<Recipe, readonly Float32Array[]>();
    const large: Readonly<Record<string, Recipe>> = {
      normal: normal("w"),
      "small filters": { kind: "standardised", of: normal("w"), size: 50, eps: 1e-10 },
      "filters of more than a batch": { kind: "standardised", of: normal("w"), size: many / 2, eps: 1e-10 },
      "scaled filters": {
        kind: "scaled",
        of: { kind: "standardised", of: normal("w"), size: 10_000, eps: 1e-10 },
        by,
        runs: { length: 10_000, rows: null },
      },
    };
    const ranges = [
      [0, many],
      [0, 31],
      [1, 32_800],
      [many / 2, many],
      [49_999, 50_051],
    ] as const;
    for (const recipe of Object.values(large)) {
      plain.set(
        recipe,
        ranges.map(([from, to]) => make(recipe, "float32", from, to, noFiles) as Float32Array),
      );
    }

    it.each(Object.entries(large))("makes the same: %s", (_, recipe) => {
      const memory = memoryWithRoom(8 * many);
      workIn(memory);
      const values = new Float32Array(memory.buffer, roomAt, 2 * many);
      const room = (count: number) => values.subarray(4, 4 + count);
      ranges.forEach(([from, to], index) => {
        values.fill(Number.NaN);
        const made = make(recipe, "float32", from, to, noFiles, room);
        expect(made.buffer).toBe(memory.buffer);
        const expected = plain.get(recipe)?.[index] as Float32Array;
        expect(Buffer.compare(bytesOf(made), bytesOf(expected))).toBe(0);
        expect(values.subarray(0, 4).every(Number.isNaN)).toBe(true);
        // Whole filters were made, and nothing beyond the room for them.
        expect(values.subarray(4 + many).every(Number.isNaN)).toBe(true);
      });
    });
  });

  it("draws the same normals from any place, also beyond one batch", () => {
    const whole = make(normal("w"), "float32", 0, 40_000, noFiles);
    for (const from of [1, 2, 3, 32_767, 32_768, 32_770, 39_999]) {
      const part = make(normal("w"), "float32", from, 40_000, noFiles);
      expect(Buffer.compare(bytesOf(part), bytesOf(whole.subarray(from)))).toBe(0);
    }
  });

  it("leaves what is given or read as it is", () => {
    const before = Buffer.from(file);
    const values = Float32Array.from({ length }, (_, i) => i);
    for (const of of [
      { kind: "given", values },
      { kind: "asked", data: () => values },
      recipes.stored as Recipe,
    ] as const) {
      make({ kind: "standardised", of, size: 42, eps: 0 }, "float32", 0, length, read);
      make({ kind: "scaled", of, by, runs: { length: 42, rows: null } }, "float32", 0, length, read);
      make({ kind: "shifted", of, by }, "float32", 0, 10, read);
    }
    expect(values).toEqual(Float32Array.from({ length }, (_, i) => i));
    expect(Buffer.compare(file, before)).toBe(0);
  });

  it("asks once for what it standardises, however large", () => {
    const values = Float32Array.from({ length: 150_000 }, (_, i) => Math.sin(i));
    let times = 0;
    const data = () => {
      times++;
      return values;
    };
    const of = { kind: "asked", data } as const;
    const made = make({ kind: "standardised", of, size: 50, eps: 0 }, "float32", 0, values.length, noFiles);
    const given = { kind: "given", values } as const;
    expect(times).toBe(1);
    const expected = make({ kind: "standardised", of: given, size: 50, eps: 0 }, "float32", 50, values.length, noFiles);
    expect(Buffer.compare(bytesOf(made.subarray(50)), bytesOf(expected))).toBe(0);
  });

  it("shifts a bias channel by channel", () => {
    const recipe: Recipe = { kind: "shifted", of: { kind: "same", value: 0 }, by };
    const [weight, bias, mean] = ["weight", "bias", "mean"].map((name) => make(normal(name), "float32", 0, 10, read));
    const expected = Array.from({ length: 10 }, (_, c) => {
      return Math.fround(Number(bias?.[c]) - Number(mean?.[c]) * (Number(weight?.[c]) / Math.sqrt(2 + 1e-5)));
    });
    expect([...make(recipe, "float32", 0, 10, read)]).toEqual(expected);
    expect([...make(recipe, "float32", 4, 9, read)]).toEqual(expected.slice(4, 9));
  });

  it("makes integers where integers are wanted", () => {
    expect(make({ kind: "same", value: 3 }, "int64", 1, 3, noFiles)).toEqual(BigInt64Array.of(3n, 3n));
    expect(make({ kind: "remainders", modulus: 3 }, "int64", 1, 6, noFiles)).toEqual(
      BigInt64Array.of(1n, 2n, 0n, 1n, 2n),
    );
  });

  it("reads no file where none is to be had", () => {
    expect(() => make(recipes.stored as Recipe, "float32", 0, 1, noFiles)).toThrow("w.safetensors");
  });
});

describe("a recipe", () => {
  it("is in memory where anything that it is made from is", () => {
    const isIn = Object.entries(recipes).flatMap(([name, recipe]) => (isInMemory(recipe) ? [name] : []));
    expect(isIn).toEqual(["given"]);
    const asked: Recipe = { kind: "asked", data: () => new Float32Array(length) };
    expect(
      isInMemory({ kind: "scaled", of: normal("w"), by: { ...by, mean: asked }, runs: { length: 42, rows: null } }),
    ).toBe(true);
    expect(isInMemory({ kind: "standardised", of: asked, size: 42, eps: 0 })).toBe(true);
  });

  it("is best made in whole filters where these are standardised", () => {
    expect(grainOf(recipes["scaled, standardised"] as Recipe)).toBe(42);
    expect(grainOf(normal("w"))).toBe(1);
  });
});
