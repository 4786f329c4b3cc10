import type { BlockDeclaration } from "../ast/program.ts";
import type { ApplyStatement } from "../ast/statements.ts";
import { type ConstructName, standardizeArguments } from "../constructs.ts";
import { Environment } from "../environment.ts";
import { evaluate, sourceOf } from "../evaluate.ts";
import type { BoundArguments, Declared } from "../resolve/resolution.ts";
import { type Unknown, unknown, type Value } from "../value.ts";
import { readArguments } from "./arguments.ts";
import { runBody } from "./body.ts";
import { type Context, type Frame, placeOf, siteOf } from "./context.ts";
import { judgeBlock } from "./contract.ts";
import { applyDense, applyTransition } from "./dense.ts";
import { applyBranch, applyGate, applyJoin, applyResidual } from "./join.ts";
import { labelText, openScope } from "./label.ts";
import { applyLayer } from "./layer.ts";

/** Applies a layer, block or construct to the current tensor. */
export function applyStatement(statement: ApplyStatement, context: Context): void {
  const target = context.resolution.targets.get(statement);
  const bound = context.resolution.bound.get(statement) ?? noArguments;
  if (!target) {
    context.flow.current = unknown;
    return;
  }
  switch (target.kind) {
    case "layer":
      applyLayer(statement, target.layer, bound, context);
      return;
    case "construct":
      applyConstruct(target.name, statement, bound, context);
      return;
    case "block":
      applyBlock(statement, target.block, bound, context);
      return;
  }
}

const noArguments: BoundArguments = new Map();

function applyConstruct(name: ConstructName, statement: ApplyStatement, bound: BoundArguments, context: Context): void {
  switch (name) {
    case "dense":
      applyDense(statement, bound, context);
      return;
    case "transition":
      applyTransition(statement, bound, context);
      return;
    case "residual":
      applyResidual(statement, bound, context);
      return;
    case "gate":
      applyGate(statement, context);
      return;
    case "concat":
    case "add":
    case "mean":
    case "mul":
      applyJoin(name, statement, context);
      return;
    case "branch":
      applyBranch(statement, context);
      return;
    case "standardize":
      applyStandardize(statement, bound, context);
      return;
  }
}

function applyStandardize(statement: ApplyStatement, bound: BoundArguments, context: Context): void {
  const args = readArguments(standardizeArguments, bound, "standardize", context);
  const text = statement.label ? labelText(statement.label, context) : null;
  const names = text === null ? context.names : context.names.open(text);
  if (args === unknown) context.flow.current = unknown;
  else if (statement.body) runBody(statement.body, { ...context, names, standardize: args.eps });
}

/** One use of a block: its arguments are evaluated here, its body with names of its own. */
function applyBlock(
  statement: ApplyStatement,
  { declaration, unit }: Declared<BlockDeclaration>,
  bound: BoundArguments,
  context: Context,
): void {
  const names = openScope(statement.label, declaration.name.text.toLowerCase(), context);
  const environment = new Environment(unit.environment);
  const site = siteOf(statement.head, context);
  const frame: Frame = { caller: site, lastSite: null, tensors: new Map(), contracts: [] };
  const inside: Context = { ...context, names, environment, frame, branches: null };
  const given = new Map<string, Value | Unknown>(
    [...bound].map(([name, arg]) => [name, evaluate(arg.value, placeOf(context))]),
  );
  const { ops, trainingOps } = context.graph;
  const errors = context.flow.current === unknown ? -1 : context.session.errors;
  const start = { op: ops.length, trainingOp: trainingOps.length };
  context.session.inBlock(site, () => {
    for (const { name, default: fallback } of declaration.params) {
      const value: Value | Unknown = given.get(name.text) ?? (fallback ? evaluate(fallback, placeOf(inside)) : unknown);
      const arg = bound.get(name.text);
      const origin = arg ? sourceOf(arg.value, placeOf(context)) : fallback;
      environment.define(name.text, { value, origin, span: name.span });
    }
    runBody(declaration.body, inside);
    // After an error counts say nothing.
    if (context.session.errors === errors) judgeBlock(frame, start, context);
  });
}
