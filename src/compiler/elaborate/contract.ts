import type { CompareExpr, Expr } from "../ast/expressions.ts";
import type { RequireStatement } from "../ast/statements.ts";
import { compareValues } from "../comparison.ts";
import { countTotals, type Totals } from "../count.ts";
import { evaluate, evaluateCondition, type Place } from "../evaluate.ts";
import { listing } from "../messages/wording.ts";
import { isExact } from "../number.ts";
import { counts } from "../resolve/expression.ts";
import { textOf } from "../source.ts";
import { formatQuantity, subtract } from "../symbolic.ts";
import { formatValue, Undecided, type Unknown, unknown, type Value } from "../value.ts";
import { childrenOf } from "../walk.ts";
import { assume } from "./assume.ts";
import { type Context, type Contract, type Frame, placeOf } from "./context.ts";
import { settlingDivisor } from "./mend.ts";

/** A precondition: what symbolic sizes leave open becomes an assumption, where it has a form that can be used. */
export function requireCondition({ condition, message, span }: RequireStatement, context: Context): void {
  const at = placeOf(context);
  const holds = evaluateCondition(condition, at, "what is required");
  if (holds === true || holds === unknown) return;
  let notes = valuesIn(condition, at);
  if (holds instanceof Undecided) {
    const assumed = assume(condition, at);
    if (assumed === "no form") context.session.report("require-undecided", span, { sizes: holds.sizes });
    if (assumed !== "impossible") return;
    notes = [`no ${listing(holds.sizes)} meets all that is required`];
  }
  const said = message?.value ?? textOf(condition.span);
  context.session.report("require-failed", condition.span, { message: said }, { notes });
  context.flow.current = unknown;
}

/** Judges the contracts of one use of a block: counts are those of the ops that it added. */
export function judgeBlock(
  frame: Frame,
  start: { readonly op: number; readonly trainingOp: number },
  { graph }: Context,
): void {
  if (frame.contracts.length === 0) return;
  const totals = memoize(() => {
    const [ops, trainingOps] = [graph.ops.slice(start.op), graph.trainingOps.slice(start.trainingOp)];
    graph.session.burn(fuelPerCount * (ops.length + trainingOps.length));
    return countTotals(ops, trainingOps);
  });
  for (const contract of frame.contracts) judge(contract, totals);
}

/** Counting an op takes longer than a step. */
const fuelPerCount = 3;

/** Judges a contract; one that hangs on symbolic sizes is noted and passed over. */
export function judge({ condition, at, span }: Contract, totals: () => Totals): void {
  const place: Place = { ...at, count: (name) => countNamed(name, totals) };
  const { report } = at.session;
  const operands = condition.kind === "and" ? condition.operands : [condition];
  for (const operand of operands) {
    const holds = evaluateCondition(operand, place, "what is expected");
    if (holds instanceof Undecided) {
      const decided = () => evaluateCondition(operand, place, "what is expected") === true;
      const { sizes } = holds;
      const divisor = () => (usesCounts(operand, at) ? null : settlingDivisor(sizes, decided, at.session));
      report("expect-undecided", span, { sizes, divisor });
    }
    if (holds === false) {
      const { facts, notes } = explain(operand, place);
      report("expect-failed", operand.span, facts, { notes });
    }
  }
}

/** Does a condition name a count of the whole, not hidden by a name of the program? */
export function usesCounts(condition: Expr, at: Place): boolean {
  if (condition.kind === "name") return counts.has(condition.text) && !at.environment.lookup(condition.text);
  return childrenOf(condition).some((child) => usesCounts(child as Expr, at));
}

function countNamed(name: string, totals: () => Totals): Value | undefined {
  switch (name) {
    case "params":
    case "buffers":
    case "macs":
    case "flops":
    case "depth":
      return totals()[name];
    default:
      return undefined;
  }
}

interface Explanation {
  readonly facts: { readonly condition: string; readonly sides: string };
  readonly notes: readonly string[];
}

/** Both sides of the comparison that does not hold, and their difference. */
function explain(condition: Expr, at: Place): Explanation {
  const text = textOf(condition.span);
  if (condition.kind === "compare") {
    const broken = brokenStep(condition, at);
    if (broken) {
      const { left, right, leftExpr, rightExpr } = broken;
      const sides = [side(leftExpr, left), side(rightExpr, right)].filter((one) => one !== "").join(", ");
      return { facts: { condition: text, sides }, notes: gap(left, right) };
    }
  }
  return { facts: { condition: text, sides: "" }, notes: valuesIn(condition, at) };
}

const literals: ReadonlySet<Expr["kind"]> = new Set(["number", "size", "text", "boolean"]);

/** `params is 7978856`; nothing for what is written as a value already, or as that value is shown. */
function side(expr: Expr, value: Value): string {
  const [written, worth] = [textOf(expr.span), formatValue(value)];
  const plain = literals.has(expr.kind) || written.replace(/\s/g, "") === worth.replace(/\s/g, "");
  return plain ? "" : `${written} is ${group(worth)}`;
}

function gap(left: Value, right: Value): readonly string[] {
  if (!isExact(left) || !isExact(right)) return [];
  const difference = formatQuantity(subtract(left, right));
  const more = !difference.startsWith("-");
  return [`the left side is ${group(difference.replace("-", ""))} ${more ? "more" : "less"} than the right`];
}

/** Thousands apart, as counts are read. */
export function group(digits: string): string {
  return digits.replace(/^(-?)(\d{5,})/, (_, sign: string, whole: string) => {
    return sign + whole.replace(/\B(?=(\d{3})+$)/g, "_");
  });
}

function brokenStep(condition: CompareExpr, at: Place) {
  let leftExpr = condition.first;
  let left = evaluate(leftExpr, at);
  for (const { operator, operand } of condition.rest) {
    const right = evaluate(operand, at);
    if (left === unknown || right === unknown) return null;
    if (compareValues(left, leftExpr, operator, right, operand, at.session) === false) {
      return { left, right, leftExpr, rightExpr: operand };
    }
    left = right;
    leftExpr = operand;
  }
  return null;
}

/** `stride is 3`, for each name in a condition. */
function valuesIn(condition: Expr, at: Place): readonly string[] {
  const values = new Map<string, Value | Unknown>();
  const visit = (expr: Expr) => {
    if (expr.kind === "name") values.set(expr.text, evaluate(expr, at));
    for (const child of childrenOf(expr)) visit(child as Expr);
  };
  visit(condition);
  return [...values].flatMap(([name, value]) => {
    const shown = value === unknown ? name : formatValue(value);
    return shown === name ? [] : [`${name} is ${shown}`];
  });
}

function memoize<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
