import type { IToken } from "chevrotain";
import type { ExprCstNode, OperandCstNode } from "../../../grammar/cst.d.ts";
import { precedence } from "../../../grammar/precedence.ts";
import * as t from "../../../grammar/tokens.ts";
import type { CompareOperator, Expr, ProductOperator, SumOperator } from "../ast/expressions.ts";
import { type Span, spanFrom } from "../source.ts";
import type { Building } from "./building.ts";

/** Nests operands and the operators between them by `precedence`. */
export function buildOperation(
  building: Building,
  node: ExprCstNode,
  span: Span,
  build: (operand: OperandCstNode) => Expr,
): Expr {
  const { operand: operands = [], operator: operators = [] } = node.children;
  return climb({ building, operands, operators, span, build, operand: 0, prefix: 0 }, 0);
}

/** A flat expression and how far it has been read: the next operand and the next of its prefix operators. */
interface Flat {
  readonly building: Building;
  readonly operands: readonly OperandCstNode[];
  readonly operators: readonly IToken[];
  readonly span: Span;
  readonly build: (operand: OperandCstNode) => Expr;
  operand: number;
  prefix: number;
}

const level = {
  or: levelOf("or"),
  and: levelOf("and"),
  not: levelOf("not"),
  compare: levelOf("=="),
  range: levelOf(".."),
  sum: levelOf("+"),
  product: levelOf("*"),
  negate: precedence.findLastIndex(({ operators }) => operators.includes("-")),
  power: levelOf("^"),
};

function levelOf(operator: string): number {
  return precedence.findIndex(({ operators }) => operators.includes(operator));
}

const levels: ReadonlyMap<string, number> = new Map(
  precedence.flatMap(({ operators, note }, index) =>
    note === "before its operand" ? [] : operators.map((operator) => [operator, index] as const),
  ),
);

/** An expression of operators that bind at least as tight as `loosest`. */
function climb(flat: Flat, loosest: number): Expr {
  let left = climbPrefix(flat, loosest);
  for (let operator = next(flat); operator; operator = next(flat)) {
    const found = levels.get(operator.image) ?? 0;
    if (found < loosest) break;
    left = join(flat, left, found);
  }
  return left;
}

/** The operator before the next operand; null at the end. */
function next(flat: Flat): IToken | null {
  return flat.operand <= flat.operands.length ? (flat.operators[flat.operand - 1] ?? null) : null;
}

function climbPrefix(flat: Flat, loosest: number): Expr {
  const { building } = flat;
  const node = flat.operands[flat.operand];
  const prefix = node?.children.prefix?.[flat.prefix];
  if (!node) return building.missing(flat.span);
  if (!prefix) {
    flat.operand++;
    flat.prefix = 0;
    return flat.build(node);
  }
  flat.prefix++;
  const span = building.spanOf(prefix);
  const negates = prefix.tokenType === t.Minus;
  if (!negates && loosest > level.not) {
    const before = node.children.prefix?.[flat.prefix - 2] ?? flat.operators[flat.operand - 1];
    building.report("misplaced-not", span, { operator: before?.image ?? "" });
  }
  const operand = building.deeper(span, () => climb(flat, negates ? level.negate : level.not));
  return { kind: negates ? "negate" : "not", span: spanFrom(span, operand.span), operand };
}

/** Joins `left` with what the operators of one level, from the next on, put to its right. */
function join(flat: Flat, left: Expr, found: number): Expr {
  if (found === level.power) return joinPower(flat, left);
  if (found === level.range) return joinRange(flat, left);
  const rest: { operator: string; operand: Expr }[] = [];
  let operator = next(flat);
  while (operator && levels.get(operator.image) === found) {
    rest.push({ operator: operator.image, operand: climb(flat, found + 1) });
    operator = next(flat);
  }
  const span = spanFrom(left.span, rest.at(-1)?.operand.span ?? left.span);
  if (found === level.or || found === level.and) {
    const operands = [left, ...rest.map(({ operand }) => operand)];
    return { kind: found === level.or ? "or" : "and", span, operands };
  }
  // The level decides which operators `rest` can hold.
  if (found === level.compare) return { kind: "compare", span, first: left, rest: rest as Rest<CompareOperator> };
  return { kind: "chain", span, first: left, rest: rest as Rest<SumOperator | ProductOperator> };
}

type Rest<O> = readonly { readonly operator: O; readonly operand: Expr }[];

function joinPower(flat: Flat, base: Expr): Expr {
  const exponent = flat.building.deeper(base.span, () => climb(flat, level.power));
  return { kind: "power", span: spanFrom(base.span, exponent.span), base, exponent };
}

function joinRange(flat: Flat, from: Expr): Expr {
  const to = climb(flat, level.range + 1);
  const range: Expr = { kind: "range", span: spanFrom(from.span, to.span), from, to };
  const again = next(flat);
  if (again && levels.get(again.image) === level.range) {
    flat.building.report("range-of-ranges", flat.building.spanOf(again), {});
  }
  return range;
}
