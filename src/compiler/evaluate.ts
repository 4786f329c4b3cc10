import { combine, raise } from "./arithmetic.ts";
import type {
  CallExpr,
  ChainExpr,
  CompareExpr,
  Expr,
  IndexExpr,
  LogicExpr,
  Pattern,
  PowerExpr,
} from "./ast/expressions.ts";
import { compareValues } from "./comparison.ts";
import { Environment } from "./environment.ts";
import { builtinFunctions } from "./functions.ts";
import type { Shape } from "./ir.ts";
import { asQuantity, asWholeNumber, typeError } from "./operand.ts";
import type { FunctionTarget } from "./resolve/resolution.ts";
import type { Session } from "./session.ts";
import type { Span } from "./source.ts";
import { negate, type Quantity } from "./symbolic.ts";
import { isQuantity, isSequence, itemAt, Named, Range, Undecided, type Unknown, unknown, type Value } from "./value.ts";

/** Where an expression stands: the names in force, the tensor there and, in `expect`, the counts. */
export interface Place {
  readonly environment: Environment;
  /** Null where no tensor flows: at the top level and in functions. Unknown after an error. */
  readonly shape: () => Shape | Unknown | null;
  /** The value of `params`, `macs` and the like; undefined for any other name. */
  readonly count: (name: string) => Value | undefined;
  readonly functionOf: (call: CallExpr) => FunctionTarget | undefined;
  readonly session: Session;
}

/**
 * The value of an expression. Names and calls were checked before, so one without a meaning is already
 * reported; every error of evaluation is reported here, once, and makes the result `unknown`.
 */
export function evaluate(expr: Expr, at: Place): Value | Unknown {
  at.session.burn(1, expr.span);
  switch (expr.kind) {
    case "number":
      return expr.value;
    case "size":
      return [expr.height, expr.width];
    case "text":
      return expr.value;
    case "boolean":
      return expr.value;
    case "name":
      return evaluateName(expr.text, expr.span, at);
    case "call":
      return evaluateCall(expr, at);
    case "list":
      return evaluateAll(expr.items, at);
    case "comprehension":
      return evaluateComprehension(expr, at);
    case "index":
      return evaluateIndex(expr, at);
    case "chain":
      return evaluateChain(expr, at);
    case "power":
      return evaluatePower(expr, at);
    case "negate": {
      const operand = evaluateQuantity(expr.operand, at, "the operand of -");
      return operand === unknown ? unknown : negate(operand);
    }
    case "not": {
      const operand = evaluateCondition(expr.operand, at, "the operand of not");
      return typeof operand === "boolean" ? !operand : operand;
    }
    case "and":
    case "or":
      return evaluateLogic(expr, at);
    case "compare":
      return evaluateCompare(expr, at);
    case "range":
      return evaluateRange(expr.from, expr.to, at);
    case "choose": {
      const condition = decide(expr.condition, at, "the condition of if");
      return condition === unknown ? unknown : evaluate(condition ? expr.then : expr.otherwise, at);
    }
    case "let-in": {
      const environment = new Environment(at.environment);
      const value = evaluate(expr.value, at);
      environment.define(expr.name.text, { value, origin: sourceOf(expr.value, at), span: expr.name.span });
      return evaluate(expr.body, { ...at, environment });
    }
    case "missing":
      return unknown;
  }
}

/** A condition that must be known: reports one that hangs on symbolic sizes. */
export function decide(expr: Expr, at: Place, role: string): boolean | Unknown {
  const value = evaluateCondition(expr, at, role);
  if (!(value instanceof Undecided)) return value;
  at.session.report("size-needed", expr.span, { what: role, sizes: value.sizes });
  return unknown;
}

/** A condition; `Undecided` where it holds for some of the symbolic sizes. */
export function evaluateCondition(expr: Expr, at: Place, role: string): boolean | Undecided | Unknown {
  const value = evaluate(expr, at);
  if (value === unknown || typeof value === "boolean" || value instanceof Undecided) return value;
  return typeError(value, expr.span, "true or false", role, at.session);
}

