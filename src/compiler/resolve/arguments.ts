import type { Name } from "../ast/expressions.ts";
import type { Arg } from "../ast/statements.ts";
import type { Report } from "../diagnostics.ts";
import type { Span } from "../source.ts";
import { suggest } from "../suggest.ts";
import { isLayerName } from "./expression.ts";
import { foreignArgument } from "./foreign.ts";
import { argumentAdviceFor } from "./foreign-advice.ts";
import type { BoundArguments } from "./resolution.ts";
import type { Scope } from "./scope.ts";

/** What a layer, construct, block or network takes. */
export interface Parameter {
  readonly name: string;
  readonly required: boolean;
  /** May be given by position: those without a default, and the growth of dense. */
  readonly positional: boolean;
  /** Where a block or network declares it; null for those of the language. */
  readonly span: Span | null;
}

/**
 * Which argument goes to which parameter; null, reported, where they do not fit. Arguments without a default
 * go by position or name, the others by name only. A missing one is not reported for networks, whose
 * parameters may come from outside, nor where the arguments are `isCut`: one of them was told to be none.
 */
export function bindArguments(
  callee: Name,
  parameters: readonly Parameter[],
  args: readonly Arg[],
  at: Span,
  scope: Scope,
  options: { readonly mayMiss?: boolean; readonly silent?: boolean; readonly isCut?: boolean } = {},
): BoundArguments | null {
  const report: Report = options.silent ? () => undefined : scope.session.report;
  const bound = new Map<string, Arg>();
  const positional = parameters.filter((one) => one.positional);
  let fits = true;
  let next = 0;
  for (const arg of args) {
    const name = arg.name ? namedParameter(arg.name, callee, parameters, report) : positional[next++]?.name;
    if (name === undefined || name === null) {
      if (name === undefined) reportSurplus(callee, parameters, arg, scope, report);
      fits = false;
      if (name === undefined) break;
      continue;
    }
    const earlier = bound.get(name);
    if (earlier) {
      const related = [{ span: earlier.span, message: "already given here" }];
      report("duplicate-argument", arg.span, { callee: callee.text, name }, { related });
      fits = false;
    } else bound.set(name, arg);
  }
  if (!fits || options.mayMiss) return fits ? bound : null;
  const missing = parameters.filter((one) => one.required && !bound.has(one.name)).map((one) => one.name);
  if (missing.length === 0) return bound;
  if (!options.isCut)
    report("missing-argument", at, { callee: callee.text, missing, signature: signature(parameters) });
  return null;
}

/** Null, reported, where there is no such parameter. */
function namedParameter(name: Name, callee: Name, parameters: readonly Parameter[], report: Report): string | null {
  if (parameters.some((one) => one.name === name.text)) return name.text;
  const known = parameters.map((one) => one.name);
  const foreign = foreignArgument(name.text);
  const similar = foreign !== null && known.includes(foreign) ? foreign : suggest(name.text, known);
  const facts = { callee: callee.text, name: name.text, known, similar };
  const declared = parameters.find((one) => one.name === similar)?.span;
  const advice = similar === null ? argumentAdviceFor(name.text) : null;
  const related = declared ? [{ span: declared, message: `\`${similar}\` is declared here` }] : [];
  report("unknown-argument", name.span, facts, advice ? { help: advice } : { related });
  return null;
}

function reportSurplus(callee: Name, parameters: readonly Parameter[], arg: Arg, scope: Scope, report: Report): void {
  const value = arg.value;
  if (value.kind === "call" && isLayerName(value.callee.text, scope)) return;
  const byName = parameters.filter((one) => !one.positional).map((one) => one.name);
  const positional = parameters.filter((one) => one.positional).map((one) => one.name);
  report("argument-needs-name", arg.span, { callee: callee.text, positional, byName });
}

export function signature(parameters: readonly Parameter[]): string {
  return parameters.map((one) => (one.required ? one.name : `${one.name} = …`)).join(", ");
}
