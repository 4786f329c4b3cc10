import type { Expr } from "../ast/expressions.ts";
import type { ApplyStatement, Body, Statement } from "../ast/statements.ts";
import { type Construct, constructs } from "../constructs.ts";
import type { Span } from "../source.ts";
import { suggest } from "../suggest.ts";
import { bodiesOf } from "../walk.ts";
import { bindArguments } from "./arguments.ts";
import { resolveExpression } from "./expression.ts";
import { foreignLayer } from "./foreign.ts";
import type { ApplyTarget } from "./resolution.ts";
import type { Scope } from "./scope.ts";
import { type BodyKind, resolveBody, resolveLabel, useTensor } from "./statement.ts";
import { applicableNames, applyTarget, parametersOf, targetNamed } from "./target.ts";
import { withoutTensor } from "./tensor-argument.ts";

/** Finds what is applied, and whether its arguments and braces are where it takes them. */
export function resolveApply(statement: ApplyStatement, scope: Scope, kind: BodyKind): void {
  const { name, label, args, body, shortcut, index } = statement;
  if (label) resolveLabel(label, scope);
  const target = applyTarget(statement, scope);
  const construct = target?.kind === "construct" ? (constructs.get(target.name) as Construct) : null;
  const given = target && !construct?.tensors ? withoutTensor(statement, target, scope) : (args ?? []);
  if (construct?.tensors) resolveTensorArguments(statement, scope);
  else for (const { value } of given) if (target || !namesTensor(value, scope)) resolveExpression(value, scope);
  const inner = scope.inner();
  if (index) inner.declare(index, { kind: "index" });
  if (body) resolveBody(body, inner, construct?.tensors ? "join" : "inside");
  if (shortcut) resolveBody(shortcut, inner, "inside");
  if (target?.kind === "block") scope.useDeclared(name.text);
  if (!target) {
    if (!scope.unit.missing.has(name.text)) recover(statement, scope);
    return;
  }
  if (name.text === "branch" && kind !== "join") {
    scope.session.report("branch-misplaced", name.span, {});
    return;
  }
  if (!checkForm(statement, target, construct, scope)) return;
  const stray = construct?.tensors && body ? strayStatement(body) : null;
  if (stray) {
    scope.session.report("not-a-branch", headOf(stray), {});
    return;
  }
  if (!construct?.tensors) {
    const isCut = given.length < (args?.length ?? 0);
    const bound = bindArguments(name, parametersOf(target), given, statement.head, scope, { isCut });
    if (!bound) return;
    if (name.text === "dense" && !checkDense(statement, new Set(bound.keys()), scope)) return;
    scope.resolution.bound.set(statement, bound);
  }
  scope.resolution.targets.set(statement, target);
}

/** The name of a tensor goes with a join, so with a misspelt one too. */
function namesTensor(value: Expr, scope: Scope): boolean {
  return value.kind === "name" && scope.tensors.has(value.text);
}

/** After a misspelt layer or block the one that was meant stands in, if it fits, so that what follows is checked. */
function recover(statement: ApplyStatement, scope: Scope): void {
  const { name, args, head, body } = statement;
  const meant = foreignLayer(name.text) ?? suggest(name.text, applicableNames(scope));
  const target = meant === null || body ? null : targetNamed(meant, scope);
  if (!target || target.kind === "construct") return;
  const bound = bindArguments(name, parametersOf(target), args ?? [], head, scope, { silent: true });
  if (!bound) return;
  scope.resolution.bound.set(statement, bound);
  scope.resolution.targets.set(statement, target);
}

/** Are braces, `as` and `shortcut` where this takes them, and only there? */
function checkForm(
  { name, args, body, shortcut, index }: ApplyStatement,
  target: ApplyTarget,
  construct: Construct | null,
  scope: Scope,
): boolean {
  const { report } = scope.session;
  const facts = { name: name.text };
  const wanted = construct?.body ?? "none";
  if (body && wanted === "none") report("body-unexpected", name.span, { ...facts, kind: target.kind });
  else if (!body && wanted === "required") report("body-missing", name.span, facts);
  else if (construct?.tensors && !body === !args?.length) {
    report("join-form", name.span, { ...facts, both: body !== null });
  } else if (shortcut && !construct?.shortcut) report("shortcut-unexpected", name.span, facts);
  else if (index && !(construct?.index && body)) report("index-unexpected", index.span, facts);
  else return true;
  return false;
}

/** With a body the layer is the author's own: what shapes the built-in one would say nothing. */
function checkDense({ name, body }: ApplyStatement, given: ReadonlySet<string>, scope: Scope): boolean {
  const { report } = scope.session;
  const useless = ["bottleneck", "dropout", "groups"].filter((one) => given.has(one));
  if (body && useless.length > 0) report("dense-body-argument", name.span, { names: useless });
  else if (!body && !given.has("growth")) {
    report("missing-argument", name.span, { callee: "dense", missing: ["growth"], signature: "layers, growth" });
  } else return true;
  return false;
}

/** The arguments of `concat(skip[0])` name tensors. */
function resolveTensorArguments({ args }: ApplyStatement, scope: Scope): void {
  for (const { name, value } of args ?? []) {
    if (name)
      scope.session.report("unknown-argument", name.span, {
        callee: "a join",
        name: name.text,
        known: [],
        similar: null,
      });
    const base = value.kind === "index" ? value.target : value;
    if (value.kind === "index") resolveExpression(value.index, scope);
    if (base.kind === "name") useTensor(base, scope);
    else scope.session.report("tensor-expected", value.span, {});
  }
}

/** The first statement in the braces of a join that neither is a branch nor stands around one. */
function strayStatement(body: Body): Statement | null {
  for (const statement of body.statements) {
    const stray = strayIn(statement);
    if (stray) return stray;
  }
  return null;
}

function strayIn(statement: Statement): Statement | null {
  switch (statement.kind) {
    case "for":
    case "repeat":
    case "if":
      return (
        bodiesOf(statement)
          .map(strayStatement)
          .find((one) => one !== null) ?? null
      );
    case "let":
    case "require":
    case "expect":
      return null;
    case "apply":
      return statement.name.text === "branch" ? null : statement;
    case "input":
    case "name-tensor":
    case "from":
    case "output":
    case "training":
    case "scope":
      return statement;
  }
}

/** The word that a message about a whole statement underlines. */
function headOf(statement: Statement): Span {
  if (statement.kind === "apply") return statement.name.span;
  if (statement.kind === "scope") return statement.label.span;
  return statement.span;
}
