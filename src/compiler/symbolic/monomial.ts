import { compareExact, type Exact } from "../number.ts";
import type { Poly } from "./poly.ts";

/** What cannot be taken apart: a size, or the floor of a polynomial. Its value is whole and never negative. */
export type Atom = SymbolAtom | FloorAtom;

export interface SymbolAtom {
  readonly kind: "symbol";
  readonly name: string;
  readonly key: string;
  readonly degree: 1;
}

export interface FloorAtom {
  readonly kind: "floor";
  /** The first name inside, for the order of terms. */
  readonly name: string;
  /** Every coefficient lies above 0, the constant from 0 up to 1: so the floor never is negative and never falls. */
  readonly inside: Poly;
  /** The first coefficient inside. */
  readonly lead: Exact;
  readonly key: string;
  readonly degree: number;
}

export interface Factor {
  readonly atom: Atom;
  /** At least 1. */
  readonly power: number;
}

/** A product of atoms, in their order; two with the same key are the same. */
export interface Monomial {
  readonly factors: readonly Factor[];
  readonly degree: number;
  readonly key: string;
}

/** The empty product: the monomial of a constant. */
export const one: Monomial = { factors: [], degree: 0, key: "" };

export function monomial(factors: readonly Factor[]): Monomial {
  let degree = 0;
  let key = "";
  for (const { atom, power } of factors) {
    degree += atom.degree * power;
    key += `${key ? "*" : ""}${atom.key}${power === 1 ? "" : `^${power}`}`;
  }
  return { factors, degree, key };
}

export function multiplyMonomials(a: Monomial, b: Monomial): Monomial {
  if (a.factors.length === 0) return b;
  if (b.factors.length === 0) return a;
  const factors: Factor[] = [];
  let i = 0;
  for (const factor of b.factors) {
    let next = a.factors[i];
    while (next && compareAtoms(next.atom, factor.atom) < 0) {
      factors.push(next);
      next = a.factors[++i];
    }
    if (next && next.atom.key === factor.atom.key) {
      factors.push({ atom: factor.atom, power: next.power + factor.power });
      i++;
    } else factors.push(factor);
  }
  return monomial([...factors, ...a.factors.slice(i)]);
}

/** The order of terms: degree descending, then names, higher powers first. 0 only for the same monomial. */
export function compareMonomials(a: Monomial, b: Monomial): number {
  if (a.key === b.key) return 0;
  if (a.degree !== b.degree) return b.degree - a.degree;
  for (const [i, factor] of a.factors.entries()) {
    const other = b.factors[i];
    if (!other) return 1;
    const order = compareAtoms(factor.atom, other.atom) || other.power - factor.power;
    if (order !== 0) return order;
  }
  return -1;
}

/** By name; the size itself before the floors that begin with it; ⌊H/2⌋ before ⌊H/16⌋. */
function compareAtoms(a: Atom, b: Atom): number {
  if (a.key === b.key) return 0;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  if (a.kind === "symbol") return -1;
  if (b.kind === "symbol") return 1;
  return compareExact(b.lead, a.lead) || (a.key < b.key ? -1 : 1);
}
