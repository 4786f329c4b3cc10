import { defaultLimits, LimitExceeded } from "../limits.ts";
import {
  addExact,
  bitsOf,
  denominatorOf,
  divideExact,
  type Exact,
  equalExact,
  isExact,
  multiplyExact,
  negateExact,
  numeratorOf,
  powerExact,
} from "../number.ts";
import {
  type Atom,
  compareMonomials,
  type Factor,
  type Monomial,
  monomial,
  multiplyMonomials,
  one,
} from "./monomial.ts";

/** A number, or a polynomial of the symbolic sizes. */
export type Quantity = Exact | Poly;

export interface Term {
  /** Never 0. */
  readonly coefficient: Exact;
  readonly monomial: Monomial;
}

/** How many terms a polynomial may have, those inside its floors included. */
export const largestPoly = 1000;

/** The highest power a polynomial may have. */
const largestDegree = 100;

/**
 * A sum of rational multiples of products of sizes and floors. Immutable; one form per polynomial; never
 * constant: what does not depend on a size is an `Exact`.
 */
export class Poly {
  /** In the order of `compareMonomials`, each monomial once; the first is not constant. */
  readonly terms: readonly Term[];
  /** The number of terms, those inside floors included: what work on it costs. */
  readonly size: number;

  /** Made only in this file, from terms in order. Throws LimitExceeded for one beyond the limits. */
  constructor(terms: readonly Term[]) {
    this.terms = terms;
    this.size = sizeOf(terms);
    checkLimits(this);
  }
}

export function symbol(name: string): Poly {
  return ofAtom({ kind: "symbol", name, key: name, degree: 1 });
}

/** The floor of a polynomial that is already in the form `FloorAtom` promises. */
export function floorOf(inside: Poly): Poly {
  const first = inside.terms[0];
  const factor = first?.monomial.factors[0];
  if (!factor) throw new Error("a polynomial begins with a constant");
  return ofAtom({
    kind: "floor",
    name: factor.atom.name,
    inside,
    lead: first.coefficient,
    key: `floor(${keyOf(inside)})`,
    degree: first.monomial.degree,
  });
}

export function add(a: Quantity, b: Quantity): Quantity {
  if (isExact(a) && isExact(b)) return addExact(a, b);
  return ofTerms(mergeTerms(termsOf(a), termsOf(b)));
}

export function subtract(a: Quantity, b: Quantity): Quantity {
  return add(a, negate(b));
}

export function negate(a: Quantity): Quantity {
  if (isExact(a)) return negateExact(a);
  return new Poly(a.terms.map((term) => ({ coefficient: negateExact(term.coefficient), monomial: term.monomial })));
}

/** Throws LimitExceeded where the product has more than `largestPoly` terms, or a power or number too high. */
export function multiply(a: Quantity, b: Quantity): Quantity {
  if (isExact(a)) return isExact(b) ? multiplyExact(a, b) : scale(b, a);
  if (isExact(b)) return scale(a, b);
  const products = new Map<string, Term>();
  for (const left of a.terms) {
    for (const right of b.terms) {
      const product = multiplyMonomials(left.monomial, right.monomial);
      const before = products.get(product.key)?.coefficient ?? 0;
      const coefficient = addExact(before, multiplyExact(left.coefficient, right.coefficient));
      products.set(product.key, { coefficient, monomial: product });
    }
    if (products.size > largestPoly) throw new LimitExceeded("fuel", null);
  }
  const terms = [...products.values()].filter((term) => term.coefficient !== 0);
  return ofTerms(terms.sort((left, right) => compareMonomials(left.monomial, right.monomial)));
}

/** `b` must not be 0. */
export function divide(a: Quantity, b: Exact): Quantity {
  return isExact(a) ? divideExact(a, b) : scale(a, divideExact(1, b));
}

/** `exponent` is whole and not negative. */
export function power(base: Quantity, exponent: number): Quantity {
  if (isExact(base)) return powerExact(base, exponent);
  let result: Quantity = 1;
  for (let i = 0; i < exponent; i++) result = multiply(result, base);
  return result;
}

