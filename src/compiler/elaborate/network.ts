import type { Expr } from "../ast/expressions.ts";
import type { NetworkDeclaration, VariantDeclaration } from "../ast/program.ts";
import { equalValues } from "../comparison.ts";
import { addUp, countTotals, type Totals } from "../count.ts";
import { Environment } from "../environment.ts";
import { evaluate, type Place, sourceOf } from "../evaluate.ts";
import { behindIdentities, isIdentity } from "../identity.ts";
import type { Activation, Architecture, Op } from "../ir.ts";
import { LimitExceeded } from "../limits.ts";
import { outsidePlace } from "../outside.ts";
import type { Declared, Resolution } from "../resolve/resolution.ts";
import type { Session } from "../session.ts";
import type { Span } from "../source.ts";
import { noAssumptions } from "../symbolic.ts";
import { unknown, type Value } from "../value.ts";
import { runBody } from "./body.ts";
import { type Context, type Contract, type Frame, placeOf, shapeOf } from "./context.ts";
import { judge, requireCondition, usesCounts } from "./contract.ts";
import { Graph } from "./graph.ts";

/** What is given from outside. */
export interface Settings {
  /** `--set`: expressions, already resolved at the top level of the main file. */
  readonly set: ReadonlyMap<string, Expr>;
  /** `--dim` */
  readonly dims: ReadonlyMap<string, number>;
}

type AnyNetwork = NetworkDeclaration | VariantDeclaration;

/** Unrolls one network; null after any error in it, or in the names that it uses. */
export function elaborateNetwork(
  declared: Declared<AnyNetwork>,
  settings: Settings,
  resolution: Resolution,
  session: Session,
): Architecture | null {
  const levels = levelsOf(declared, resolution);
  const root = levels?.[0];
  if (!levels || !root || root.declaration.kind !== "network") return null;
  if (levels.length > session.limits.nesting) throw new LimitExceeded("nesting", declared.declaration.name.span);
  session.assumptions = noAssumptions;
  session.variant = declared.declaration.kind === "variant" ? declared.declaration.name.span : null;
  const bindings = bindParameters(levels, settings, resolution, session);
  if (!bindings) return null;
  for (const { value } of bindings.final.values()) burnItems(value, session);
  const errors = session.errors;
  const network = root.declaration;
  const context = start(network, root.unit.environment, bindings, settings, resolution, session);
  runBody(network.body, context);
  const { input } = context.graph;
  const last = context.flow.current;
  if (!input || last === unknown || last === null || session.errors > errors) return null;
  const outputs = finish(network, last, context);
  if (!outputs) return null;
  judgeNetwork(levels, bindings, outputs, context);
  if (session.errors > errors) return null;
  const architecture: Architecture = {
    name: declared.declaration.name.text,
    doc: declared.declaration.doc ?? network.doc,
    source: declared.unit.program.source,
    span: declared.declaration.name.span,
    parameters: [...bindings.final].map(([name, { value }]) => ({ name, value })),
    input,
    outputs,
    ops: context.graph.ops,
    trainingOps: context.graph.trainingOps,
    tensors: context.graph.names.tensors(),
    denseBlocks: context.graph.denseBlocks,
    residualBranches: context.graph.residualBranches,
    assumptions: session.assumptions,
  };
  // Whatever compiles can be counted: where the polynomials grow beyond their limits it is said here.
  if (session.assumptions.symbols.size > 0) addUp(architecture);
  return architecture;
}

/** Lists may share their items, and so be longer to write down than they were to make. */
function burnItems(value: Value, session: Session): void {
  session.burn(1);
  if (Array.isArray(value)) for (const item of value) burnItems(item, session);
}

/** The root network first, then each variant of it up to the one that is asked for. */
function levelsOf(declared: Declared<AnyNetwork>, resolution: Resolution): readonly Declared<AnyNetwork>[] | null {
  const levels: Declared<AnyNetwork>[] = [];
  for (let at: Declared<AnyNetwork> | undefined = declared; at; ) {
    levels.unshift(at);
    if (at.declaration.kind === "network") return levels;
    if (!resolution.bound.has(at.declaration)) return null;
    at = resolution.bases.get(at.declaration);
  }
  return null;
}

/** The parameters of the network with their values and the expressions that gave them. */
type Parameters = ReadonlyMap<string, { readonly value: Value; readonly origin: Expr }>;

interface Bindings {
  /** Those that the network is elaborated with. */
  readonly final: Parameters;
  /** Per level those that it declares; null where some parameter is left open there. */
  readonly declared: readonly (Parameters | null)[];
}

/** The parameters as `--set` and the variants give them, the outermost first; the rest by their defaults. */
function bindParameters(
  levels: readonly Declared<AnyNetwork>[],
  settings: Settings,
  resolution: Resolution,
  session: Session,
): Bindings | null {
  const [root, ...variants] = levels as [Declared<NetworkDeclaration>, ...Declared<VariantDeclaration>[]];
  const given = new Map<string, { readonly value: Value; readonly origin: Expr }>();
  const atLevel = [new Map(given)];
  for (const { declaration, unit } of variants) {
    for (const [name, arg] of resolution.bound.get(declaration) ?? []) {
      const place = outsidePlace(unit.environment, resolution, session);
      const value = evaluate(arg.value, place);
      if (value === unknown) return null;
      given.set(name, { value, origin: sourceOf(arg.value, place) });
    }
    atLevel.push(new Map(given));
  }
  const main = levels[levels.length - 1] as Declared<AnyNetwork>;
  for (const [name, expr] of settings.set) {
    const value = evaluate(expr, outsidePlace(main.unit.environment, resolution, session));
    if (value === unknown) return null;
    given.set(name, { value, origin: expr });
  }
  const final = complete(root, given, main.declaration.name.span, resolution, session);
  if (!final) return null;
  return { final, declared: atLevel.map((values) => complete(root, values, null, resolution, session)) };
}

