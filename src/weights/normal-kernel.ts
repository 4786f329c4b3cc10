import { normalTable } from "./normal-table.ts";
import {
  type Code,
  f32x4,
  f64x2,
  i32,
  i32x4,
  i64x2,
  type Variable,
  v128,
  whileHolds,
} from "./webassembly/instructions.ts";
import { type Func, func, type Instance, instantiate } from "./webassembly/module.ts";

/**
 * The inner loops of the initialisers in WebAssembly, with its vectors of 128 bits and products of 64: several times as
 * fast as the same in JavaScript and with the same bytes (a test compares them), as every operation is exactly rounded.
 */
interface Functions {
  /**
   * Philox 4×32-10: the words of 4·`fours` blocks to `resultsAt`, four a block. The key is (k0, k1), the counter of
   * block i is (c0 + i, c1, c2, c3).
   */
  words(fours: number, k0: number, k1: number, c0: number, c1: number, c2: number, c3: number): void;
  /** Turns 4·`fours` words at `resultsAt` into float32 from N(0, scale²). */
  normals(fours: number, scale: number): void;
}

export type NormalKernel = Instance<Functions>;

/** Where what is in the memory. */
const [addressesAt, page] = [32, 65_536];
export const resultsAt = 64;
/** Values that there is room for: a call costs next to nothing then, and they stay in the cache. */
export const batch = 32_768;

export function normalKernel(): NormalKernel {
  const pages = Math.ceil(cellAt(31, 0) / page);
  const kernel = instantiate<Functions>(pages, { words: wordsFunction(), normals: normalsFunction() });
  placeTable(new Float64Array(kernel.memory));
  return kernel;
}

/**
 * The cubics in the order in which `normalsFunction` finds them. A word without its sign, m, has in octave 30 − e as a
 * float64 the exponent e + 1023 and the cell as the four upper bits of its fraction; of m = 0 all bits are zero.
 */
function placeTable(memory: Float64Array): void {
  const table = normalTable();
  const octave = 16 * 4;
  for (let e = 0; e < 31; e++) memory.set(table.subarray((30 - e) * octave, (31 - e) * octave), cellAt(e, 0) / 8);
  memory.set(table.subarray(31 * octave, 31 * octave + 4));
}

/** The address of the four coefficients. */
function cellAt(e: number, cell: number): number {
  return 32 * (16 * (e + 1023) + cell);
}

const four = (value: number) => [value, value, value, value] as const;
const pairs = {
  low: (one: Variable, two: Variable) => i32x4.shuffle([0, 1, 4, 5], one.get, two.get),
  high: (one: Variable, two: Variable) => i32x4.shuffle([2, 3, 6, 7], one.get, two.get),
};

/** Four blocks at a time, two to a pair of vectors: (a, c, a, c) and (b, d, b, d) are their counters (a, b, c, d). */
function wordsFunction(): Func {
  const parameters = { fours: "i32", k0: "i32", k1: "i32", c0: "i32", c1: "i32", c2: "i32", c3: "i32" } as const;
  const vectors = { p: "v128", q: "v128", key: "v128", ac: "v128", bd: "v128", ac2: "v128", bd2: "v128" } as const;
  return func(parameters, [], { ...vectors, address: "i32", end: "i32" }, (v) => {
    const inTurn = (one: Variable, two: Variable) =>
      i32x4.shuffle([0, 4, 1, 5], i32x4.splat(one.get), i32x4.splat(two.get));
    return [
      v.end.set(i32.shl(v.fours.get, i32.const(6))),
      whileHolds(i32.lt_u(v.address.get, v.end.get), [
        v.key.set(inTurn(v.k0, v.k1)),
        v.ac.set(i32x4.add(inTurn(v.c0, v.c2), i32x4.const([0, 0, 1, 0]))),
        v.ac2.set(i32x4.add(v.ac.get, i32x4.const([2, 0, 2, 0]))),
        v.bd.set(inTurn(v.c1, v.c3)),
        v.bd2.set(v.bd.get),
        Array<Code>(10).fill(philoxRound(v)),
        storeBlocks(v.ac, v.bd, v.address, resultsAt),
        storeBlocks(v.ac2, v.bd2, v.address, resultsAt + 32),
        v.c0.set(i32.add(v.c0.get, i32.const(4))),
        v.address.set(i32.add(v.address.get, i32.const(64))),
      ]),
    ];
  });
}

type Philox = Readonly<Record<"key" | "ac" | "bd" | "ac2" | "bd2" | "p" | "q", Variable>>;

