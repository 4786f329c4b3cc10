import {
  compareExact,
  denominatorOf,
  divideExact,
  type Exact,
  floorExact,
  isExact,
  isWholeExact,
  leastCommonMultiple,
  moduloExact,
  multiplyExact,
  powerExact,
  ratio,
  subtractExact,
} from "../number.ts";
import { type Assumptions, casesOf, divisorOf, noAssumptions } from "./assumptions.ts";
import {
  add,
  constantOf,
  divide,
  floorOf,
  multiply,
  negate,
  ofTerms,
  type Poly,
  power,
  type Quantity,
  subtract,
  symbol,
  symbolsOf,
  type Term,
} from "./poly.ts";

/**
 * The greatest whole number not above `a`. Whatever is whole leaves the floor: ⌊(H − 1)/2⌋ is
 * ⌊(H + 1)/2⌋ − 1, and H/2 − 1 where H is even; a floor of a floor becomes one.
 */
export function floor(a: Quantity, given: Assumptions): Quantity {
  if (isExact(a)) return floorExact(a);
  const lead = a.terms.find((term) => !isWholeExact(inSteps(term, given)));
  if (!lead) return a;
  if (lead.monomial.degree === 0 || compareExact(lead.coefficient, 0) > 0) return floorUpwards(a, given);
  // ⌊x⌋ = −⌈−x⌉, and ⌈y⌉ = ⌊y + (n − 1)/n⌋ for a multiple y of 1/n.
  const grain = grainOf(a.terms, given);
  return negate(floorUpwards(add(negate(a), ratio(grain - 1n, grain)), given));
}

/** The least whole number not below `a`. */
export function ceil(a: Quantity, given: Assumptions): Quantity {
  return negate(floor(negate(a), given));
}

/** a − b·⌊a/b⌋, with the sign of the divisor. `b` must not be 0. */
export function modulo(a: Quantity, b: Exact, given: Assumptions): Quantity {
  if (isExact(a)) return moduloExact(a, b);
  return subtract(a, multiply(b, floor(divide(a, b), given)));
}

/** The same quantity in the form it has under these assumptions. */
export function simplify(a: Quantity, given: Assumptions): Quantity {
  return replace(a, () => undefined, given);
}

/** Sizes put in for symbols; they must meet the assumptions that `a` was made with. */
export function substitute(a: Quantity, sizes: ReadonlyMap<string, number>): Quantity {
  return replace(a, (name) => sizes.get(name), noAssumptions);
}

/** Quantities put in for symbols; a symbol without a value stays. */
export function replace(a: Quantity, meaningOf: (name: string) => Quantity | undefined, given: Assumptions): Quantity {
  if (isExact(a)) return a;
  let sum: Quantity = 0;
  for (const { coefficient, monomial } of a.terms) {
    let product: Quantity = coefficient;
    for (const factor of monomial.factors) {
      const { atom } = factor;
      const value: Quantity =
        atom.kind === "symbol"
          ? (meaningOf(atom.name) ?? symbol(atom.name))
          : floor(replace(atom.inside, meaningOf, given), given);
      product = multiply(product, power(value, factor.power));
    }
    sum = add(sum, product);
  }
  return sum;
}

/** Whether `a` is provably whole for all sizes that meet the assumptions. */
export function isWhole(a: Quantity, given: Assumptions): boolean {
  if (isExact(a)) return isWholeExact(a);
  if (a.terms.every((term) => isWholeExact(inSteps(term, given)))) return true;
  const moduli = new Map<string, bigint>();
  for (const name of symbolsOf(a)) moduli.set(name, 1n);
  requireModuli(a, 1n, moduli);
  const cases = casesOf(moduli, given);
  if (!cases) return false;
  return cases.every((each) => {
    const value = replace(a, (name) => each.get(name)?.base, noAssumptions);
    return isExact(value) && isWholeExact(value);
  });
}

/** Moduli under which every floor of `a` is a polynomial: sizes of equal remainders share one. */
export function moduliOf(a: Poly): ReadonlyMap<string, bigint> {
  const moduli = new Map<string, bigint>();
  for (const name of symbolsOf(a)) moduli.set(name, 1n);
  for (const { monomial } of a.terms) {
    for (const { atom } of monomial.factors) if (atom.kind === "floor") requireModuli(atom.inside, 1n, moduli);
  }
  return moduli;
}

