import type { CompareOperator, Expr } from "../ast/expressions.ts";
import { evaluate, type Place } from "../evaluate.ts";
import { denominatorOf, type Exact, isExact, numeratorOf } from "../number.ts";
import {
  type Assumptions,
  add,
  ceil,
  divide,
  floor,
  multiply,
  noAssumptions,
  Poly,
  type SymbolFacts,
  sameQuantity,
  substitute,
  subtract,
  symbol,
  symbolsOf,
} from "../symbolic.ts";
import { unknown } from "../value.ts";

/**
 * Takes a condition on symbolic sizes for granted from here on: `H % 8 == 0`, bounds such as `H >= 32`, and
 * several of them joined by `and`. Nothing is assumed of a condition that has no such form, and of one that no size
 * meets together with what was assumed before.
 */
export function assume(condition: Expr, at: Place): "assumed" | "no form" | "impossible" {
  const facts = factsOf(condition, at);
  if (!facts) return "no form";
  const symbols = new Map(at.session.assumptions.symbols);
  for (const { name, fact } of facts) {
    const joined = both(symbols.get(name) ?? unrestricted, fact);
    if (joined.divisor > largestFact) return "no form";
    const least = Math.ceil(joined.atLeast / joined.divisor) * joined.divisor;
    if (joined.atMost !== null && least > joined.atMost) return "impossible";
    symbols.set(name, joined);
  }
  at.session.assumptions = { symbols };
  return "assumed";
}

/** What is assumed, and that `divisor` divides the sizes. */
export function alsoDivisible({ symbols }: Assumptions, sizes: readonly string[], divisor: number): Assumptions {
  const facts = sizes.map(
    (name) => [name, both(symbols.get(name) ?? unrestricted, { ...unrestricted, divisor })] as const,
  );
  return { symbols: new Map([...symbols, ...facts]) };
}

/** No image is that large, and products of two facts stay exact. */
const largestFact = 2 ** 31;

const unrestricted: SymbolFacts = { divisor: 1, atLeast: 1, atMost: null };

interface Fact {
  readonly name: string;
  readonly fact: SymbolFacts;
}

function factsOf(condition: Expr, at: Place): readonly Fact[] | null {
  if (condition.kind === "and") {
    const facts = condition.operands.map((operand) => (holdsAlready(operand, at) ? [] : factsOf(operand, at)));
    return facts.some((one) => one === null) ? null : facts.flatMap((one) => one ?? []);
  }
  if (condition.kind !== "compare") return null;
  const facts: Fact[] = [];
  let left = condition.first;
  for (const { operator, operand } of condition.rest) {
    const fact = divisibility(left, operator, operand, at) ?? bound(left, operator, operand, at);
    if (!fact) return null;
    facts.push(fact);
    left = operand;
  }
  return facts;
}

function holdsAlready(condition: Expr, at: Place): boolean {
  return evaluate(condition, at) === true;
}

/** `q % m == 0`, q a multiple of one size. */
function divisibility(left: Expr, operator: CompareOperator, right: Expr, at: Place): Fact | null {
  if (operator !== "==" || left.kind !== "chain" || evaluate(right, at) !== 0) return null;
  const [only] = left.rest;
  if (left.rest.length !== 1 || only?.operator !== "%") return null;
  const line = lineOf(evaluate(left.first, at));
  const modulus = evaluate(only.operand, at);
  if (line?.offset !== 0 || typeof modulus !== "number" || modulus < 1) return null;
  const step = multiply(modulus, Number(denominatorOf(line.factor)));
  const shared = greatestCommonDivisor(Math.abs(Number(numeratorOf(line.factor))), modulus);
  const divisor = divide(step, shared);
  if (typeof divisor !== "number" || divisor > largestFact) return null;
  return { name: line.name, fact: { ...unrestricted, divisor, atLeast: divisor } };
}

/** `q >= c` and its like, on either side. */
function bound(left: Expr, operator: CompareOperator, right: Expr, at: Place): Fact | null {
  const [a, b] = [evaluate(left, at), evaluate(right, at)];
  if (a instanceof Poly && isExact(b)) return boundOf(a, operator, b);
  const turned = opposite[operator];
  return b instanceof Poly && isExact(a) && turned ? boundOf(b, turned, a) : null;
}

const opposite: Partial<Record<CompareOperator, CompareOperator>> = { "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

function boundOf(q: Poly, operator: CompareOperator, limit: Exact): Fact | null {
  const line = lineOf(q);
  if (!line || numeratorOf(line.factor) <= 0n) return null;
  const edge = divide(subtract(limit, line.offset), line.factor);
  const [up, down] = [ceil(edge, noAssumptions), floor(edge, noAssumptions)];
  if (typeof up !== "number" || typeof down !== "number" || Math.max(up, down) > largestFact) return null;
  const fact = (atLeast: number, atMost: number | null): Fact => ({
    name: line.name,
    fact: { divisor: 1, atLeast: Math.max(1, atLeast), atMost },
  });
  switch (operator) {
    case ">=":
      return fact(up, null);
    case ">":
      return fact(down + 1, null);
    case "<=":
      return fact(1, down);
    case "<":
      return fact(1, up - 1);
    case "==":
    case "!=":
    case "~=":
      return null;
  }
}

/** factor·name + offset */
interface Line {
  readonly name: string;
  readonly factor: Exact;
  readonly offset: Exact;
}

function lineOf(value: ReturnType<typeof evaluate>): Line | null {
  if (value === unknown || !(value instanceof Poly)) return null;
  const [name, ...others] = symbolsOf(value);
  if (name === undefined || others.length > 0) return null;
  const offset = substitute(value, new Map([[name, 0]]));
  const factor = subtract(substitute(value, new Map([[name, 1]])), offset);
  if (!isExact(offset) || !isExact(factor)) return null;
  return sameQuantity(add(multiply(factor, symbol(name)), offset), value) ? { name, factor, offset } : null;
}

function both(a: SymbolFacts, b: SymbolFacts): SymbolFacts {
  const divisor = (a.divisor / greatestCommonDivisor(a.divisor, b.divisor)) * b.divisor;
  const atMost = a.atMost === null ? b.atMost : b.atMost === null ? a.atMost : Math.min(a.atMost, b.atMost);
  return { divisor, atLeast: Math.max(a.atLeast, b.atLeast), atMost };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
