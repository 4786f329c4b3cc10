import type { CallExpr, Expr, Name, NameExpr } from "../ast/expressions.ts";
import { isConstruct } from "../constructs.ts";
import type { Extra } from "../diagnostics.ts";
import { builtinFunctions } from "../functions.ts";
import { layers } from "../layers/registry.ts";
import { suggest } from "../suggest.ts";
import { checkDistinct } from "./distinct.ts";
import { foreignFunction } from "./foreign.ts";
import { valueAdviceFor } from "./foreign-advice.ts";
import type { FunctionTarget } from "./resolution.ts";
import type { Counting, Scope } from "./scope.ts";

export const sizes: ReadonlySet<string> = new Set(["channels", "height", "width"]);
export const paddings: ReadonlySet<string> = new Set(["half", "same"]);
export const counts: ReadonlySet<string> = new Set(["params", "buffers", "macs", "flops", "depth"]);

/** Checks that every name of an expression is known where it stands, and finds what each call calls. */
export function resolveExpression(expr: Expr, scope: Scope, counting: Counting = "no counts"): void {
  const resolve = (one: Expr) => resolveExpression(one, scope, counting);
  switch (expr.kind) {
    case "number":
    case "size":
    case "text":
    case "boolean":
    case "missing":
      return;
    case "name":
      resolveName(expr, scope, counting);
      return;
    case "call":
      resolveCall(expr, scope);
      expr.args.forEach(resolve);
      return;
    case "list":
      expr.items.forEach(resolve);
      return;
    case "comprehension": {
      resolve(expr.list);
      checkDistinct(expr.pattern.names, "name in a pattern", scope.session);
      const inner = scope.inner();
      for (const name of expr.pattern.names) {
        // Counting is how a list of equal items is written: there the variable need not be used.
        if (expr.list.kind === "range") inner.introduce(name.text);
        else inner.declare(name, { kind: "comprehension" });
      }
      resolveExpression(expr.element, inner, counting);
      return;
    }
    case "index":
      resolve(expr.target);
      resolve(expr.index);
      return;
    case "chain":
    case "compare":
      resolve(expr.first);
      for (const { operand } of expr.rest) resolve(operand);
      return;
    case "power":
      resolve(expr.base);
      resolve(expr.exponent);
      return;
    case "negate":
    case "not":
      resolve(expr.operand);
      return;
    case "and":
    case "or":
      expr.operands.forEach(resolve);
      return;
    case "range":
      resolve(expr.from);
      resolve(expr.to);
      return;
    case "choose":
      resolve(expr.condition);
      resolve(expr.then);
      resolve(expr.otherwise);
      return;
    case "let-in": {
      resolve(expr.value);
      const inner = scope.inner();
      inner.declare(expr.name, { kind: "value" });
      resolveExpression(expr.body, inner, counting);
      return;
    }
  }
}

function resolveName(expr: NameExpr, scope: Scope, counting: Counting): void {
  const { text, span } = expr;
  if (isLocalName(text, scope, counting) || scope.unit.missing.has(text)) return;
  const { report } = scope.session;
  const declared = scope.unit.declared.get(text);
  if (declared?.declaration.kind === "let") {
    scope.resolution.values.set(expr, declared.declaration);
    scope.useDeclared(text);
    return;
  }
  const own = suggest(text, scope.names());
  if (scope.tensors.has(text)) report("tensor-as-value", span, { name: text });
  else if (own) report("unknown-name", span, { name: text, similar: own }, { related: scope.declarationOf(own) });
  else if (sizes.has(text)) report("no-tensor-here", span, { name: text });
  else if (counts.has(text)) report("count-outside-expect", span, { name: text });
  else if (layers.has(text) || isConstruct(text)) report("layer-as-value", span, { name: text });
  else if (builtinFunctions.has(text) || declared?.declaration.kind === "fn") {
    report("function-as-value", span, { name: text });
  } else if (declared) report("declaration-as-value", span, { name: text, kind: declared.declaration.kind });
  else {
    const similar = suggest(text, knownNames(scope, counting));
    const advice = valueAdviceFor(text);
    const extra = advice
      ? { help: advice }
      : (parameterElsewhere(text, scope) ?? { related: scope.declarationOf(similar) });
    report("unknown-name", span, { name: text, similar }, extra);
  }
}

