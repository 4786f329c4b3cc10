import { type Code, f32x4, f64x2, i32, i32x4, type Variable, v128, whileHolds } from "./webassembly/instructions.ts";
import { type Func, func, type Instance, instantiate, type Memory } from "./webassembly/module.ts";

/**
 * Loops over the float32 in a memory from one byte up to another, in float64. A sum of fewer than eight is taken one by
 * one; of more, eight sums of every eighth value come first, s0 … s7, which are added
 * ((s0 + s2) + (s4 + s6)) + ((s1 + s3) + (s5 + s7)), and then the fewer than eight that are left.
 */
interface Functions {
  sum(from: number, to: number): number;
  /** The sum of (value − mean)². */
  squares(from: number, to: number, mean: number): number;
  /** Makes (value − mean)/deviation of every value. */
  normalise(from: number, to: number, mean: number, deviation: number): void;
}

export type StandardiseKernel = Instance<Functions>;

export function standardiseKernel(memory: Memory): StandardiseKernel {
  return instantiate<Functions>(memory, {
    sum: sumFunction(),
    squares: squaresFunction(),
    normalise: normaliseFunction(),
  });
}

const range = { from: "i32", to: "i32" } as const;
const sums = { s01: "v128", s23: "v128", s45: "v128", s67: "v128", end: "i32" } as const;

function sumFunction(): Func {
  return func(range, ["f64"], sums, (v) => sumOf(v, (values) => values));
}

function squaresFunction(): Func {
  return func({ ...range, mean: "f64" }, ["f64"], { ...sums, means: "v128", distance: "v128" }, (v) => [
    v.means.set(f64x2.splat(v.mean.get)),
    sumOf(v, (values) => [v.distance.set(f64x2.sub(values, v.means.get)), f64x2.mul(v.distance.get, v.distance.get)]),
  ]);
}

function normaliseFunction(): Func {
  const parameters = { ...range, mean: "f64", deviation: "f64" } as const;
  return func(parameters, [], { means: "v128", deviations: "v128", end: "i32" }, (v) => {
    const normalised = (values: Code) =>
      f32x4.demote_f64x2_zero(f64x2.div(f64x2.sub(f64x2.promote_low_f32x4(values), v.means.get), v.deviations.get));
    const pair = (offset: number) =>
      v128.store64_lane(v.from.get, normalised(v128.load64_zero(v.from.get, offset)), offset);
    return [
      v.means.set(f64x2.splat(v.mean.get)),
      v.deviations.set(f64x2.splat(v.deviation.get)),
      inEights(v, [pair(0), pair(8), pair(16), pair(24)]),
      oneByOne(v, v128.store32_lane(v.from.get, normalised(v128.load32_zero(v.from.get)))),
    ];
  });
}

type Range = Readonly<Record<"from" | "to" | "end", Variable>>;

/** The sum of a term of all values, which is given two of them as float64. */
function sumOf(v: Range & Readonly<Record<keyof typeof sums, Variable>>, term: (values: Code) => Code): Code {
  const { s01, s23, s45, s67 } = v;
  const add = (sum: Variable, values: Code) => sum.set(f64x2.add(sum.get, term(f64x2.promote_low_f32x4(values))));
  return [
    inEights(
      v,
      [s01, s23, s45, s67].map((sum, pair) => add(sum, v128.load64_zero(v.from.get, 8 * pair))),
    ),
    s01.set(f64x2.add(f64x2.add(s01.get, s23.get), f64x2.add(s45.get, s67.get))),
    s01.set(f64x2.add(s01.get, i32x4.shuffle([2, 3, 2, 3], s01.get, s01.get))),
    oneByOne(v, add(s01, v128.load32_zero(v.from.get))),
    f64x2.extract_lane(0, s01.get),
  ];
}

/** The body for as many eights of values as there are, from `from` on, which ends up behind them. */
function inEights({ from, to, end }: Range, body: Code): Code {
  return [
    end.set(i32.add(from.get, i32.and(i32.sub(to.get, from.get), i32.const(-32)))),
    whileHolds(i32.lt_u(from.get, end.get), [body, from.set(i32.add(from.get, i32.const(32)))]),
  ];
}

/** The body for every value that is left. */
function oneByOne({ from, to }: Range, body: Code): Code {
  return whileHolds(i32.lt_u(from.get, to.get), [body, from.set(i32.add(from.get, i32.const(4)))]);
}
