import type { Expr } from "../ast/expressions.ts";
import type { InputStatement } from "../ast/statements.ts";
import { evaluate } from "../evaluate.ts";
import type { Activation, Dim } from "../ir.ts";
import { isExact, isWholeExact } from "../number.ts";
import { reportNotWhole, typeError } from "../operand.ts";
import { symbol } from "../symbolic.ts";
import { formatValue, type Unknown, unknown } from "../value.ts";
import { type Context, placeOf } from "./context.ts";

const roles = ["the channels of the input", "the height of the input", "the width of the input"] as const;

/** `input name[c, h, w]`: the first tensor. A capitalised name without a value is a symbolic size. */
export function enterInput({ name, sizes, span }: InputStatement, context: Context): void {
  const { flow, frame, graph } = context;
  if (flow.current !== null) return;
  graph.inputSpan = span;
  graph.inputName = name.text;
  if (sizes.length !== 3) {
    flow.current = unknown;
    return;
  }
  const values = sizes.map((size, i) => inputSize(size, roles[i] ?? "a size", i === 0, context));
  flow.current = unknown;
  if (values.length !== 3 || values.includes(unknown)) return;
  const activation: Activation = { shape: values as unknown as [Dim, Dim, Dim], maker: null };
  graph.input = { name: name.text, activation };
  flow.current = activation;
  frame.tensors.set(name.text, { span: name.span, alone: activation, indexed: new Map() });
}

function inputSize(size: Expr, role: string, isChannels: boolean, context: Context): Dim | Unknown {
  const { dims, session } = context;
  if (size.kind === "name" && context.resolution.symbols.has(size)) {
    return symbolicSize(size.text, size, isChannels, context, dims.get(size.text));
  }
  const value = evaluate(size, placeOf(context));
  if (value === unknown || (typeof value === "number" && value >= 1 && value <= largestSize)) return value;
  if (!isExact(value)) {
    return typeError(value, size.span, "a number, or a capitalised name of its own", role, session);
  }
  if (!isWholeExact(value)) return reportNotWhole(value, size.span, role, null, session);
  const takes = "a whole number of at least 1";
  session.report("argument-range", size.span, { role, takes, value: formatValue(value) });
  return unknown;
}

const largestSize = 2 ** 31 - 1;

function symbolicSize(
  name: string,
  size: Expr,
  isChannels: boolean,
  context: Context,
  given: number | undefined,
): Dim | Unknown {
  const { environment, session } = context;
  if (isChannels) {
    session.report("channels-symbolic", size.span, { name });
    return unknown;
  }
  if (given === undefined) {
    const symbols = new Map(session.assumptions.symbols);
    symbols.set(name, { divisor: 1, atLeast: 1, atMost: null });
    session.assumptions = { symbols };
  }
  const value = given ?? symbol(name);
  environment.define(name, { value, origin: null, span: size.span });
  return value;
}
