import { evaluate, originOf } from "../evaluate.ts";
import type { ArgumentTable, ArgumentValues } from "../layers/layer.ts";
import type { BoundArguments } from "../resolve/resolution.ts";
import { type Unknown, unknown } from "../value.ts";
import { type Context, placeOf } from "./context.ts";

/** The values of the arguments of a layer or construct; unknown after a reported error in any of them. */
export function readArguments<A extends ArgumentTable>(
  table: A,
  bound: BoundArguments,
  callee: string,
  context: Context,
): ArgumentValues<A> | Unknown {
  const values: Record<string, unknown> = {};
  const at = placeOf(context);
  let failed = false;
  for (const name in table) {
    const argument = table[name] as A[typeof name];
    const arg = bound.get(name);
    if (!arg) {
      values[name] = argument.default?.value;
      continue;
    }
    const value = evaluate(arg.value, at);
    const role = `the ${name} of ${callee}`;
    const reading = { span: arg.value.span, role, session: at.session, origin: originOf(arg.value, at) };
    const read = value === unknown ? unknown : argument.read(value, reading);
    if (read === unknown) failed = true;
    values[name] = read;
  }
  // Every name of the table was read by its own argument, so the record has the types that the table gives.
  return failed ? unknown : (values as ArgumentValues<A>);
}
