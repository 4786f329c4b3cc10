import type { ApplyStatement } from "../ast/statements.ts";
import { denseArguments, transitionArguments } from "../constructs.ts";
import type { Extra } from "../diagnostics.ts";
import { Environment } from "../environment.ts";
import { originOf } from "../evaluate.ts";
import type { Activation, Dim, OpKind, Shape, Site } from "../ir.ts";
import { dropout, relu } from "../layers/activation.ts";
import { conv, knownChannels } from "../layers/convolution.ts";
import type { ArgumentTable, ArgumentValues, Layer } from "../layers/layer.ts";
import { batchnorm } from "../layers/normalisation.ts";
import { avgpool } from "../layers/pooling.ts";
import { compareExact, type Exact, floorExact, formatExact, multiplyExact } from "../number.ts";
import type { BoundArguments } from "../resolve/resolution.ts";
import { formatShape } from "../shape.ts";
import type { Span } from "../source.ts";
import { add, formatQuantity } from "../symbolic.ts";
import { type Unknown, unknown } from "../value.ts";
import { readArguments } from "./arguments.ts";
import { Arrival } from "./arrival.ts";
import { runBody } from "./body.ts";
import { type Context, type Flow, placeOf } from "./context.ts";
import { fuelPerPlace } from "./graph.ts";
import { addJoin } from "./join.ts";
import { openScope } from "./label.ts";
import { placeLayer } from "./layer.ts";
import type { NameScope } from "./naming.ts";

type Dense = ArgumentValues<typeof denseArguments>;

/** `dense(n, k, …)`: layer l sees k0 + k·(l−1) channels, the block's input and all earlier outputs, and adds k. */
export function applyDense(statement: ApplyStatement, bound: BoundArguments, context: Context): void {
  const args = readArguments(denseArguments, bound, "dense", context);
  const names = openScope(statement.label, "dense", context);
  const entering = context.flow.current;
  if (entering === null || entering === unknown || args === unknown) {
    context.flow.current = unknown;
    return;
  }
  context.flow.current = runLayers(statement, args, entering, { ...context, names });
}

function runLayers(
  statement: ApplyStatement,
  args: Dense,
  entering: Activation,
  context: Context,
): Activation | Unknown {
  const { graph, names, session } = context;
  const first = graph.ops.length;
  const k0 = knownChannels(entering.shape[0], "dense", new Arrival(entering, statement, null, context));
  if (k0 === null) return unknown;
  const added: Activation[] = [];
  let growth = args.growth;
  let joined = entering;
  for (let l = 1; l <= args.layers; l++) {
    session.burn(1, statement.span);
    const made = statement.body
      ? runOwnLayer(statement, l, args.layers, joined, context)
      : placeDenseLayer(statement, args, names.open(`denselayer${l}`), joined, context);
    if (made === unknown) return unknown;
    growth ??= typeof made.shape[0] === "number" ? made.shape[0] : null;
    if (!fits(statement, made, { l, k0, growth, joined }, context)) return unknown;
    added.push(made);
    if (l === args.layers && !args.keep) break;
    const next = concat([joined, made], statement, context);
    if (next === unknown) return unknown;
    joined = next;
  }
  const output = args.keep ? joined : added.length === 1 ? (added[0] as Activation) : concat(added, statement, context);
  if (output === unknown) return unknown;
  graph.denseBlocks.push({
    path: names.path,
    span: statement.head,
    k0,
    growth: growth ?? 0,
    layers: args.layers,
    bottleneck: args.bottleneck,
    keep: args.keep,
    output,
    first,
    end: graph.ops.length,
  });
  return output;
}

function concat(inputs: readonly Activation[], statement: ApplyStatement, context: Context): Activation | Unknown {
  const channels = inputs.reduce((sum, one) => add(sum, one.shape[0]) as Dim, 0 as Dim);
  const shape = [channels, ...(inputs[0] as Activation).shape.slice(1)] as unknown as Shape;
  const name = context.names.pathOf(context.names.nextName("concat"));
  return addJoin("concat", inputs, shape, name, statement.head, context);
}

/** BN-ReLU-Conv(3×3, k), after BN-ReLU-Conv(1×1, b·k) where there is a bottleneck. */
function placeDenseLayer(
  statement: ApplyStatement,
  { growth, bottleneck, dropout: rate, groups }: Dense,
  names: NameScope,
  entering: Activation,
  context: Context,
): Activation | Unknown {
  const row = new Row(statement, names, entering, context);
  const k = growth ?? 1;
  if (bottleneck !== null) {
    row.place("norm1", batchnorm, normalisation);
    row.place("relu1", relu, {});
    row.place("conv1", conv, { ...convolution, kernel: [1, 1], channels: bottleneck * k });
    if (rate > 0) row.place("dropout1", dropout, { rate });
  }
  const last = bottleneck === null ? 1 : 2;
  row.place(`norm${last}`, batchnorm, normalisation);
  row.place(`relu${last}`, relu, {});
  row.place(`conv${last}`, conv, { ...convolution, kernel: [3, 3], channels: k, groups });
  if (rate > 0) row.place(`dropout${last}`, dropout, { rate });
  return row.current;
}

const normalisation = { eps: 1e-5, momentum: 0.1, affine: true } as const;
const convolution = { stride: [1, 1], pad: "half", dilation: [1, 1], groups: 1, bias: false } as const;