/** Whether two quantities are written alike. Equal ones may differ where only facts or cases show it: see `compare`. */
export function sameQuantity(a: Quantity, b: Quantity): boolean {
  if (isExact(a) || isExact(b)) return isExact(a) && isExact(b) && equalExact(a, b);
  return a.terms.length === b.terms.length && a.terms.every((term, i) => sameTerm(term, b.terms[i]));
}

export function symbolsOf(a: Quantity): ReadonlySet<string> {
  const names = new Set<string>();
  if (!isExact(a)) collectSymbols(a, names);
  return names;
}

export function termsOf(a: Quantity): readonly Term[] {
  if (a instanceof Poly) return a.terms;
  return a === 0 ? [] : [{ coefficient: a, monomial: one }];
}

/** The quantity of terms in order, each monomial once. */
export function ofTerms(terms: readonly Term[]): Quantity {
  const first = terms[0];
  if (!first) return 0;
  return first.monomial.degree === 0 ? first.coefficient : new Poly(terms);
}

/** The constant term. */
export function constantOf(a: Quantity): Exact {
  if (isExact(a)) return a;
  const last = a.terms.at(-1);
  return last && last.monomial.degree === 0 ? last.coefficient : 0;
}

/** A product of factors in order. */
export function ofFactors(coefficient: Exact, factors: readonly Factor[]): Quantity {
  return ofTerms([{ coefficient, monomial: monomial(factors) }]);
}

function ofAtom(atom: Atom): Poly {
  return new Poly([{ coefficient: 1, monomial: monomial([{ atom, power: 1 }]) }]);
}

function scale(a: Poly, factor: Exact): Quantity {
  if (factor === 0) return 0;
  if (factor === 1) return a;
  return new Poly(
    a.terms.map(({ coefficient, monomial }) => ({ coefficient: multiplyExact(coefficient, factor), monomial })),
  );
}

function mergeTerms(a: readonly Term[], b: readonly Term[]): Term[] {
  const merged: Term[] = [];
  let i = 0;
  for (const term of b) {
    let next = a[i];
    while (next && compareMonomials(next.monomial, term.monomial) < 0) {
      merged.push(next);
      next = a[++i];
    }
    if (next && next.monomial.key === term.monomial.key) {
      const coefficient = addExact(next.coefficient, term.coefficient);
      if (coefficient !== 0) merged.push({ coefficient, monomial: term.monomial });
      i++;
    } else merged.push(term);
  }
  return [...merged, ...a.slice(i)];
}

function sameTerm(a: Term, b: Term | undefined): boolean {
  return b !== undefined && a.monomial.key === b.monomial.key && equalExact(a.coefficient, b.coefficient);
}

function sizeOf(terms: readonly Term[]): number {
  let size = terms.length;
  for (const { monomial } of terms) {
    for (const { atom } of monomial.factors) if (atom.kind === "floor") size += atom.inside.size;
  }
  return size;
}

function checkLimits({ terms, size }: Poly): void {
  const degree = terms[0]?.monomial.degree ?? 0;
  if (size > largestPoly || degree > largestDegree) throw new LimitExceeded("fuel", null);
  for (const { coefficient } of terms) {
    if (bitsOf(coefficient) > defaultLimits.bits) throw new LimitExceeded("bits", null);
  }
}

function collectSymbols(a: Poly, names: Set<string>): void {
  for (const { monomial } of a.terms) {
    for (const { atom } of monomial.factors) {
      if (atom.kind === "symbol") names.add(atom.name);
      else collectSymbols(atom.inside, names);
    }
  }
}

/** Each polynomial has one, and no two have the same. */
function keyOf(a: Poly): string {
  return a.terms
    .map(({ coefficient, monomial }) => `${numeratorOf(coefficient)}/${denominatorOf(coefficient)}*${monomial.key}`)
    .join("+");
}
