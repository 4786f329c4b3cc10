import type { Name } from "../ast/expressions.ts";
import type { BlockDeclaration, NetworkDeclaration, Param, VariantDeclaration } from "../ast/program.ts";
import type { Body } from "../ast/statements.ts";
import { evaluate, sourceOf } from "../evaluate.ts";
import { outsidePlace } from "../outside.ts";
import type { Session } from "../session.ts";
import { std } from "../std.generated.ts";
import { suggest } from "../suggest.ts";
import { bodiesOf } from "../walk.ts";
import { bindArguments } from "./arguments.ts";
import { findCycles } from "./cycles.ts";
import { checkDistinct } from "./distinct.ts";
import { resolveExpression } from "./expression.ts";
import { type Declared, emptyResolution, type NamedDeclaration, type Resolution, type Unit } from "./resolution.ts";
import { type Local, Scope } from "./scope.ts";
import { resolveBody, resolveStatement } from "./statement.ts";
import { parametersOfDeclaration } from "./target.ts";

/**
 * Finds what every name means, in all declarations, also those that no network uses. Returns null where
 * something uses itself, so that elaboration would not end.
 */
export function resolve(units: readonly Unit[], session: Session): Resolution | null {
  const resolution = emptyResolution();
  for (const unit of units) {
    for (const { declaration, unit: owner } of unit.declared.values()) {
      if (owner === unit) resolveDeclaration(declaration, unit, resolution, session);
    }
  }
  const cycles = findCycles(units, resolution);
  for (const { names, span } of cycles) session.report("recursion", span, { names });
  if (cycles.length > 0) return null;
  for (const unit of units) defineValues(unit, resolution, session);
  return resolution;
}

/** The values of the top level: each is worked out when it is first asked for, so that they come in any order. */
function defineValues(unit: Unit, resolution: Resolution, session: Session): void {
  const place = outsidePlace(unit.environment, resolution, session);
  for (const [name, { declaration, unit: owner }] of unit.declared) {
    if (declaration.kind !== "let") continue;
    const { value, name: declared } = declaration;
    unit.environment.defineLazily(name, () =>
      owner === unit
        ? { value: evaluate(value, place), origin: sourceOf(value, place), span: declared.span }
        : owner.environment.force(name),
    );
  }
}

function resolveDeclaration(declaration: NamedDeclaration, unit: Unit, resolution: Resolution, session: Session): void {
  const fields = { unit, session, resolution, hasTensor: false, tensors: new Map<string, Local>() };
  switch (declaration.kind) {
    case "network":
    case "block": {
      checkCapital(declaration.name, declaration.kind, session);
      const tensors = tensorNames(declaration, resolution);
      resolveBlock(declaration, Scope.root({ ...fields, hasTensor: true, tensors }), Scope.root(fields));
      return;
    }
    case "variant":
      checkCapital(declaration.name, "network", session);
      resolveVariant(declaration, Scope.root(fields), Scope.root({ ...fields, hasTensor: true }));
      return;
    case "fn": {
      const scope = Scope.root(fields);
      checkDistinct(declaration.params, "parameter", session);
      for (const param of declaration.params) scope.declare(param, { kind: "parameter" });
      resolveExpression(declaration.value, scope);
      return;
    }
    case "let":
      resolveExpression(declaration.value, Scope.root(fields));
      return;
  }
}

/** `outside` is where a network's defaults stand: no tensor has entered yet. A block's may use `channels`. */
function resolveBlock(declaration: NetworkDeclaration | BlockDeclaration, scope: Scope, outside: Scope): void {
  const { params, body, kind } = declaration;
  checkDistinct(
    params.map((param) => param.name),
    "parameter",
    scope.session,
  );
  resolveDefaults(params, kind === "block" ? scope : outside, scope);
  if (kind === "block") {
    resolveBody(body, scope, "inside");
    return;
  }
  checkInput(declaration as NetworkDeclaration, scope.session);
  for (const statement of body.statements) resolveStatement(statement, scope, "network");
}

function resolveDefaults(params: readonly Param[], place: Scope, scope: Scope): void {
  for (const param of params) {
    if (param.default) resolveExpression(param.default, place);
    const local = place.declare(param.name, { kind: "parameter" });
    if (place !== scope) scope.adopt(local);
  }
}

