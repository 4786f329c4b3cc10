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
import { type Func, func, type Instance, instantiate, type Memory } from "./webassembly/module.ts";

/**
 * The inner loops of the initialisers in WebAssembly, with its vectors of 128 bits and products of 64: several times as
 * fast as the same in JavaScript and with the same bytes (a test compares them), as every operation is exactly rounded.
 */
interface Functions {
  /**
   * Philox 4×32-10: the words of 8·`eights` blocks to `address`, four a block. The key is (k0, k1), the counter of
   * block i is (c0 + i, c1, c2, c3).
   */
  words(address: number, eights: number, k0: number, k1: number, c0: number, c1: number, c2: number, c3: number): void;
  /** Turns 4·`fours` words at `address` into float32 from N(0, scale²). */
  normals(address: number, fours: number, scale: number): void;
}

export type NormalKernel = Instance<Functions>;

/** Where two float64 lie on their way. */
const pairAt = 32;

export function normalKernel(memory: Memory): NormalKernel {
  placeTable(new Float64Array(memory.buffer, 0, cellAt(31, 0) / 8));
  return instantiate<Functions>(memory, { words: wordsFunction(), normals: normalsFunction() });
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
const lowerHalves = (one: Variable, two: Variable) => i32x4.shuffle([0, 1, 4, 5], one.get, two.get);
const upperHalves = (one: Variable, two: Variable) => i32x4.shuffle([2, 3, 6, 7], one.get, two.get);

/**
 * Eight blocks at a time: while one waits for a product, the others go on. Two are in a pair of vectors: those with the
 * counters (a, b, c, d) and (e, f, g, h) in (a, c, e, g) and (b, d, f, h).
 */
function wordsFunction(): Func {
  const parameters = {
    address: "i32",
    eights: "i32",
    k0: "i32",
    k1: "i32",
    c0: "i32",
    c1: "i32",
    c2: "i32",
    c3: "i32",
  } as const;
  const evens = { ac0: "v128", ac1: "v128", ac2: "v128", ac3: "v128" } as const;
  const odds = { bd0: "v128", bd1: "v128", bd2: "v128", bd3: "v128" } as const;
  const locals = { key: "v128", p: "v128", q: "v128", ...evens, ...odds, end: "i32" } as const;
  return func(parameters, [], locals, (v) => {
    const pairs: readonly Pair[] = [
      { ac: v.ac0, bd: v.bd0 },
      { ac: v.ac1, bd: v.bd1 },
      { ac: v.ac2, bd: v.bd2 },
      { ac: v.ac3, bd: v.bd3 },
    ];
    const begin = pairs.map(({ ac, bd }, i) => [
      ac.set(i32x4.add(inTurn(v.c0, v.c2), i32x4.const([2 * i, 0, 2 * i + 1, 0]))),
      bd.set(inTurn(v.c1, v.c3)),
    ]);
    const round = [
      pairs.map((pair) => philoxRound(pair, v)),
      v.key.set(i32x4.add(v.key.get, i32x4.const([0x9e3779b9, 0xbb67ae85, 0x9e3779b9, 0xbb67ae85]))),
    ];
    return [
      v.end.set(i32.add(v.address.get, i32.shl(v.eights.get, i32.const(7)))),
      whileHolds(i32.lt_u(v.address.get, v.end.get), [
        [v.key.set(inTurn(v.k0, v.k1)), begin],
        Array<Code>(10).fill(round),
        pairs.map((pair, i) => storeBlocks(pair, v.address, 32 * i)),
        v.c0.set(i32.add(v.c0.get, i32.const(8))),
        v.address.set(i32.add(v.address.get, i32.const(128))),
      ]),
    ];
  });
}

type Pair = Readonly<Record<"ac" | "bd", Variable>>;

/** Two scalars by turns. */
function inTurn(one: Variable, two: Variable): Code {
  return i32x4.shuffle([0, 4, 1, 5], i32x4.splat(one.get), i32x4.splat(two.get));
}

function philoxRound({ ac, bd }: Pair, { key, p, q }: Readonly<Record<"key" | "p" | "q", Variable>>): Code {
  const multipliers = i32x4.const([0xd2511f53, 0xcd9e8d57, 0xd2511f53, 0xcd9e8d57]);
  return [
    p.set(i64x2.extmul_low_i32x4_u(ac.get, multipliers)),
    q.set(i64x2.extmul_high_i32x4_u(ac.get, multipliers)),
    ac.set(v128.xor(i32x4.shuffle([3, 1, 7, 5], p.get, q.get), v128.xor(bd.get, key.get))),
    bd.set(i32x4.shuffle([2, 0, 6, 4], p.get, q.get)),
  ];
}

function storeBlocks({ ac, bd }: Pair, address: Variable, offset: number): Code {
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
  const scalars = { c: "i32", d: "i32", end: "i32" } as const;
  return func({ address: "i32", fours: "i32", scale: "f64" }, [], { ...vectors, ...scalars }, (v) => [
    v.scales.set(f64x2.splat(v.scale.get)),
    v.end.set(i32.add(v.address.get, i32.shl(v.fours.get, i32.const(4)))),
    whileHolds(i32.lt_u(v.address.get, v.end.get), [
      v.word.set(v128.load(v.address.get)),
      v.m.set(v128.and(v.word.get, i32x4.const(four(0x7fff_ffff)))),
      v.low.set(f64x2.convert_low_i32x4_s(v.m.get)),
      v.high.set(f64x2.convert_low_i32x4_s(upperHalves(v.m, v.m))),
      v.low.set(quantiles(v.low, v)),
      v.high.set(quantiles(v.high, v)),
      // The sign as bits: a choice between two floats would be a branch that nothing can predict.
      v.word.set(v128.and(v.word.get, i32x4.const(four(0x8000_0000)))),
      v128.store(v.address.get, v128.or(lowerHalves(v.low, v.high), v.word.get)),
      v.address.set(i32.add(v.address.get, i32.const(16))),
    ]),
  ]);
}

type CubicVariables = Readonly<Record<"t" | "c" | "d" | "c01" | "d01" | "c23" | "d23" | "scales", Variable>>;

/** The quantiles of two float64 m, times the scale, as float32; their cubics are c0 … c3 and d0 … d3. */
function quantiles(m: Variable, { t, c, d, c01, d01, c23, d23, scales }: CubicVariables): Code {
  // Below the cell the fraction has t · 2^21. With the exponent of 2^31, whose last bit is 2^-21, that is 2^31 + t.
  const [below, two31] = [i64x2.const(2n ** 48n - 1n), i64x2.const(0x41e0_0000_0000_0000n)];
  const cellOf = (place: number) => i32.shl(i32.load16_u(i32.const(0), pairAt + 8 * place + 6), i32.const(5));
  const step = (sum: Code, coefficients: Code) => f64x2.add(f64x2.mul(sum, t.get), coefficients);
  const square = step(upperHalves(c23, d23), lowerHalves(c23, d23));
  const cubic = step(step(square, upperHalves(c01, d01)), lowerHalves(c01, d01));
  return [
    // By way of the memory, from where the upper bits are loaded sooner than they are taken out of the vector.
    v128.store(i32.const(0), m.get, pairAt),
    c.set(cellOf(0)),
    d.set(cellOf(1)),
    t.set(f64x2.sub(v128.or(v128.and(m.get, below), two31), two31)),
    c01.set(v128.load(c.get)),
    d01.set(v128.load(d.get)),
    c23.set(v128.load(c.get, 16)),
    d23.set(v128.load(d.get, 16)),
    f32x4.demote_f64x2_zero(f64x2.mul(cubic, scales.get)),
  ];
}
