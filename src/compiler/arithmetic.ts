import type { ProductOperator, SumOperator } from "./ast/expressions.ts";
import { LimitExceeded } from "./limits.ts";
import { bitsOf, powerExact } from "./number.ts";
import type { Session } from "./session.ts";
import type { Span } from "./source.ts";
import { add, divide, modulo, Poly, type Quantity, subtract } from "./symbolic.ts";
import { type Unknown, unknown } from "./value.ts";

/** One step of a chain of operators, within the limits of the session. */
export function combine(
  left: Quantity,
  operator: SumOperator | ProductOperator,
  right: Quantity,
  spans: { readonly whole: Span; readonly right: Span },
  session: Session,
): Quantity | Unknown {
  session.burnReduction(left, spans.whole);
  session.burnReduction(right, spans.whole);
  switch (operator) {
    case "+":
      return session.bounded(add(left, right), spans.whole);
    case "-":
      return session.bounded(subtract(left, right), spans.whole);
    case "*":
      return session.product(left, right, spans.whole);
    case "/":
    case "%": {
      if (right instanceof Poly) {
        return session.needsSizes([right], spans.right, operator === "/" ? "a divisor" : "the divisor of %");
      }
      if (right === 0) {
        session.report("division-by-zero", spans.right, { operator });
        return unknown;
      }
      if (operator === "%") session.burnFloors(left, spans.whole);
      const result = operator === "/" ? divide(left, right) : modulo(left, right, session.assumptions);
      return session.bounded(result, spans.whole);
    }
  }
}

/** `base ^ exponent` for a whole exponent; its size is bounded before it is worked out. */
export function raise(base: Quantity, exponent: number, span: Span, session: Session): Quantity | Unknown {
  if (base instanceof Poly) return raiseSize(base, exponent, span, session);
  if (base === 0 && exponent < 0) {
    session.report("division-by-zero", span, { operator: "^" });
    return unknown;
  }
  if (base === 1 || base === 0) return exponent === 0 ? 1 : base;
  const bits = typeof base === "number" ? Math.log2(Math.abs(base)) : bitsOf(base);
  if (bits * Math.abs(exponent) > session.limits.bits) throw new LimitExceeded("bits", span);
  return session.bounded(powerExact(base, exponent), span);
}

function raiseSize(base: Poly, exponent: number, span: Span, session: Session): Quantity | Unknown {
  if (exponent < 0) return session.needsSizes([base], span, "a negative power");
  let result: Quantity = 1;
  for (let i = 0; i < exponent; i++) {
    session.burn(fuelPerFactor, span);
    result = session.product(result, base, span);
  }
  return result;
}

const fuelPerFactor = 100;
