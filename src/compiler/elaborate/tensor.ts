import type { Expr, Name } from "../ast/expressions.ts";
import type { NameStatement, TensorRef } from "../ast/statements.ts";
import { evaluateWhole } from "../evaluate.ts";
import type { Activation } from "../ir.ts";
import type { Span } from "../source.ts";
import { type Unknown, unknown } from "../value.ts";
import { type Context, type NamedTensor, placeOf } from "./context.ts";

/** `-> name`, `-> name[i]`: names the current tensor to the end of the network or block. */
export function nameTensor({ target }: NameStatement, context: Context): void {
  const { current } = context.flow;
  if (current === null) return;
  const index = target.index ? evaluateWhole(target.index, placeOf(context), "the index of a tensor") : null;
  if (index === unknown) return;
  const { text, span } = target.name;
  const named: NamedTensor = context.frame.tensors.get(text) ?? { span, indexed: new Map() };
  if (index === null) named.alone = current;
  else named.indexed.set(index, current);
  context.frame.tensors.set(text, named);
}

/** The tensor of a name; reported where it has not been given yet. */
export function findTensor(ref: TensorRef, context: Context): Activation | Unknown {
  return lookUp(ref.name, ref.index, ref.span, context);
}

/** The tensor that an argument of a join names. */
export function tensorArgument(expr: Expr, context: Context): Activation | Unknown {
  const base = expr.kind === "index" ? expr.target : expr;
  if (base.kind !== "name") return unknown;
  return lookUp(base, expr.kind === "index" ? expr.index : null, expr.span, context);
}

function lookUp(name: Name, index: Expr | null, span: Span, context: Context): Activation | Unknown {
  const position = index ? evaluateWhole(index, placeOf(context), "the index of a tensor") : null;
  const named = context.frame.tensors.get(name.text);
  if (position === unknown || context.resolution.unknownTensors.has(name)) return unknown;
  const found = position === null ? named?.alone : named?.indexed.get(position);
  if (found !== undefined && found !== unknown && context.graph.isOutOfReach(found)) {
    context.session.report("tensor-in-training", span, { name: name.text });
    return unknown;
  }
  if (found !== undefined) return found;
  // After an error the name may be missing only because its layer was passed over.
  if (context.flow.current === unknown) return unknown;
  const known = [...(named?.indexed.keys() ?? [])].sort((a, b) => a - b);
  const facts = { name: name.text, index: position, alone: named?.alone !== undefined, known };
  const related = named ? [{ span: named.span, message: "named here" }] : [];
  context.session.report("tensor-not-named", span, facts, { related });
  return unknown;
}