/** One round on all counters, and the key of the next. */
function philoxRound({ key, ac, bd, ac2, bd2, p, q }: Philox): Code {
  const multipliers = i32x4.const([0xd2511f53, 0xcd9e8d57, 0xd2511f53, 0xcd9e8d57]);
  const twoBlocks = (ac: Variable, bd: Variable): Code => [
    p.set(i64x2.extmul_low_i32x4_u(ac.get, multipliers)),
    q.set(i64x2.extmul_high_i32x4_u(ac.get, multipliers)),
    ac.set(v128.xor(i32x4.shuffle([3, 1, 7, 5], p.get, q.get), v128.xor(bd.get, key.get))),
    bd.set(i32x4.shuffle([2, 0, 6, 4], p.get, q.get)),
  ];
  return [
    twoBlocks(ac, bd),
    twoBlocks(ac2, bd2),
    key.set(i32x4.add(key.get, i32x4.const([0x9e3779b9, 0xbb67ae85, 0x9e3779b9, 0xbb67ae85]))),
  ];
}

function storeBlocks(ac: Variable, bd: Variable, address: Variable, offset: number): Code {
  return [
    v128.store(address.get, i32x4.shuffle([0, 4, 1, 5], ac.get, bd.get), offset),
    v128.store(address.get, i32x4.shuffle([2, 6, 3, 7], ac.get, bd.get), offset + 16),
  ];
}

/** Four words at a time, from m on in two pairs of float64. */
function normalsFunction(): Func {
  const vectors = {
    ...({ word: "v128", m: "v128", low: "v128", high: "v128", scales: "v128", t: "v128" } as const),
    ...({ c01: "v128", d01: "v128", c23: "v128", d23: "v128" } as const),
  };
  return func({ fours: "i32", scale: "f64" }, [], { ...vectors, address: "i32", end: "i32" }, (v) => {
    const cells = i32x4.shr_u(i32x4.shuffle([1, 3, 5, 7], v.low.get, v.high.get), i32.const(16 - 5));
    return [
      v.scales.set(f64x2.splat(v.scale.get)),
      v.end.set(i32.shl(v.fours.get, i32.const(4))),
      whileHolds(i32.lt_u(v.address.get, v.end.get), [
        v.word.set(v128.load(v.address.get, resultsAt)),
        v.m.set(v128.and(v.word.get, i32x4.const(four(0x7fff_ffff)))),
        v.low.set(f64x2.convert_low_i32x4_s(v.m.get)),
        v.high.set(f64x2.convert_low_i32x4_s(pairs.high(v.m, v.m))),
        // By way of the memory, from where each address is loaded alone sooner than it is taken out of the vector.
        v128.store(i32.const(0), v128.and(cells, i32x4.const(four(0xffff_ffe0))), addressesAt),
        v.low.set(quantiles(v.low, addressesAt, v)),
        v.high.set(quantiles(v.high, addressesAt + 8, v)),
        // The sign as bits: a choice between two floats would be a branch that nothing can predict.
        v.word.set(v128.and(v.word.get, i32x4.const(four(0x8000_0000)))),
        v128.store(v.address.get, v128.or(pairs.low(v.low, v.high), v.word.get), resultsAt),
        v.address.set(i32.add(v.address.get, i32.const(16))),
      ]),
    ];
  });
}

type CubicVariables = Readonly<Record<"t" | "c01" | "d01" | "c23" | "d23" | "scales", Variable>>;

/** Of two float64 m the quantiles as float32, whose cubics are at the two addresses that are at `addresses`. */
function quantiles(m: Variable, addresses: number, { t, c01, d01, c23, d23, scales }: CubicVariables): Code {
  // Below the cell the fraction has t · 2^21. With the exponent of 2^31, whose last bit is 2^-21, that is 2^31 + t.
  const [below, two31] = [i64x2.const(2n ** 48n - 1n), i64x2.const(0x41e0_0000_0000_0000n)];
  const [one, other] = [i32.load(i32.const(addresses)), i32.load(i32.const(addresses + 4))];
  const step = (sum: Code, coefficients: Code) => f64x2.add(f64x2.mul(sum, t.get), coefficients);
  const square = step(pairs.high(c23, d23), pairs.low(c23, d23));
  const cubic = step(step(square, pairs.high(c01, d01)), pairs.low(c01, d01));
  return [
    t.set(f64x2.sub(v128.or(v128.and(m.get, below), two31), two31)),
    c01.set(v128.load(one)),
    d01.set(v128.load(other)),
    c23.set(v128.load(one, 16)),
    d23.set(v128.load(other, 16)),
    f32x4.demote_f64x2_zero(f64x2.mul(cubic, scales.get)),
  ];
}
