import type { Expr } from "./ast/expressions.ts";
import { type Exact, isExact, isWholeExact } from "./number.ts";
import type { Session } from "./session.ts";
import { type Span, textOf } from "./source.ts";
import { Poly, type Quantity } from "./symbolic.ts";
import { describeType, formatValue, type Unknown, unknown, type Value } from "./value.ts";

/** `value` as a number or symbolic size; reports what it is where it is neither. `role`: "the argument of floor". */
export function asQuantity(value: Value, span: Span, role: string, session: Session): Quantity | Unknown {
  if (isExact(value) || value instanceof Poly) return value;
  return typeError(value, span, "a number", role, session);
}

export function typeError(value: Value, span: Span, wanted: string, role: string, session: Session): Unknown {
  if (isExact(value)) session.burnReduction(value, span);
  session.report("wrong-type", span, { role, wanted, found: describeType(value), value: formatValue(value) });
  return unknown;
}

/** A whole JS number, for an index or a loop; reports what asked for it. `origin` as for `reportNotWhole`. */
export function asWholeNumber(
  value: Value,
  span: Span,
  role: string,
  session: Session,
  origin: Expr | null = null,
): number | Unknown {
  const quantity = asQuantity(value, span, role, session);
  if (quantity === unknown) return unknown;
  if (quantity instanceof Poly) return session.needsSizes([quantity], span, role);
  if (typeof quantity === "number") return quantity;
  if (!isWholeExact(quantity)) return reportNotWhole(quantity, span, role, origin, session);
  session.burnReduction(quantity, span);
  session.report("too-large", span, { role, value: formatValue(value) });
  return unknown;
}

/**
 * Shows the expression, its value and what asked for a whole number. `origin` is what stands behind a name: it is the
 * place of the mistake, which is so said once, however often the name is used.
 */
export function reportNotWhole(value: Exact, span: Span, role: string, origin: Expr | null, session: Session): Unknown {
  // To write a long number down costs about the square of its length.
  session.burnReduction(value, span);
  const place = origin?.span ?? span;
  const text = textOf(place);
  const facts = { role, expression: text.length > 60 ? `${text.slice(0, 59)}…` : text, value: formatValue(value) };
  const related = origin ? [{ span, message: "asked for here" }] : [];
  session.report("not-whole", place, facts, { related });
  return unknown;
}
