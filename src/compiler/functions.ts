import type { CallExpr } from "./ast/expressions.ts";
import { divideExact } from "./number.ts";
import { asQuantity, typeError } from "./operand.ts";
import type { Session } from "./session.ts";
import { add, ceil, floor, negate, type Quantity } from "./symbolic.ts";
import { isSequence, itemAt, type Sequence, type Unknown, unknown, type Value } from "./value.ts";

/** One half, for rounding. */
const half = divideExact(1, 2);

/** A function of the language itself. `most` arguments at the most; null: any number. */
export interface BuiltinFunction {
  readonly doc: string;
  readonly least: number;
  readonly most: number | null;
  readonly apply: (args: readonly Value[], call: CallExpr, session: Session) => Value | Unknown;
}

/** The functions of the language. To add one: a record here; help and checking read this table. */
export const builtinFunctions: ReadonlyMap<string, BuiltinFunction> = new Map([
  ["floor", numeric("The greatest whole number that is not above x.", (x, session) => floor(x, session.assumptions))],
  ["ceil", numeric("The least whole number that is not below x.", (x, session) => ceil(x, session.assumptions))],
  [
    "round",
    numeric("The nearest whole number; up at a half.", (x, session) => floor(add(x, half), session.assumptions)),
  ],
  ["abs", numeric("x without its sign.", absolute)],
  ["len", { doc: "How many items a list has.", least: 1, most: 1, apply: length }],
  ["sum", { doc: "The sum of a list of numbers; 0 of an empty one.", least: 1, most: 1, apply: total }],
  [
    "min",
    { doc: "The least of its arguments, or of the items of a list.", least: 1, most: null, apply: extreme("min") },
  ],
  [
    "max",
    { doc: "The greatest of its arguments, or of the items of a list.", least: 1, most: null, apply: extreme("max") },
  ],
  ["reverse", { doc: "A list from its end.", least: 1, most: 1, apply: reversed }],
]);

function numeric(
  doc: string,
  of: (x: Quantity, session: Session, call: CallExpr) => Quantity | Unknown,
): BuiltinFunction {
  return {
    doc,
    least: 1,
    most: 1,
    apply: ([value], call, session) => {
      const x = asQuantity(value as Value, operand(call, 0), `the argument of ${call.callee.text}`, session);
      if (x === unknown) return unknown;
      session.burnLength(x, call.span);
      session.burnFloors(x, call.span);
      return of(x, session, call);
    },
  };
}

function absolute(x: Quantity, session: Session, call: CallExpr): Quantity | Unknown {
  switch (session.relation(x, 0, call.span)) {
    case "less":
    case "at-most":
      return negate(x);
    case "equal":
    case "greater":
    case "at-least":
      return x;
    case "unequal":
    case "unknown":
      return needsSizes([x], call, session);
  }
}

function length(args: readonly Value[], call: CallExpr, session: Session): Value | Unknown {
  const list = listArgument(args, call, "a list", session);
  return list === unknown ? unknown : list.length;
}

function total(args: readonly Value[], call: CallExpr, session: Session): Value | Unknown {
  const list = listArgument(args, call, "a list of numbers", session);
  if (list === unknown) return unknown;
  let sum: Quantity = 0;
  for (let i = 0; i < list.length; i++) {
    const item = asQuantity(itemAt(list, i), operand(call, 0), `item ${i} of the list`, session);
    if (item === unknown) return unknown;
    sum = session.bounded(add(sum, item), call.span);
  }
  return sum;
}

function extreme(which: "min" | "max") {
  return (args: readonly Value[], call: CallExpr, session: Session): Value | Unknown => {
    const first = args[0] as Value;
    const list = args.length === 1 && isSequence(first) ? first : args;
    if (list.length === 0) {
      session.report("empty-list", call.span, { name: which });
      return unknown;
    }
    session.burn(list.length, call.span);
    let best: Quantity | null = null;
    for (let i = 0; i < list.length; i++) {
      const at = list === args ? operand(call, i) : operand(call, 0);
      const item = asQuantity(itemAt(list, i), at, `an argument of ${which}`, session);
      if (item === unknown) return unknown;
      const chosen: Quantity | Unknown = best === null ? item : choose(which, best, item, call, session);
      if (chosen === unknown) return unknown;
      best = chosen;
    }
    return best ?? unknown;
  };
}

function choose(which: "min" | "max", a: Quantity, b: Quantity, call: CallExpr, session: Session): Quantity | Unknown {
  switch (session.relation(a, b, call.span)) {
    case "less":
    case "at-most":
    case "equal":
      return which === "min" ? a : b;
    case "greater":
    case "at-least":
      return which === "min" ? b : a;
    case "unequal":
    case "unknown":
      return needsSizes([a, b], call, session);
  }
}

function reversed(args: readonly Value[], call: CallExpr, session: Session): Value | Unknown {
  const list = listArgument(args, call, "a list", session);
  if (list === unknown) return unknown;
  return Array.from({ length: list.length }, (_, i) => itemAt(list, list.length - 1 - i));
}

function listArgument(args: readonly Value[], call: CallExpr, wanted: string, session: Session): Sequence | Unknown {
  const value = args[0] as Value;
  if (!isSequence(value)) {
    return typeError(value, operand(call, 0), wanted, `the argument of ${call.callee.text}`, session);
  }
  session.burn(value.length, call.span);
  return value;
}

function needsSizes(quantities: readonly Quantity[], call: CallExpr, session: Session): Unknown {
  return session.needsSizes(quantities, call.span, `${call.callee.text} of sizes that are not known`);
}

function operand(call: CallExpr, index: number) {
  return (call.args[index] ?? call).span;
}
