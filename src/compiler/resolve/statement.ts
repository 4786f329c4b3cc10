import type { Name } from "../ast/expressions.ts";
import type { Body, InputStatement, Label, LetDeclaration, Statement, TensorRef } from "../ast/statements.ts";
import { suggest } from "../suggest.ts";
import { resolveApply } from "./apply.ts";
import { checkDistinct } from "./distinct.ts";
import { counts, layerIn, resolveExpression, sizes } from "./expression.ts";
import type { Scope } from "./scope.ts";

/** Where a body stands decides what may stand in it. */
export type BodyKind = "network" | "inside" | "join";

/** Checks the statements of a body; what it declares is known to its end. */
export function resolveBody(body: Body, outer: Scope, kind: BodyKind): void {
  const scope = outer.inner();
  for (const statement of body.statements) resolveStatement(statement, scope, kind);
}

/** As `resolveBody`, in the scope itself: a network's body, whose parameters are there already. */
export function resolveStatement(statement: Statement, scope: Scope, kind: BodyKind): void {
  const inner: BodyKind = kind === "network" ? "inside" : kind;
  switch (statement.kind) {
    case "input":
      resolveInput(statement, scope, kind);
      return;
    case "let":
      resolveLet(statement, scope);
      return;
    case "for": {
      resolveExpression(statement.list, scope);
      const names = [...statement.pattern.names, ...(statement.index ? [statement.index] : [])];
      checkDistinct(names, "loop variable", scope.session);
      const loop = scope.inner();
      for (const name of statement.pattern.names) loop.declare(name, { kind: "item", loop: statement });
      if (statement.index) loop.declare(statement.index, { kind: "index" });
      resolveBody(statement.body, loop, inner);
      return;
    }
    case "repeat": {
      resolveExpression(statement.count, scope);
      const loop = scope.inner();
      if (statement.index) loop.declare(statement.index, { kind: "index" });
      resolveBody(statement.body, loop, inner);
      return;
    }
    case "if":
      for (const arm of statement.arms) {
        resolveExpression(arm.condition, scope);
        resolveBody(arm.body, scope, inner);
      }
      if (statement.otherwise) resolveBody(statement.otherwise, scope, inner);
      return;
    case "name-tensor":
      if (statement.target.index) resolveExpression(statement.target.index, scope);
      return;
    case "from":
      resolveTensor(statement.tensor, scope);
      if (statement.body) resolveBody(statement.body, scope, "inside");
      return;
    case "require":
      resolveExpression(statement.condition, scope);
      return;
    case "expect":
      resolveExpression(statement.condition, scope, "counts");
      return;
    case "output":
      return;
    case "training":
      resolveBody(statement.body, scope, "inside");
      return;
    case "scope":
      resolveLabel(statement.label, scope);
      resolveBody(statement.body, scope, inner);
      return;
    case "apply":
      resolveApply(statement, scope, kind);
      return;
  }
}

/** `let x = conv(3x3, 64)` means to name the tensor, and is said once: layers within the layer go unmentioned. */
function resolveLet({ name, value }: LetDeclaration, scope: Scope): void {
  const word = layerIn(value, scope);
  if (word) {
    scope.session.report("layer-as-value", word.span, { name: word.text, tensor: name.text });
    const args = value.kind === "call" ? value.args : [];
    for (const arg of args) if (!layerIn(arg, scope)) resolveExpression(arg, scope);
  } else {
    resolveExpression(value, scope);
    scope.declare(name, { kind: "value" });
  }
}

function resolveInput(statement: InputStatement, scope: Scope, kind: BodyKind): void {
  const { sizes, span } = statement;
  if (kind !== "network") scope.session.report("input-misplaced", span, {});
  if (sizes.length !== 3) scope.session.report("input-rank", span, { given: sizes.length });
  const own = new Set<string>();
  for (const size of sizes) {
    if (size.kind === "name" && (own.has(size.text) || isNewSize(size.text, scope))) {
      if (size.text === "N" && !own.has("N") && sizes.length === 3) scope.session.report("size-named-n", size.span, {});
      own.add(size.text);
      scope.resolution.symbols.add(size);
      scope.introduce(size.text);
    } else if (size.kind === "name" && isNewSize(capitalised(size.text), scope) && isUnknown(size.text, scope)) {
      const help = `a size that stays symbolic begins with a capital letter: \`${capitalised(size.text)}\``;
      scope.session.report("unknown-name", size.span, { name: size.text, similar: null }, { help });
    } else resolveExpression(size, scope);
  }
}

/** A capitalised name without a value is a symbolic size. */
function isNewSize(name: string, scope: Scope): boolean {
  return /^[A-Z]/.test(name) && !scope.knows(name) && scope.unit.declared.get(name)?.declaration.kind !== "let";
}

/** Neither a value nor nearly the name of one. */
function isUnknown(name: string, scope: Scope): boolean {
  return (
    !sizes.has(name) &&
    !counts.has(name) &&
    !scope.knows(name) &&
    !scope.unit.declared.has(name) &&
    suggest(name, scope.names()) === null
  );
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

function resolveTensor(tensor: TensorRef, scope: Scope): void {
  if (tensor.index) resolveExpression(tensor.index, scope);
  useTensor(tensor.name, scope);
}

/** Reports a name that no `->` of the body gives. */
export function useTensor(name: Name, scope: Scope): void {
  const { text, span } = name;
  const tensor = scope.tensors.get(text);
  if (tensor) {
    tensor.used = true;
    return;
  }
  const similar = suggest(text, scope.tensors.keys());
  const facts = { name: text, isValue: scope.knows(text), similar };
  scope.session.report("unknown-tensor", span, facts, { related: scope.declarationOf(similar) });
  scope.resolution.unknownTensors.add(name);
}

export function resolveLabel(label: Label, scope: Scope): void {
  for (const part of label.parts) if (typeof part !== "string") resolveExpression(part, scope);
}
