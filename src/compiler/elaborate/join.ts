import type { ApplyStatement, Body, Label } from "../ast/statements.ts";
import { residualArguments } from "../constructs.ts";
import type { Activation, Dim, OpKind, Shape } from "../ir.ts";
import type { BoundArguments } from "../resolve/resolution.ts";
import type { Span } from "../source.ts";
import { add, type Quantity, symbolsOf } from "../symbolic.ts";
import { type Unknown, unknown } from "../value.ts";
import { readArguments } from "./arguments.ts";
import { runBody } from "./body.ts";
import { type Context, type Flow, siteOf } from "./context.ts";
import { madeBy } from "./describe.ts";
import { labelText } from "./label.ts";
import { settlingDivisor, stridesBetween } from "./mend.ts";
import type { NameScope } from "./naming.ts";
import { tensorArgument } from "./tensor.ts";

export type JoinName = "concat" | "add" | "mean" | "mul";

/** `residual(when = …) { body } shortcut { … }` */
export function applyResidual(statement: ApplyStatement, bound: BoundArguments, context: Context): void {
  const args = readArguments(residualArguments, bound, "residual", context);
  const { inner, path } = openJoin(statement.label, "residual", context);
  const entering = context.flow.current;
  if (args === unknown || entering === null) {
    context.flow.current = unknown;
    return;
  }
  const body = runBranch(statement.body, inner, entering);
  if (args.when === false) {
    context.flow.current = body;
    return;
  }
  if (entering !== unknown && body !== unknown) context.graph.residualBranches.push({ input: entering, output: body });
  const shortcut = statement.shortcut ? runBranch(statement.shortcut, inner, entering) : entering;
  context.flow.current = join("add", "residual", [shortcut, body], path, statement, context);
}

/** `gate { body }`: the current tensor times the body, which may be one number for each channel or pixel. */
export function applyGate(statement: ApplyStatement, context: Context): void {
  const { inner, path } = openJoin(statement.label, "gate", context);
  const entering = context.flow.current;
  if (entering === null) return;
  const body = runBranch(statement.body, inner, entering);
  context.flow.current = join("mul", "gate", [entering, body], path, statement, context);
}

/** `concat { branch { … } … }` and `concat(skip)`. */
export function applyJoin(kind: JoinName, statement: ApplyStatement, context: Context): void {
  const { inner, path } = openJoin(statement.label, kind, context);
  const entering = context.flow.current;
  if (entering === null) return;
  const branches: (Activation | Unknown)[] = [];
  if (statement.body) {
    runBody(statement.body, { ...inner, flow: { current: entering }, branches });
    if (branches.length === 0) context.session.report("join-empty", statement.name.span, { name: kind });
  } else {
    branches.push(entering);
    for (const arg of statement.args ?? []) branches.push(tensorArgument(arg.value, context));
  }
  context.flow.current = join(kind, kind, branches, path, statement, context);
}

/** `branch { … }` inside the braces of a join. */
export function applyBranch(statement: ApplyStatement, context: Context): void {
  const text = statement.label ? labelText(statement.label, context) : null;
  const names = text === null ? context.names : context.names.open(text);
  context.branches?.push(runBranch(statement.body, { ...context, names }, context.flow.current));
}

/** A labelled join opens a scope; an unlabelled one only counts among those of its kind. */
function openJoin(label: Label | null, kind: string, context: Context): { inner: Context; path: string } {
  const automatic = context.names.nextName(kind);
  const text = label ? labelText(label, context) : null;
  const names: NameScope = text === null ? context.names : context.names.open(text);
  return { inner: { ...context, names }, path: text === null ? context.names.pathOf(automatic) : names.path };
}

function runBranch(body: Body | null, context: Context, entering: Flow["current"]): Activation | Unknown {
  const flow: Flow = { current: entering };
  if (body) runBody(body, { ...context, flow, branches: null });
  return flow.current ?? unknown;
}

/** The op of a join; a join of one branch is that branch. */
function join(
  kind: JoinName,
  word: string,
  branches: readonly (Activation | Unknown)[],
  path: string,
  statement: ApplyStatement,
  context: Context,
): Activation | Unknown {
  const inputs: Activation[] = [];
  for (const branch of branches) {
    if (branch === unknown) return unknown;
    inputs.push(branch);
  }
  const [first] = inputs;
  if (!first || inputs.length === 1) return first ?? unknown;
  const shape = joinedShape(kind, word, inputs, statement, context);
  return addJoin(kind, inputs, shape, path, statement.head, context);
}