function resolveVariant(declaration: VariantDeclaration, scope: Scope, atEnd: Scope): void {
  const { base, args, body } = declaration;
  for (const arg of args) resolveExpression(arg.value, scope);
  if (scope.unit.missing.has(base.text)) return;
  const declared = scope.unit.declared.get(base.text);
  const found = declared?.declaration;
  if (declared && (found?.kind === "network" || found?.kind === "variant")) {
    scope.useDeclared(base.text);
    scope.resolution.bases.set(declaration, declared as Declared<NetworkDeclaration | VariantDeclaration>);
  } else {
    const others = [...scope.unit.declared].filter(([, one]) => isNetwork(one) && one.declaration !== declaration);
    const library = libraryOf(base.text);
    const similar = suggest(base.text, new Map(others).keys());
    const facts = { name: base.text, kind: found?.kind ?? null, similar, library };
    scope.session.report("unknown-network", base.span, facts, { related: scope.declarationOf(similar) });
    return;
  }
  const root = rootOf(declaration, scope.resolution, scope.unit);
  if (!root) return;
  for (const param of root.params) atEnd.introduce(param.name.text);
  const parameters = parametersOfDeclaration({ declaration: root, unit: scope.unit });
  const bound = bindArguments(base, parameters, args, base.span, scope, { mayMiss: true });
  if (bound) scope.resolution.bound.set(declaration, bound);
  for (const statement of body?.statements ?? []) {
    if (statement.kind !== "expect" && statement.kind !== "require") {
      scope.session.report("variant-body", statement.span, {});
    } else resolveStatement(statement, atEnd, "inside");
  }
}

/** The file of the library that declares a network of that name. */
function libraryOf(name: string): string | null {
  for (const [path, text] of std) if (text.includes(`\nnetwork ${name}(`)) return path;
  return null;
}

/** The network that a variant comes from in the end; null where the chain is broken or runs in a circle. */
export function rootOf(declaration: VariantDeclaration, resolution: Resolution, unit: Unit): NetworkDeclaration | null {
  const { roots } = resolution;
  const passed = new Set<VariantDeclaration>();
  let at: Declared = { declaration, unit };
  while (at.declaration.kind === "variant" && !passed.has(at.declaration) && !roots.has(at.declaration)) {
    passed.add(at.declaration);
    const base: Declared | undefined = at.unit.declared.get(at.declaration.base.text);
    if (!base) break;
    at = base;
  }
  const root = at.declaration.kind === "network" ? at.declaration : null;
  const found = at.declaration.kind === "variant" ? (roots.get(at.declaration) ?? null) : root;
  for (const one of passed) roots.set(one, found);
  return found;
}

function isNetwork({ declaration }: Declared): boolean {
  return declaration.kind === "network" || declaration.kind === "variant";
}

function checkCapital(name: Name, kind: "network" | "block", session: Session): void {
  if (/^[A-Z]/.test(name.text)) return;
  session.report("capital-needed", name.span, { name: name.text, kind });
}

/** One input, before anything that works on a tensor. */
function checkInput({ name, body }: NetworkDeclaration, session: Session): void {
  const inputs = body.statements.filter((one) => one.kind === "input");
  const [first, second] = inputs;
  if (!first) {
    if (!hasInput(body)) session.report("input-missing", name.span, { name: name.text });
    return;
  }
  if (second) {
    const related = [{ span: first.span, message: "the first input" }];
    session.report("input-twice", second.span, {}, { related });
  }
  const before = body.statements.slice(0, body.statements.indexOf(first));
  const early = before.find((one) => one.kind !== "let" && one.kind !== "require");
  if (early)
    session.report(
      "input-misplaced",
      first.span,
      {},
      { related: [{ span: early.span, message: "this comes before it" }] },
    );
}

/** Also in the braces of its statements, where it is reported as misplaced. */
function hasInput(body: Body): boolean {
  return body.statements.some((one) => one.kind === "input" || bodiesOf(one).some(hasInput));
}

/** The names that `->` and `input` give anywhere in a network or block. */
function tensorNames(
  declaration: NetworkDeclaration | BlockDeclaration,
  { locals }: Resolution,
): ReadonlyMap<string, Local> {
  const names = new Map<string, Local>();
  const visit = (body: Body) => {
    for (const statement of body.statements) {
      if (statement.kind === "name-tensor" && !names.has(statement.target.name.text)) {
        const local: Local = { name: statement.target.name, role: { kind: "tensor" }, used: false };
        names.set(local.name.text, local);
        locals.push(local);
      }
      // The input is there whether or not something goes back to it.
      if (statement.kind === "input") {
        names.set(statement.name.text, { name: statement.name, role: { kind: "tensor" }, used: true });
      }
      bodiesOf(statement).forEach(visit);
    }
  };
  visit(declaration.body);
  return names;
}
