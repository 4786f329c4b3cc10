import {
  denominatorOf,
  type Exact,
  formatExact,
  isExact,
  leastCommonMultiple,
  multiplyExact,
  numeratorOf,
  ratio,
} from "../number.ts";
import type { Atom, Monomial } from "./monomial.ts";
import { multiply, type Poly, type Quantity, type Term, termsOf } from "./poly.ts";

/** As people write it: `64·H·W + 3`, `⌊(H + 1)/2⌋`, `3·H² − 1`. */
export function formatQuantity(a: Quantity): string {
  return isExact(a) ? formatExact(a) : format(a, forPeople);
}

/**
 * In ASCII, for programs and for the name of a dimension in an ONNX file: `floor((H + 1)/2)`, `3*H^2 - 1`. It is an
 * expression of the language. Two sizes of one name are equal.
 */
export function sizeName(a: Quantity): string {
  return isExact(a) ? `${numeratorOf(a) < 0n ? "-" : ""}${inAscii.constant(absolute(a))}` : format(a, inAscii);
}

interface Notation {
  readonly times: string;
  readonly minus: string;
  constant(a: Exact): string;
  power(base: string, exponent: number): string;
  floor(inside: string): string;
}

const forPeople: Notation = {
  times: "·",
  minus: "−",
  constant: formatExact,
  power: (base, exponent) => base + [...String(exponent)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join(""),
  floor: (inside) => `⌊${inside}⌋`,
};

const inAscii: Notation = {
  times: "*",
  minus: "-",
  constant: (a) => (denominatorOf(a) === 1n ? `${numeratorOf(a)}` : `${numeratorOf(a)}/${denominatorOf(a)}`),
  power: (base, exponent) => `${base}^${exponent}`,
  floor: (inside) => `floor(${inside})`,
};

function format(a: Quantity, notation: Notation): string {
  let text = "";
  for (const term of termsOf(a)) {
    const negative = numeratorOf(term.coefficient) < 0n;
    const sign = negative ? notation.minus : "+";
    text += text ? ` ${sign} ` : negative ? notation.minus : "";
    text += formatTerm({ coefficient: absolute(term.coefficient), monomial: term.monomial }, notation);
  }
  return text;
}

/** Of a positive coefficient. */
function formatTerm({ coefficient, monomial }: Term, notation: Notation): string {
  if (monomial.degree === 0) return notation.constant(coefficient);
  const top = ratio(numeratorOf(coefficient), 1n);
  const bottom = ratio(denominatorOf(coefficient), 1n);
  const product = formatMonomial(monomial, notation);
  return `${top === 1 ? "" : notation.constant(top) + notation.times}${product}${overDenominator(bottom, notation)}`;
}

function formatMonomial({ factors }: Monomial, notation: Notation): string {
  return factors
    .map(({ atom, power }) =>
      power === 1 ? formatAtom(atom, notation) : notation.power(formatAtom(atom, notation), power),
    )
    .join(notation.times);
}

function formatAtom(atom: Atom, notation: Notation): string {
  return atom.kind === "symbol" ? atom.name : notation.floor(formatFraction(atom.inside, notation));
}

/** Over one denominator: `(H + 1)/2`. */
function formatFraction(a: Poly, notation: Notation): string {
  const bottom = a.terms.reduce((grain, term) => leastCommonMultiple(grain, denominatorOf(term.coefficient)), 1n);
  const top = format(multiply(a, ratio(bottom, 1n)), notation);
  return `${a.terms.length === 1 ? top : `(${top})`}${overDenominator(ratio(bottom, 1n), notation)}`;
}

function overDenominator(bottom: Exact, notation: Notation): string {
  return bottom === 1 ? "" : `/${notation.constant(bottom)}`;
}

function absolute(a: Exact): Exact {
  return numeratorOf(a) < 0n ? multiplyExact(a, -1) : a;
}