/** Fills in the defaults; null where a parameter has none, reported at `report` if that is a place. */
function complete(
  { declaration, unit }: Declared<NetworkDeclaration>,
  given: Parameters,
  report: Span | null,
  resolution: Resolution,
  session: Session,
): Parameters | null {
  const environment = new Environment(unit.environment);
  const values = new Map<string, { readonly value: Value; readonly origin: Expr }>();
  for (const { name, default: fallback } of declaration.params) {
    const origin = given.get(name.text)?.origin ?? fallback;
    if (!origin) {
      const facts = { network: declaration.name.text, name: name.text };
      const related = [{ span: name.span, message: "has no default" }];
      if (report) session.report("parameter-missing", report, facts, { related });
      return null;
    }
    const place = outsidePlace(environment, resolution, session);
    const value = given.get(name.text)?.value ?? evaluate(origin, place);
    if (value === unknown) return null;
    values.set(name.text, { value, origin });
    environment.define(name.text, { value, origin, span: name.span });
  }
  return values;
}

function start(
  network: NetworkDeclaration,
  globals: Environment,
  { final }: Bindings,
  settings: Settings,
  resolution: Resolution,
  session: Session,
): Context {
  const environment = new Environment(globals);
  for (const [name, parameter] of final) environment.define(name, { ...parameter, span: network.name.span });
  const graph = new Graph(session);
  const frame: Frame = { caller: null, lastSite: null, tensors: new Map(), contracts: [] };
  return {
    graph,
    session,
    resolution,
    frame,
    environment,
    names: graph.names,
    flow: { current: null },
    branches: null,
    standardize: null,
    dims: settings.dims,
  };
}

/** Null for an empty network. The published tensors: the last one, named `output`, and those of `output name`; no two may be one tensor. */
function finish(
  network: NetworkDeclaration,
  last: Activation,
  { graph, session }: Context,
): Architecture["outputs"] | null {
  const outputs = [{ name: "output", activation: last, span: network.name.span }, ...graph.outputs];
  if (!graph.ops.some((op) => !isIdentity(op))) {
    // After an error layers may be missing only because they were passed over.
    if (session.errors === 0) session.report("network-empty", network.name.span, {});
    return null;
  }
  const published = new Map<Activation, string>();
  for (const { name, activation, span } of outputs) {
    const behind = behindIdentities(activation);
    const other = published.get(behind);
    if (other !== undefined) session.report("output-twice", span, { name, other });
    else if (!behind.maker) session.report("output-is-input", span, { name });
    published.set(behind, name);
  }
  for (const op of unusedOps(
    graph.ops,
    outputs.map((one) => one.activation),
  )) {
    session.report("unused-layer", op.site.span, { name: op.name });
  }
  return outputs.map(({ name, activation }) => ({ name, activation }));
}

/** Ops that lead to no output and into no other op: the ends of dead branches. */
function unusedOps(ops: readonly Op[], published: Iterable<Activation>): readonly Op[] {
  // Most are read by the op that follows: only the others are looked for in the whole network.
  const candidates = new Set<Activation>();
  ops.forEach((op, i) => {
    if (!ops[i + 1]?.inputs.includes(op.output)) candidates.add(op.output);
  });
  for (const activation of published) candidates.delete(activation);
  for (const op of ops) for (const input of op.inputs) candidates.delete(input);
  return ops.filter((op) => candidates.has(op.output));
}

/** Each level's contracts; counts only where the values are those that the level declares. */
function judgeNetwork(
  levels: readonly Declared<AnyNetwork>[],
  bindings: Bindings,
  outputs: Architecture["outputs"],
  context: Context,
): void {
  const { graph, session } = context;
  let totals: Totals | null = null;
  const counted = () => {
    totals ??= countTotals(graph.ops, graph.trainingOps);
    return totals;
  };
  levels.forEach((level, i) => {
    const { kind, name } = level.declaration;
    const asDeclared = sameValues(bindings.final, bindings.declared[i] ?? null, session);
    for (const contract of contractsOf(level, bindings, outputs, context)) {
      const holdsAlways = kind === "network" && !usesCounts(contract.condition, contract.at);
      if (asDeclared || holdsAlways) judge(contract, counted);
      else session.report("expect-not-checked", contract.span, { network: name.text });
    }
  });
}

/** Those of a variant speak of the last tensor, and of the values of its own file. */
function contractsOf(
  { declaration, unit }: Declared<AnyNetwork>,
  { final }: Bindings,
  outputs: Architecture["outputs"],
  context: Context,
): readonly Contract[] {
  if (declaration.kind === "network") return context.frame.contracts;
  const environment = new Environment(unit.environment);
  for (const [name, parameter] of final) environment.define(name, { ...parameter, span: declaration.name.span });
  const here = { ...context, environment };
  const shape = shapeOf(outputs[0]?.activation ?? unknown);
  const at: Place = { ...placeOf(here), shape: () => shape };
  const statements = declaration.body?.statements ?? [];
  for (const statement of statements) if (statement.kind === "require") requireCondition(statement, here);
  return statements.flatMap((one) => (one.kind === "expect" ? [{ condition: one.condition, at, span: one.span }] : []));
}

function sameValues(final: Parameters, declared: Parameters | null, session: Session): boolean {
  if (!declared) return false;
  return [...final].every(([name, { value }]) => {
    const other = declared.get(name);
    return other !== undefined && equalValues(value, other.value, session) === true;
  });
}
