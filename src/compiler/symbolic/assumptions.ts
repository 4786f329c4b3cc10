import { leastCommonMultiple } from "../number.ts";

/**
 * What is known of a symbolic size H: H % divisor == 0 and atLeast <= H <= atMost. Every size is at least 1.
 * The facts are whole numbers below 2^32, of which the divisor is at least 1.
 */
export interface SymbolFacts {
  readonly divisor: number;
  readonly atLeast: number;
  readonly atMost: number | null;
}

/** A symbol that is not listed is any whole number from 1. */
export interface Assumptions {
  readonly symbols: ReadonlyMap<string, SymbolFacts>;
}

export const noAssumptions: Assumptions = { symbols: new Map() };

/** The sizes base + step·n for n = 0, 1, … up to top, or without end. */
export interface Progression {
  readonly base: number;
  readonly step: number;
  readonly top: number | null;
}

/** For each symbol the progression it runs through. */
export type Case = ReadonlyMap<string, Progression>;

/** How many cases are worth looking at. */
const largestSplit = 256;

export function divisorOf(name: string, given: Assumptions): number {
  return given.symbols.get(name)?.divisor ?? 1;
}

/** All sizes that meet the assumptions, as one case. Facts that no size meets give one made-up size. */
export function everySize(names: Iterable<string>, given: Assumptions): Case {
  return new Map([...names].map((name) => [name, progressionOf(name, divisorOf(name, given), 0, given)]));
}

/**
 * All sizes that meet the assumptions, taken apart by their remainders: together the cases hold each
 * combination once. Null where they are too many.
 */
export function casesOf(moduli: ReadonlyMap<string, bigint>, given: Assumptions): readonly Case[] | null {
  let cases: Case[] = [new Map()];
  for (const [name, modulus] of moduli) {
    const progressions = progressionsOf(name, modulus, given);
    if (!progressions || progressions.length * cases.length > largestSplit) return null;
    cases = cases.flatMap((before) => progressions.map((progression) => new Map(before).set(name, progression)));
  }
  return cases;
}

function progressionsOf(name: string, modulus: bigint, given: Assumptions): Progression[] | null {
  const divisor = divisorOf(name, given);
  const step = Number(leastCommonMultiple(modulus, BigInt(divisor)));
  const { top } = progressionOf(name, divisor, 0, given);
  const count = Math.min(step / divisor, top === null ? Infinity : top + 1);
  if (count > largestSplit || !Number.isSafeInteger(step)) return null;
  return Array.from({ length: count }, (_, i) => progressionOf(name, step, i * divisor, given));
}

/** From `offset` above the least size, in steps. */
function progressionOf(name: string, step: number, offset: number, given: Assumptions): Progression {
  const facts = given.symbols.get(name);
  const divisor = facts?.divisor ?? 1;
  const base = Math.ceil(Math.max(facts?.atLeast ?? 1, 1) / divisor) * divisor + offset;
  const most = facts?.atMost ?? null;
  return { base, step, top: most === null ? null : Math.max(Math.floor((most - base) / step), 0) };
}