/** The items of the list that a loop or comprehension goes through. */
export function evaluateSequence(expr: Expr, at: Place, role: string): readonly Value[] | Range | Unknown {
  const value = evaluate(expr, at);
  if (value === unknown || isSequence(value)) return value;
  return typeError(value, expr.span, "a list", role, at.session);
}

export function evaluateWhole(expr: Expr, at: Place, role: string): number | Unknown {
  const value = evaluate(expr, at);
  return value === unknown ? unknown : asWholeNumber(value, expr.span, role, at.session, originOf(expr, at));
}

/** The expression that a value comes from, also where names pass it on: what a `let` or parameter is given. */
export function sourceOf(expr: Expr, at: Place): Expr {
  return originOf(expr, at) ?? expr;
}

/** The expression that stands behind a name; null for any other expression, and for a name that has none. */
export function originOf(expr: Expr, at: Place): Expr | null {
  return expr.kind === "name" ? (at.environment.lookup(expr.text)?.origin ?? null) : null;
}

/** Binds the names of a pattern to an item; an item of another shape is reported and binds them to `unknown`. */
export function bindPattern(pattern: Pattern, item: Value, environment: Environment, session: Session): void {
  const parts = pattern.destructures ? splitItem(pattern, item, session) : [item];
  pattern.names.forEach((name, i) => {
    environment.define(name.text, { value: parts?.[i] ?? unknown, origin: null, span: name.span });
  });
}

function splitItem(pattern: Pattern, item: Value, session: Session): readonly Value[] | null {
  if (!isSequence(item)) {
    typeError(item, pattern.span, `a list of ${pattern.names.length}`, "the item", session);
    return null;
  }
  if (item.length !== pattern.names.length) {
    session.report("pattern-mismatch", pattern.span, { names: pattern.names.length, items: item.length });
    return null;
  }
  return pattern.names.map((_, i) => itemAt(item, i));
}

function evaluateName(name: string, span: Span, at: Place): Value | Unknown {
  at.session.burn(at.environment.depth >> 4, span);
  const binding = at.environment.lookup(name);
  if (binding) return binding.value;
  const counted = at.count(name);
  if (counted !== undefined) return counted;
  if (name === "half" || name === "same") return new Named(name);
  if (name === "channels" || name === "height" || name === "width") return sizeHere(name, span, at);
  return unknown;
}

function sizeHere(name: "channels" | "height" | "width", span: Span, at: Place): Value | Unknown {
  const shape = at.shape();
  if (shape === unknown) return unknown;
  if (shape === null) {
    at.session.report("no-tensor-here", span, { name }, { help: `\`${name}\` has a value after the input` });
    return unknown;
  }
  if (name === "channels") return shape[0];
  if (shape.length === 1) {
    at.session.report("no-spatial-size", span, { name, channels: shape[0] });
    return unknown;
  }
  return name === "height" ? shape[1] : shape[2];
}

function evaluateCall(call: CallExpr, at: Place): Value | Unknown {
  const target = at.functionOf(call);
  const args = evaluateAll(call.args, at);
  if (target === undefined || args === unknown) return unknown;
  if (target.kind === "builtin") {
    const builtin = builtinFunctions.get(target.name);
    return builtin ? builtin.apply(args, call, at.session) : unknown;
  }
  const { declaration } = target;
  at.session.burn(fuelPerCall, call.span);
  const environment = new Environment(target.environment);
  declaration.params.forEach((param, i) => {
    environment.define(param.text, { value: args[i] ?? unknown, origin: null, span: param.span });
  });
  const inside: Place = { ...at, environment, shape: () => null, count: () => undefined };
  return at.session.nested(call.span, () => evaluate(declaration.value, inside));
}

/** A call makes names and a place of its own. */
const fuelPerCall = 4;

function evaluateAll(items: readonly Expr[], at: Place): readonly Value[] | Unknown {
  const values: Value[] = [];
  let failed = false;
  for (const item of items) {
    const value = evaluate(item, at);
    if (value === unknown) failed = true;
    else values.push(value);
  }
  return failed ? unknown : values;
}

