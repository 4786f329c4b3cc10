import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { batch, memoryWithRoom, stagedAt } from "../../src/weights/kernel-memory.ts";
import { fillNormal, hashName } from "../../src/weights/normal.ts";
import { normalKernel } from "../../src/weights/normal-kernel.ts";
import { normalTable } from "../../src/weights/normal-table.ts";
import { normal, philox, quantile } from "./plain.ts";

const table = normalTable();

describe("Philox 4×32-10", () => {
  const kernel = normalKernel(memoryWithRoom(0));
  type Counter = readonly [number, number, number, number];
  const words = (key: readonly [number, number], counter: Counter, eights = 1) => {
    kernel.words(stagedAt, eights, ...key, ...counter);
    return [...new Uint32Array(kernel.memory.buffer, stagedAt, 32 * eights)];
  };

  // The known answers published with Random123.
  it.each([
    [
      [0, 0],
      [0, 0, 0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0xa4093822, 0x299f31d0],
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)("key %j counter %j", (key, counter, answer) => {
    expect(words(key, counter).slice(0, 4)).toEqual(answer);
    expect(philox(key, counter)).toEqual(answer);
  });

  it("agrees with exact integers everywhere, in every block", () => {
    const word = fc.nat(0xffffffff);
    fc.assert(
      fc.property(fc.tuple(word, word), fc.tuple(word, word, word, word), (key, [c0, ...rest]) => {
        const blocks = Array.from({ length: 16 }, (_, i) => philox(key, [(c0 + i) % 2 ** 32, ...rest]));
        expect(words(key, [c0, ...rest], 2)).toEqual(blocks.flat());
      }),
    );
  });
});

describe("the table of the inverse normal distribution", () => {
  it("holds the quantiles of statistics books", () => {
    const quantiles = [
      [0.25, 0.6744897501960817],
      [0.025, 1.959963984540054],
      [0.005, 2.5758293035489004],
      [0.001, 3.090232306167813],
      [1e-4, 3.719016485455681],
      [1e-6, 4.753424308822899],
    ] as const;
    for (const [p, x] of quantiles) {
      const m = Math.round(p * 2 ** 32 - 0.5);
      // What the nearest m is off by.
      const shift = (p - (m + 0.5) / 2 ** 32) / density(x);
      expect(Math.abs(quantile(m, table) - shift - x)).toBeLessThan(1e-7);
    }
  });

  it("inverts the integral of the density to 3e-8 at every scale", () => {
    const places = [0, 1, 2, 3, 7, 8, 2 ** 31 - 1];
    for (let i = 0; i < 2000; i++) {
      const [octave = 0, place = 0] = philox([1, 2], [i, 0, 0, 0]);
      const top = 2 ** (octave % 31);
      places.push(top + Math.floor((place / 2 ** 32) * top));
    }
    for (const m of places) {
      const x = quantile(m, table);
      const error = (upperTail(x) - (m + 0.5) / 2 ** 32) / density(x);
      expect(Math.abs(error), `m = ${m}`).toBeLessThan(3e-8);
    }
  });

  it("falls from cell to cell", () => {
    for (let octave = 0; octave < 31; octave++) {
      for (let cell = 0; cell < 16; cell++) {
        const first = Math.ceil((16 + cell) * 2 ** (octave - 4));
        if (first < 2 ** 31 - 1) expect(quantile(first, table)).toBeGreaterThan(quantile(first + 1, table));
      }
    }
  });
});

describe("the kernel", () => {
  const kernel = normalKernel(memoryWithRoom(0));

  it("makes the same numbers as JavaScript of words at every scale", () => {
    const random = philox([5, 6], [0, 0, 0, 0])[0] ?? 0;
    const words = Uint32Array.from({ length: 4000 }, (_, i) => {
      const m = Math.imul(random + i, 0x9e3779b9) >>> ((i % 32) + 1);
      return i % 64 < 32 ? m : m | 0x8000_0000;
    });
    words.set([0, 0x8000_0000, 1, 0x8000_0001, 2, 3, 15, 16, 17, 0x7fff_ffff, 0xffff_ffff]);
    new Uint32Array(kernel.memory.buffer, stagedAt, words.length).set(words);
    kernel.normals(stagedAt, words.length / 4, 0.3);
    const expected = Float32Array.from(words, (word) => normal(word, table) * 0.3);
    expect(new Float32Array(kernel.memory.buffer, stagedAt, words.length)).toEqual(expected);
  });

  it("leaves the table as it is when its room is full", () => {
    const before = new Uint8Array(kernel.memory.buffer).slice(stagedAt + 4 * batch);
    kernel.words(stagedAt, batch / 32, 1, 2, 3, 4, 5, 6);
    kernel.normals(stagedAt, batch / 4, 1);
    expect(Buffer.compare(new Uint8Array(kernel.memory.buffer).subarray(stagedAt + 4 * batch), before)).toBe(0);
    expect(before.some((byte) => byte !== 0)).toBe(true);
  });
});

describe("fillNormal", () => {
  const name = "features.conv0.weight";

  it("is Philox through the table, word by word", () => {
    const values = new Float32Array(batch + 37);
    fillNormal(values, 0x1234_5678_9abc_def0n, name, 0.25);
    for (const i of [0, 1, 2, 3, 4, 4097, batch - 1, batch, batch + 1, batch + 36]) {
      const word = philox([0x9abcdef0, 0x12345678], [i >> 2, 0, ...hashName(name)])[i & 3] ?? 0;
      expect(values[i]).toBe(Math.fround(normal(word, table) * 0.25));
    }
  });

  it("makes a value of the seed, the name and its place alone", () => {
    const values = (length: number, seed: bigint, tensor: string) => {
      const result = new Float32Array(length);
      fillNormal(result, seed, tensor, 1);
      return result;
    };
    expect(values(10, 0n, name)).toEqual(values(30_000, 0n, name).subarray(0, 10));
    expect(values(4, 0n, name)).not.toEqual(values(4, 1n, name));
    expect(values(4, 0n, name)).not.toEqual(values(4, 1n << 32n, name));
    expect(values(4, 0n, name)).not.toEqual(values(4, 0n, `${name}2`));
    expect(values(4, -1n, name)).toEqual(values(4, (1n << 64n) - 1n, name));
  });

  it("has the bytes it has always had", () => {
    const values = new Float32Array(4);
    fillNormal(values, 0n, name, 1);
    expect(Buffer.from(values.buffer).toString("hex")).toMatchInlineSnapshot(`"9d51a2bfa8c792be0efc393eeae58a3d"`);
  });
});

describe("a million normals", () => {
  const values = new Float32Array(1_000_000);
  beforeAll(() => fillNormal(values, 42n, "quality", 1));
  const moment = (k: number) => values.reduce((sum, x) => sum + x ** k, 0) / values.length;
  const share = (holds: (x: number) => boolean) => values.reduce((sum, x) => sum + Number(holds(x)), 0) / values.length;

  // Four standard errors of each.
  it("have the moments of the distribution", () => {
    expect(Math.abs(moment(1))).toBeLessThan(4e-3);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(4 * Math.sqrt(2e-6));
    expect(Math.abs(moment(3))).toBeLessThan(4 * Math.sqrt(15e-6));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(4 * Math.sqrt(96e-6));
  });

  it("are as often negative as positive, and as often far out as they should be", () => {
    expect(Math.abs(share((x) => x < 0) - 0.5)).toBeLessThan(4 * 5e-4);
    for (const [limit, tail] of [
      [1, 0.31731],
      [2, 0.0455],
      [3, 0.0026998],
      [4, 6.334e-5],
    ] as const) {
      expect(Math.abs(share((x) => Math.abs(x) > limit) - tail)).toBeLessThan(4 * Math.sqrt(tail / 1e6));
    }
  });

  it("do not follow from their neighbours", () => {
    for (const lag of [1, 2, 3, 4, 8]) {
      const product = values.reduce((sum, x, i) => sum + x * (values[i + lag] ?? 0), 0) / values.length;
      expect(Math.abs(product)).toBeLessThan(4e-3);
    }
  });
});

describe("hashName", () => {
  const hex = (name: string) =>
    hashName(name)
      .map((half) => half.toString(16).padStart(8, "0"))
      .reverse()
      .join("");

  // From the authors' test vectors of FNV-1a, 64 bits.
  it.each([
    ["", "cbf29ce484222325"],
    ["a", "af63dc4c8601ec8c"],
    ["foobar", "85944171f73967e8"],
  ])("%j", (text, hash) => {
    expect(hex(text)).toBe(hash);
  });

  it("agrees with exact integers on UTF-8", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        let hash = 0xcbf29ce484222325n;
        for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
        expect(hex(text)).toBe(hash.toString(16).padStart(16, "0"));
      }),
    );
  });
});

const density = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** The integral of the density from x on, by Simpson's rule. */
function upperTail(x: number): number {
  const steps = 4000;
  const width = 8 / steps;
  let sum = density(x) + density(x + 8);
  for (let i = 1; i < steps; i++) sum += density(x + i * width) * (i % 2 ? 4 : 2);
  return (sum * width) / 3;
}