/** A parameter of another network or block is not seen here. */
function parameterElsewhere(name: string, { unit }: Scope): Extra | null {
  for (const { declaration } of unit.declared.values()) {
    if (declaration.kind !== "network" && declaration.kind !== "block") continue;
    const found = declaration.params.find((one) => one.name.text === name);
    const owner = declaration.name.text;
    if (!found) continue;
    const related = [{ span: found.name.span, message: `a parameter of ${owner}` }];
    return { related, help: `it is known in ${owner} only: make it a parameter here, and pass it on` };
  }
  return null;
}

/** Uses the name if it is one. Order as in evaluation: names in force hide top-level values, and both hide the sizes, counts and paddings. */
function isLocalName(name: string, scope: Scope, counting: Counting): boolean {
  if (scope.use(name)) return true;
  if (scope.unit.declared.get(name)?.declaration.kind === "let") return false;
  if (sizes.has(name) && scope.hasTensor) return true;
  return paddings.has(name) || (counts.has(name) && counting === "counts");
}

function knownNames(scope: Scope, counting: Counting): string[] {
  const lets = [...scope.unit.declared].filter(([, one]) => one.declaration.kind === "let").map(([name]) => name);
  return [
    ...scope.names(),
    ...lets,
    ...(scope.hasTensor ? sizes : []),
    ...(counting === "counts" ? counts : []),
    ...paddings,
    "true",
    "false",
  ];
}

function resolveCall(expr: CallExpr, scope: Scope): void {
  const { callee, args } = expr;
  const { report } = scope.session;
  const target = functionTarget(callee.text, scope);
  if (!target && scope.unit.missing.has(callee.text)) return;
  if (target) {
    const [least, most] = arity(target);
    if (target.kind === "fn") scope.useDeclared(callee.text);
    if (args.length >= least && (most === null || args.length <= most)) scope.resolution.functions.set(expr, target);
    else {
      const related = target.kind === "fn" ? scope.declarationOf(callee.text) : [];
      report("wrong-arity", expr.span, { name: callee.text, least, most, given: args.length }, { related });
    }
    return;
  }
  const declared = scope.unit.declared.get(callee.text)?.declaration;
  if (isLayerName(callee.text, scope)) report("layer-as-value", callee.span, { name: callee.text });
  else if (scope.knows(callee.text) || declared) report("not-a-function", callee.span, { name: callee.text });
  else {
    const fns = [...scope.unit.declared].filter(([, one]) => one.declaration.kind === "fn").map(([name]) => name);
    const similar = suggest(callee.text, [...builtinFunctions.keys(), ...fns]);
    const facts = { name: callee.text, similar, foreign: foreignFunction(callee.text) };
    const advice = valueAdviceFor(callee.text);
    const extra = advice ? { help: advice } : { related: scope.declarationOf(similar) };
    report("unknown-function", callee.span, facts, extra);
  }
}

/** Does the word name something that is applied to a tensor, so that it cannot stand in an expression? */
export function isLayerName(name: string, scope: Scope): boolean {
  return layers.has(name) || isConstruct(name) || scope.unit.declared.get(name)?.declaration.kind === "block";
}

/** The word of a layer that stands where a value is wanted: `conv(3x3, 64)`, `relu`. */
export function layerIn(expr: Expr, scope: Scope): Name | null {
  const word = expr.kind === "call" ? expr.callee : expr.kind === "name" ? expr : null;
  if (!word || !isLayerName(word.text, scope) || builtinFunctions.has(word.text)) return null;
  const declared = scope.unit.declared.get(word.text);
  return scope.knows(word.text) || (declared && declared.declaration.kind !== "block") ? null : word;
}

function functionTarget(name: string, scope: Scope): FunctionTarget | null {
  const declared = scope.unit.declared.get(name);
  if (declared?.declaration.kind === "fn") {
    return { kind: "fn", declaration: declared.declaration, environment: declared.unit.environment };
  }
  return builtinFunctions.has(name) ? { kind: "builtin", name } : null;
}

function arity(target: FunctionTarget): readonly [least: number, most: number | null] {
  if (target.kind === "fn") return [target.declaration.params.length, target.declaration.params.length];
  const builtin = builtinFunctions.get(target.name);
  return [builtin?.least ?? 0, builtin?.most ?? null];
}
