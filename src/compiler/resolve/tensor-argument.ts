import type { NameExpr } from "../ast/expressions.ts";
import type { ApplyStatement, Arg } from "../ast/statements.ts";
import { builtinFunctions } from "../functions.ts";
import { counts, isLayerName, paddings, sizes } from "./expression.ts";
import { valueAdviceFor } from "./foreign-advice.ts";
import type { ApplyTarget } from "./resolution.ts";
import type { Scope } from "./scope.ts";
import { parametersOf } from "./target.ts";

/**
 * The arguments without a tensor among them, as in `relu(x)` and `conv(x, 3x3, 64)`: that is reported, and the layer
 * is then checked as if it were not there.
 */
export function withoutTensor({ name, args }: ApplyStatement, target: ApplyTarget, scope: Scope): readonly Arg[] {
  const given = args ?? [];
  const [first] = given;
  if (!first || first.name || first.value.kind !== "name") return given;
  const { text, span } = first.value;
  const rest = given.slice(1);
  const help = `a layer takes up the tensor before it: \`from ${text} ${name.text}${rest.length > 0 ? "(…)" : ""}\``;
  const takes = parametersOf(target).filter((one) => one.positional);
  const tensor = scope.tensors.get(text);
  if (tensor && !isValue(first.value, scope)) {
    scope.session.report("tensor-as-value", span, { name: text }, { help });
    tensor.used = true;
  } else if (takes.length === 0 && meansNothing(first.value, scope)) {
    scope.session.report("argument-needs-name", span, { callee: name.text, positional: [], byName: [] }, { help });
  } else return given;
  return rest;
}

function isValue({ text }: NameExpr, scope: Scope): boolean {
  return scope.knows(text) || scope.unit.declared.has(text);
}

/** A name of nobody's: where no argument is wanted, that of a tensor. */
function meansNothing(expr: NameExpr, scope: Scope): boolean {
  const { text } = expr;
  const ours = sizes.has(text) || counts.has(text) || paddings.has(text) || builtinFunctions.has(text);
  if (ours || isValue(expr, scope) || scope.unit.missing.has(text)) return false;
  return !isLayerName(text, scope) && valueAdviceFor(text) === null;
}