/** Adds a join whose inputs are known to fit. */
export function addJoin(
  kind: JoinName,
  inputs: readonly Activation[],
  shape: Shape,
  name: string,
  span: Span,
  context: Context,
): Activation | Unknown {
  const site = siteOf(span, context);
  context.session.burn(inputs.length, span);
  return context.graph.add<OpKind>({ kind, name, scope: null, inputs, shape, settings: {}, tensors: [], site });
}

function joinedShape(
  kind: JoinName,
  word: string,
  inputs: readonly Activation[],
  statement: ApplyStatement,
  context: Context,
): Shape {
  const start = kind === "mul" ? Math.max(inputs.findIndex(isStretchedOver), 0) : 0;
  let widest = inputs[start] as Activation;
  let { shape } = widest;
  for (const input of inputs.toSpliced(start, 1)) {
    const next = input.shape;
    const clash = mismatch(kind, shape, next, context);
    if (clash) {
      reportMismatch(word, clash, [widest, input], statement, context);
      return shape;
    }
    if (kind === "concat") shape = [add(shape[0], next[0]) as Dim, ...shape.slice(1)] as unknown as Shape;
    else if (kind === "mul" && stretches(shape, next, context)) {
      shape = next;
      widest = input;
    }
  }
  return shape;
}

type Dimension = "channels" | "height" | "width" | "rank";

interface Mismatch {
  /** Those that differ whatever the symbolic sizes are. */
  readonly dimensions: readonly Dimension[];
  readonly shapes: readonly [Shape, Shape];
  /** Where no dimension differs whatever these are: those that differ for some. */
  readonly open: readonly (readonly [Quantity, Quantity])[];
}

const dimensions = ["channels", "height", "width"] as const;

function mismatch(kind: JoinName, a: Shape, b: Shape, context: Context): Mismatch | null {
  const shapes = [a, b] as const;
  if (kind === "mul" && (stretches(a, b, context) || stretches(b, a, context))) return null;
  if (a.length !== b.length) return { dimensions: ["rank"], shapes, open: [] };
  const differ: number[] = [];
  const open: (readonly [Quantity, Quantity])[] = [];
  for (let i = kind === "concat" ? 1 : 0; i < a.length; i++) {
    const [left, right] = [a[i] as Quantity, b[i] as Quantity];
    const relation = context.session.relation(left, right);
    if (relation === "unknown" || relation === "at-most" || relation === "at-least") open.push([left, right]);
    else if (relation !== "equal") differ.push(i);
  }
  if (differ.length > 0) {
    // One pixel, or one channel, would stretch over the other if the rest fitted.
    const rest = kind === "mul" ? differ.filter((i) => a[i] !== 1 && b[i] !== 1) : [];
    const named = (rest.length > 0 ? rest : differ).map((i) => dimensions[i] as Dimension);
    return { dimensions: named, shapes, open: [] };
  }
  return open.length > 0 ? { dimensions: [], shapes, open } : null;
}

/** An image of several channels and pixels: the others of a product stretch over it, and it over none. */
function isStretchedOver({ shape }: Activation): boolean {
  return shape.length === 3 && shape[0] !== 1 && (shape[1] !== 1 || shape[2] !== 1);
}

/** Does `small` ([c], [c, 1, 1] or [1, h, w]) stretch over `large`? */
function stretches(small: Shape, large: Shape, context: Context): boolean {
  if (large.length !== 3) return false;
  const same = (a: Quantity, b: Quantity) => context.session.relation(a, b) === "equal";
  if (small.length === 1) return same(small[0], large[0]);
  const perChannel = same(small[0], large[0]) && small[1] === 1 && small[2] === 1;
  const perPixel = small[0] === 1 && same(small[1], large[1]) && same(small[2], large[2]);
  return perChannel || perPixel;
}

function reportMismatch(
  word: string,
  { dimensions, shapes, open }: Mismatch,
  inputs: readonly [Activation, Activation],
  statement: ApplyStatement,
  context: Context,
): void {
  const { session } = context;
  const related = inputs.flatMap((input) => madeBy(input, context));
  const sizes = [...new Set(open.flat().flatMap((size) => [...symbolsOf(size)]))].sort();
  const agree = () => open.every(([left, right]) => session.relation(left, right) === "equal");
  const facts = {
    name: word,
    dimensions,
    left: shapes[0],
    right: shapes[1],
    sizes,
    divisor: () => settlingDivisor(sizes, agree, session),
    strides: () => (statement.shortcut ? null : stridesBetween(...shapes, session)),
  };
  // Where a shortcut is there already, another would not help.
  const help = statement.shortcut && sizes.length === 0 ? { help: "" } : {};
  session.report("join-mismatch", statement.name.span, facts, { related, ...help });
}