function evaluateComprehension(expr: Expr & { kind: "comprehension" }, at: Place): Value | Unknown {
  const list = evaluateSequence(expr.list, at, "what a comprehension goes through");
  if (list === unknown) return unknown;
  const values: Value[] = [];
  for (let i = 0; i < list.length; i++) {
    const environment = new Environment(at.environment);
    bindPattern(expr.pattern, itemAt(list, i), environment, at.session);
    const value = evaluate(expr.element, { ...at, environment });
    if (value === unknown) return unknown;
    values.push(value);
  }
  return values;
}

function evaluateIndex(expr: IndexExpr, at: Place): Value | Unknown {
  const target = evaluateSequence(expr.target, at, "what is indexed");
  const index = evaluate(expr.index, at);
  if (target === unknown || index === unknown) return unknown;
  if (index instanceof Range) {
    if (index.from >= 0 && index.from <= index.to && index.to <= target.length) {
      at.session.burn(index.length, expr.span);
      return Array.from({ length: index.length }, (_, i) => itemAt(target, index.from + i));
    }
    at.session.report("slice-outside", expr.index.span, { from: index.from, to: index.to, length: target.length });
    return unknown;
  }
  const position = asWholeNumber(index, expr.index.span, "an index", at.session);
  if (position === unknown) return unknown;
  if (position >= 0 && position < target.length) return itemAt(target, position);
  at.session.report("index-outside", expr.index.span, { index: position, length: target.length });
  return unknown;
}

function evaluateChain(expr: ChainExpr, at: Place): Value | Unknown {
  const firstOperator = expr.rest[0]?.operator ?? "+";
  let total = evaluateQuantity(expr.first, at, `an operand of ${firstOperator}`);
  for (const { operator, operand } of expr.rest) {
    at.session.burn(1, expr.span);
    // Of two operands that are no numbers the first is told of.
    const value = evaluate(operand, at);
    const silent = value === unknown || (total === unknown && !isQuantity(value));
    const right = silent ? unknown : asQuantity(value, operand.span, `an operand of ${operator}`, at.session);
    if (total === unknown || right === unknown) total = unknown;
    else total = combine(total, operator, right, { whole: expr.span, right: operand.span }, at.session);
  }
  return total;
}

function evaluatePower(expr: PowerExpr, at: Place): Value | Unknown {
  const base = evaluateQuantity(expr.base, at, "the base of ^");
  const exponent = evaluateWhole(expr.exponent, at, "the exponent of ^");
  return base === unknown || exponent === unknown ? unknown : raise(base, exponent, expr.span, at.session);
}

function evaluateLogic(expr: LogicExpr, at: Place): boolean | Undecided | Unknown {
  const decisive = expr.kind === "or";
  let undecided: Undecided | null = null;
  for (const operand of expr.operands) {
    const value = evaluateCondition(operand, at, `an operand of ${expr.kind}`);
    if (value === unknown || value === decisive) return value;
    if (value instanceof Undecided) undecided = value.and(undecided);
  }
  return undecided ?? !decisive;
}

function evaluateCompare(expr: CompareExpr, at: Place): boolean | Undecided | Unknown {
  let left = evaluate(expr.first, at);
  let leftExpr = expr.first;
  let result: boolean | Undecided | Unknown = true;
  for (const { operator, operand } of expr.rest) {
    const right = evaluate(operand, at);
    if (left === unknown || right === unknown) result = unknown;
    else if (result !== unknown && result !== false) {
      const held = compareValues(left, leftExpr, operator, right, operand, at.session);
      if (held !== true) result = held;
    }
    left = right;
    leftExpr = operand;
  }
  return result;
}

function evaluateRange(fromExpr: Expr, toExpr: Expr, at: Place): Value | Unknown {
  const from = evaluateWhole(fromExpr, at, "the start of a range");
  const to = evaluateWhole(toExpr, at, "the end of a range");
  return from === unknown || to === unknown ? unknown : new Range(from, to);
}

function evaluateQuantity(expr: Expr, at: Place, role: string): Quantity | Unknown {
  const value = evaluate(expr, at);
  return value === unknown ? unknown : asQuantity(value, expr.span, role, at.session);
}