/** `transition(θ)`: BN-ReLU-Conv(1×1, ⌊θ·m⌋)-AvgPool(2×2, stride 2), 0 < θ ≤ 1. */
export function applyTransition(statement: ApplyStatement, bound: BoundArguments, context: Context): void {
  const exact = readArguments(transitionArguments, bound, "transition", context);
  const names = openScope(statement.label, "transition", context);
  const entering = context.flow.current;
  context.flow.current = unknown;
  if (entering === null || entering === unknown || exact === unknown) return;
  const m = knownChannels(entering.shape[0], "transition", new Arrival(entering, statement, null, context));
  const channels = m === null ? null : compressed(statement, bound, m, exact.compression, context);
  if (channels === null) return;
  const row = new Row(statement, names, entering, context);
  row.place("norm", batchnorm, normalisation);
  row.place("relu", relu, {});
  row.place("conv", conv, { ...convolution, kernel: [1, 1], channels });
  row.place("pool", avgpool, { kernel: [2, 2], stride: null, pad: [0, 0, 0, 0], ceil: false, countpad: true });
  context.flow.current = row.current;
}

function compressed(
  statement: ApplyStatement,
  bound: BoundArguments,
  m: number,
  theta: Exact,
  context: Context,
): number | null {
  const at = bound.get("compression")?.value.span ?? statement.name.span;
  const { report } = context.session;
  const facts = { theta: formatExact(theta), channels: m };
  const arg = bound.get("compression");
  const origin = arg ? originOf(arg.value, placeOf(context)) : null;
  const related = origin ? [{ span: origin.span, message: "the value comes from here" }] : [];
  if (compareExact(theta, 0) <= 0 || compareExact(theta, 1) > 0) {
    report("compression-range", at, facts, { related });
    return null;
  }
  const channels = floorExact(multiplyExact(theta, m));
  if (typeof channels === "number" && channels >= 1) return channels;
  report("compression-empty", at, facts, { related });
  return null;
}

/** The layers of a composite function, one after another, each named within its scope. */
class Row {
  current: Activation | Unknown;
  readonly #statement: ApplyStatement;
  readonly #names: NameScope;
  readonly #context: Context;

  constructor(statement: ApplyStatement, names: NameScope, entering: Activation, context: Context) {
    this.current = entering;
    this.#statement = statement;
    this.#names = names;
    this.#context = context;
  }

  place<K extends OpKind, A extends ArgumentTable>(label: string, layer: Layer<K, A>, args: ArgumentValues<A>): void {
    if (this.current === unknown) return;
    const arrival = new Arrival(this.current, this.#statement, null, this.#context);
    this.current = placeLayer(layer, args, arrival, this.#names.open(label));
  }
}

/** The author's composite function, for one l; a single labelled statement names the layer itself. */
function runOwnLayer(
  statement: ApplyStatement,
  l: number,
  layers: number,
  entering: Activation,
  context: Context,
): Activation | Unknown {
  const environment = new Environment(context.environment);
  if (statement.index) {
    environment.define(statement.index.text, { value: l, origin: null, span: statement.index.span });
  }
  const flow: Flow = { current: entering };
  const statements = statement.body?.statements ?? [];
  const [only] = statements;
  const named = statements.length === 1 && (only?.kind === "scope" || (only?.kind === "apply" && only.label !== null));
  const names = named ? context.names : context.names.open(`denselayer${l}`);
  context.session.burn(fuelPerPlace, statement.span);
  const { body, index } = statement;
  const values = () => (index ? [`${index.text} = ${l}`] : []);
  const round = { span: statement.name.span, what: "layer" as const, round: l, rounds: layers, values };
  if (body)
    context.session.inRound(round, () => runBody(body, { ...context, environment, flow, names, branches: null }));
  return flow.current ?? unknown;
}

interface Step {
  readonly l: number;
  readonly k0: number;
  readonly growth: number | null;
  /** What the layer saw. */
  readonly joined: Activation;
}

/** Does layer l return k channels of unchanged height and width? */
function fits(statement: ApplyStatement, made: Activation, step: Step, context: Context): boolean {
  const { session } = context;
  const { l, growth, joined } = step;
  const [before, after] = [joined.shape, made.shape];
  const sameSize =
    before.length === after.length &&
    before.slice(1).every((size, i) => session.relation(size, after[i + 1] as Dim) === "equal");
  if (sameSize && after[0] === growth) return true;
  if (!sameSize) {
    const facts = { layer: l, before, after };
    session.report("dense-size-change", statement.name.span, facts, explain(statement, made, step));
    return false;
  }
  const given = context.resolution.bound.get(statement)?.has("growth") ?? false;
  const facts = { layer: l, adds: formatQuantity(after[0]), growth: growth ?? 0, given };
  session.report("dense-growth-mismatch", statement.name.span, facts, explain(statement, made, step));
  return false;
}

/** What the layer made of how many channels, and the derivation of all of them. */
function explain(statement: ApplyStatement, made: Activation, { l, k0, growth, joined }: Step): Extra {
  const k = growth ?? 0;
  const derivation = `${formatQuantity(joined.shape[0])} = ${k0} + ${k}·(${l}−1) channels`;
  const message = `makes ${formatShape(made.shape)} from ${derivation}`;
  return { related: [{ span: bodyPlace(statement, made), message }], notes: [derive(k0, k, 3)] };
}

/** `k0 + k·(l−1): 64, 96, 128, …` */
export function derive(k0: number, k: number, shown: number): string {
  const channels = Array.from({ length: shown }, (_, i) => k0 + k * i);
  return `k0 + k·(l−1): ${channels.join(", ")}, …`;
}

/** The statement of the body that made a tensor, seen from the body itself. */
function bodyPlace(statement: ApplyStatement, made: Activation): Span {
  const { body, head } = statement;
  for (let site: Site | null = made.maker?.site ?? null; site && body; site = site.caller) {
    const { source, start, end } = site.span;
    if (source === body.span.source && start >= body.span.start && end <= body.span.end) return site.span;
  }
  return body?.span ?? head;
}
