import {
  addExact,
  ceilExact,
  compareExact,
  denominatorOf,
  divideExact,
  type Exact,
  greatestCommonDivisor,
  isExact,
  isWholeExact,
  leastCommonMultiple,
  multiplyExact,
  negateExact,
  numeratorOf,
  ratio,
  subtractExact,
} from "../number.ts";
import { type Case, noAssumptions } from "./assumptions.ts";
import { grainOf, replace } from "./floor.ts";
import {
  add,
  constantOf,
  multiply,
  negate,
  ofFactors,
  Poly,
  type Quantity,
  subtract,
  symbol,
  type Term,
} from "./poly.ts";
import { withinLimits } from "./within-limits.ts";

/** No value is below `least` or above `most`; null where none was found. */
export interface Bounds {
  readonly least: Exact | null;
  readonly most: Exact | null;
}

export const unbounded: Bounds = { least: null, most: null };

/** Where a quantity lies over the sizes of one case. */
export interface Reach extends Bounds {
  /** False where the values stand in steps that leave 0 out, as those of 2·H − 2·W + 1 do. */
  readonly canBeZero: boolean;
}

/** What can be said of `a` over the sizes of one case. */
export function reachOver(a: Quantity, sizes: Case): Reach {
  return withinLimits(() => reachFrom(shift(a, sizes), sizes)) ?? { ...unbounded, canBeZero: true };
}

/** The nearer of two lower bounds. */
export function higher(a: Exact | null, b: Exact | null): Exact | null {
  return a === null || (b !== null && compareExact(b, a) > 0) ? b : a;
}

/** The nearer of two upper bounds. */
export function lower(a: Exact | null, b: Exact | null): Exact | null {
  return a === null || (b !== null && compareExact(b, a) < 0) ? b : a;
}

/** `a` in terms of n, where the size is base + step·n: so each symbol runs from 0. */
function shift(a: Quantity, sizes: Case): Quantity {
  const sizeOf = (name: string) => {
    const size = sizes.get(name);
    if (!size) return undefined;
    return size.top === 0 ? size.base : add(size.base, multiply(size.step, symbol(name)));
  };
  return replace(a, sizeOf, noAssumptions);
}

/** Of a quantity whose symbols run from 0 up to the tops. There no monomial is negative, and none falls. */
function reachFrom(a: Quantity, sizes: Case): Reach {
  if (isExact(a)) return { least: a, most: a, canBeZero: a === 0 };
  const spacing = spacingOf(a);
  const highest = leastOf(negate(a), spacing, sizes);
  return {
    least: leastOf(a, spacing, sizes),
    most: highest === null ? null : negateExact(highest),
    canBeZero: isWholeExact(divideExact(constantOf(a), spacing)),
  };
}

/** The values lie whole multiples of `spacing` from the constant: a bound between them is raised to the next. */
function leastOf(a: Quantity, spacing: Exact, sizes: Case): Exact | null {
  const least = higher(
    corner(a, sizes),
    withinLimits(() => corner(withoutFloors(a), sizes)),
  );
  if (least === null) return null;
  const constant = constantOf(a);
  const steps = ceilExact(divideExact(subtractExact(least, constant), spacing));
  return addExact(constant, multiplyExact(spacing, steps));
}

/** The value with the rising terms at the lowest sizes, where they vanish, and the falling ones at the highest. */
function corner(a: Quantity, sizes: Case): Exact | null {
  if (isExact(a)) return a;
  let sum = constantOf(a);
  for (const { coefficient, monomial } of a.terms) {
    if (monomial.degree === 0 || compareExact(coefficient, 0) > 0) continue;
    const term = ofFactors(coefficient, monomial.factors);
    const value = replace(term, (name) => sizes.get(name)?.top ?? undefined, noAssumptions);
    if (!isExact(value)) return null;
    sum = addExact(sum, value);
  }
  return sum;
}

/** A polynomial without floors that is nowhere above `a`: ⌊Q⌋ lies between Q − 1 + 1/grain and Q. */
function withoutFloors(a: Quantity): Quantity {
  let current = a;
  while (current instanceof Poly && current.terms.some(hasFloor)) {
    current = current.terms.reduce<Quantity>((sum, term) => add(sum, withoutOneFloor(term)), 0);
  }
  return current;
}

function withoutOneFloor({ coefficient, monomial: { factors } }: Term): Quantity {
  const place = factors.findIndex(({ atom }) => atom.kind === "floor");
  const factor = factors[place];
  if (factor?.atom.kind !== "floor") return ofFactors(coefficient, factors);
  const { inside } = factor.atom;
  const grain = grainOf(inside.terms, noAssumptions);
  const slack = compareExact(coefficient, 0) > 0 ? ratio(grain - 1n, grain) : 0;
  const kept = factor.power === 1 ? [] : [{ atom: factor.atom, power: factor.power - 1 }];
  return multiply(ofFactors(coefficient, factors.toSpliced(place, 1, ...kept)), subtract(inside, slack));
}

function hasFloor({ monomial }: Term): boolean {
  return monomial.factors.some(({ atom }) => atom.kind === "floor");
}

/** The values of `a` lie whole multiples of this from its constant. */
function spacingOf(a: Poly): Exact {
  const varying = a.terms.filter(({ monomial }) => monomial.degree > 0);
  const bottom = varying.reduce((grain, term) => leastCommonMultiple(grain, denominatorOf(term.coefficient)), 1n);
  const tops = varying.map(({ coefficient }) => numeratorOf(multiplyExact(coefficient, ratio(bottom, 1n))));
  return ratio(tops.reduce(greatestCommonDivisor, 0n), bottom);
}