/** The values of the terms are multiples of 1/grain. */
export function grainOf(terms: readonly Term[], given: Assumptions): bigint {
  return terms.reduce((grain, term) => leastCommonMultiple(grain, denominatorOf(inSteps(term, given))), 1n);
}

/** Raises the moduli until steps of that length change `a` by whole multiples of `unit`. */
function requireModuli(a: Poly, unit: bigint, moduli: Map<string, bigint>): void {
  for (const { coefficient, monomial } of a.terms) {
    const needed = denominatorOf(coefficient) * unit;
    for (const { atom } of monomial.factors) {
      if (atom.kind === "symbol") moduli.set(atom.name, leastCommonMultiple(moduli.get(atom.name) ?? 1n, needed));
      else requireModuli(atom.inside, needed, moduli);
    }
  }
}

/** The floor where the first term that is not whole has a positive coefficient. */
function floorUpwards(a: Quantity, given: Assumptions): Quantity {
  const [whole, rest] = takeWhole(a, given);
  if (isExact(rest)) return whole;
  const merged = mergeFloors(rest, given);
  if (merged) return add(whole, floor(merged, given));
  const varying = subtract(rest, constantOf(rest));
  return add(whole, isWhole(varying, given) ? varying : floorOf(rest));
}

/**
 * [what is whole, the rest], every coefficient of the rest between 0 and 1 step. The constant goes down to
 * what makes a difference: ⌊H/2 + 1/4⌋ is ⌊H/2⌋.
 */
function takeWhole(a: Quantity, given: Assumptions): readonly [whole: Quantity, rest: Quantity] {
  if (isExact(a)) return [floorExact(a), 0];
  const rest: Term[] = [];
  for (const term of a.terms) {
    if (term.monomial.degree === 0) continue;
    const steps = inSteps(term, given);
    const part = subtractExact(steps, floorExact(steps));
    if (part !== 0) rest.push({ coefficient: divideExact(part, stepOf(term, given)), monomial: term.monomial });
  }
  const grain = ratio(grainOf(rest, given), 1n);
  const constant = constantOf(a);
  const rounded = divideExact(floorExact(multiplyExact(constant, grain)), grain);
  const varying = ofTerms(rest);
  const kept = rest.length === 0 ? 0 : subtractExact(rounded, floorExact(rounded));
  const whole = add(subtract(subtract(a, constant), varying), floorExact(rounded));
  return [whole, add(varying, kept)];
}

/**
 * (Q + R)/c for (⌊Q⌋ + R)/c, c and R whole, which has the same floor; null where `a` is not of that form.
 * Graham, Knuth, Patashnik, "Concrete Mathematics", (3.11).
 */
function mergeFloors(a: Poly, given: Assumptions): Quantity | null {
  const floors = a.terms.filter(({ monomial }) => monomial.factors.some(({ atom }) => atom.kind === "floor"));
  const only = floors.length === 1 ? floors[0] : undefined;
  const factor = only?.monomial.factors.length === 1 ? only.monomial.factors[0] : undefined;
  if (!only || !factor || factor.power !== 1 || factor.atom.kind !== "floor") return null;
  const count = divideExact(1, only.coefficient);
  const rest = subtract(multiply(a, count), ofTerms([{ coefficient: 1, monomial: only.monomial }]));
  if (!isWholeExact(count) || !isWhole(rest, given)) return null;
  return divide(add(factor.atom.inside, rest), count);
}

/** The coefficient, counted in steps of the monomial: whole where every value of the term is whole. */
function inSteps(term: Term, given: Assumptions): Exact {
  return multiplyExact(term.coefficient, stepOf(term, given));
}

/** A number that divides every value of the monomial. */
function stepOf({ monomial }: Term, given: Assumptions): Exact {
  let step: Exact = 1;
  for (const { atom, power } of monomial.factors) {
    const divisor = atom.kind === "symbol" ? divisorOf(atom.name, given) : 1;
    if (divisor !== 1) step = multiplyExact(step, powerExact(divisor, power));
  }
  return step;
}
