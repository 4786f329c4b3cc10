import type { CompareOperator, Expr } from "./ast/expressions.ts";
import { divideExact, type Exact, powerExact } from "./number.ts";
import { typeError } from "./operand.ts";
import type { Session } from "./session.ts";
import { add, type Quantity, type Relation, subtract, symbolsOf } from "./symbolic.ts";
import {
  isQuantity,
  isSequence,
  itemAt,
  Named,
  type Sequence,
  Undecided,
  type Unknown,
  unknown,
  type Value,
} from "./value.ts";

/** Whether `left operator right` holds, for every symbolic size that meets the assumptions. */
export function compareValues(
  left: Value,
  leftExpr: Expr,
  operator: CompareOperator,
  right: Value,
  rightExpr: Expr,
  session: Session,
): boolean | Undecided | Unknown {
  if (operator === "~=") return nearly(left, leftExpr, right, rightExpr, session);
  if (isQuantity(left) && isQuantity(right)) return compareQuantities(left, operator, right, session);
  if (operator === "==" || operator === "!=") {
    const equal = equalValues(left, right, session);
    return equal instanceof Undecided ? equal : equal === (operator === "==");
  }
  const [odd, expr] = isQuantity(left) ? [right, rightExpr] : [left, leftExpr];
  return typeError(odd, expr.span, "a number", `an operand of ${operator}`, session);
}

/** Equality of the language; lists item by item, a range like the list of its numbers. */
export function equalValues(a: Value, b: Value, session: Session): boolean | Undecided {
  session.burn(1);
  if (isQuantity(a) && isQuantity(b)) return compareQuantities(a, "==", b, session);
  if (a instanceof Undecided) return b instanceof Undecided || typeof b === "boolean" ? a : false;
  if (b instanceof Undecided) return typeof a === "boolean" ? b : false;
  if (a instanceof Named) return b instanceof Named && a.name === b.name;
  if (isSequence(a)) return isSequence(b) && a.length === b.length && equalItems(a, b, session);
  if (typeof a === "string" && typeof b === "string") session.burn(Math.min(a.length, b.length) >> 6);
  return a === b;
}

/** Of two of the same length. */
function equalItems(a: Sequence, b: Sequence, session: Session): boolean | Undecided {
  let open: Undecided | null = null;
  for (let i = 0; i < a.length; i++) {
    const equal = equalValues(itemAt(a, i), itemAt(b, i), session);
    if (equal === false) return false;
    if (equal instanceof Undecided) open = equal.and(open);
  }
  return open ?? true;
}

/**
 * The unit of the last digit of a number as written: 0.001 G for `2.834G`, 1 for `7_978_856`.
 * Null where the expression is not a number as written.
 */
export function lastDigit(expr: Expr): Exact | null {
  if (expr.kind === "negate") return lastDigit(expr.operand);
  if (expr.kind !== "number") return null;
  const match = /^[\d_]+(?:\.([\d_]+))?(?:[eE]([+-]?\d+))?([KMG])?$/.exec(expr.text);
  if (!match) return null;
  const decimals = (match[1] ?? "").replaceAll("_", "").length;
  const exponent = Number(match[2] ?? 0);
  const thousands = { K: 1, M: 2, G: 3 }[match[3] ?? ""] ?? 0;
  return powerExact(10, exponent - decimals + 3 * thousands);
}

/** `a ~= b`: a is within half a unit of the last digit of b. */
function nearly(
  left: Value,
  leftExpr: Expr,
  right: Value,
  rightExpr: Expr,
  session: Session,
): boolean | Undecided | Unknown {
  const unit = lastDigit(rightExpr);
  if (unit === null) {
    session.report("nearly-literal", rightExpr.span, {});
    return unknown;
  }
  if (!isQuantity(left)) return typeError(left, leftExpr.span, "a number", "the left side of ~=", session);
  if (!isQuantity(right)) return unknown;
  const tolerance = divideExact(unit, 2);
  const above = compareQuantities(left, "<=", add(right, tolerance), session);
  const below = compareQuantities(left, ">=", subtract(right, tolerance), session);
  if (above === false || below === false) return false;
  return above instanceof Undecided ? above : below;
}

function compareQuantities(
  left: Quantity,
  operator: Exclude<CompareOperator, "~=">,
  right: Quantity,
  session: Session,
): boolean | Undecided {
  const relation = session.relation(left, right);
  const known = holds[operator][relation];
  if (known !== null) return known;
  return new Undecided([...new Set([...symbolsOf(left), ...symbolsOf(right)])].sort());
}

/** What the strongest relation that can be shown says of each comparison; null: it says nothing. */
const holds: Readonly<Record<Exclude<CompareOperator, "~=">, Readonly<Record<Relation, boolean | null>>>> = {
  "==": { less: false, equal: true, greater: false, "at-most": null, "at-least": null, unequal: false, unknown: null },
  "!=": { less: true, equal: false, greater: true, "at-most": null, "at-least": null, unequal: true, unknown: null },
  "<": { less: true, equal: false, greater: false, "at-most": null, "at-least": false, unequal: null, unknown: null },
  "<=": { less: true, equal: true, greater: false, "at-most": true, "at-least": null, unequal: null, unknown: null },
  ">": { less: false, equal: false, greater: true, "at-most": false, "at-least": null, unequal: null, unknown: null },
  ">=": { less: false, equal: true, greater: true, "at-most": null, "at-least": true, unequal: null, unknown: null },
};
