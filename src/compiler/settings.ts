import type { Expr } from "./ast/expressions.ts";
import type { Settings } from "./elaborate/network.ts";
import { evaluate } from "./evaluate.ts";
import { type DeclaredNetwork, ownNetworks, parameterNames, sizeNames } from "./networks.ts";
import { asWholeNumber } from "./operand.ts";
import { outsidePlace } from "./outside.ts";
import { parseExpression } from "./parse.ts";
import { resolveExpression } from "./resolve/expression.ts";
import type { Resolution, Unit } from "./resolve/resolution.ts";
import { Scope } from "./resolve/scope.ts";
import type { Session } from "./session.ts";
import type { Source } from "./source.ts";
import { suggest } from "./suggest.ts";
import { formatValue, unknown } from "./value.ts";

interface Given {
  readonly set: ReadonlyMap<string, string>;
  readonly dims: ReadonlyMap<string, string>;
}

const options = ["--set", "--dim"] as const;
type Option = (typeof options)[number];

/** What options are read against: the networks that they are for and the file in which their names are looked up. */
interface Receiver {
  readonly chosen: readonly DeclaredNetwork[];
  /** Speaks for them all in messages; undefined in a file without networks. */
  readonly first: DeclaredNetwork | undefined;
  readonly main: Unit;
  readonly resolution: Resolution;
  readonly session: Session;
}

/** `--set` and `--dim` of the command line; null where one of them is wrong, which is reported on its own text. */
export function readSettings(
  given: Given,
  chosen: readonly DeclaredNetwork[],
  main: Unit,
  resolution: Resolution,
  session: Session,
): Settings | null {
  const before = session.errors;
  const receiver: Receiver = { chosen, first: chosen[0] ?? ownNetworks(main)[0], main, resolution, session };
  const set = readSet(given.set, receiver);
  const dims = readDims(given.dims, receiver);
  return session.errors > before ? null : { set, dims };
}

function readSet(given: Given["set"], receiver: Receiver): ReadonlyMap<string, Expr> {
  const set = new Map<string, Expr>();
  for (const [name, text] of given) {
    const source = optionSource("--set", name, text);
    if (isTaken(name, source, "unknown-parameter", parameterNames, receiver)) {
      set.set(name, readOption(source, name, receiver));
    }
  }
  return set;
}

function readDims(given: Given["dims"], receiver: Receiver): ReadonlyMap<string, number> {
  const { main, resolution, session } = receiver;
  const dims = new Map<string, number>();
  for (const [name, text] of given) {
    const source = optionSource("--dim", name, text);
    if (!isTaken(name, source, "unknown-dim", sizeNames, receiver)) continue;
    const before = session.errors;
    const expr = readOption(source, name, receiver);
    const value =
      session.errors > before ? unknown : evaluate(expr, outsidePlace(main.environment, resolution, session));
    const size = value === unknown ? unknown : asWholeNumber(value, expr.span, `the size ${name}`, session);
    if (size === unknown) continue;
    if (size >= 1) dims.set(name, size);
    else {
      const facts = { role: `the size ${name}`, takes: "a whole number of at least 1", value: formatValue(size) };
      session.report("argument-range", expr.span, facts);
    }
  }
  return dims;
}

/** Does one of the networks take the option? Reports what the first takes where none does. */
function isTaken(
  name: string,
  source: Source,
  code: "unknown-parameter" | "unknown-dim",
  namesOf: (network: DeclaredNetwork, resolution: Resolution) => readonly string[],
  { chosen, first, resolution, session }: Receiver,
): boolean {
  if (!first || chosen.some((network) => namesOf(network, resolution).includes(name))) return true;
  const span = { source, start: 0, end: name.length };
  const known = namesOf(first, resolution);
  session.report(code, span, { network: first.declaration.name.text, name, known, similar: suggest(name, known) });
  return false;
}

/** The option as typed, so that messages can show the place in it. */
function optionSource(option: Option, name: string, text: string): Source {
  return { path: option, text: `${name}=${text}` };
}

/** Is it what was typed for an option, and no file? */
export function isOption({ path }: Source): boolean {
  return options.some((option) => option === path);
}

function readOption(source: Source, name: string, { main, resolution, session }: Receiver): Expr {
  const value = { source, start: name.length + 1, end: source.text.length };
  const expr = parseExpression(value, session.limits, session.report);
  const fields = { unit: main, session, resolution, hasTensor: false, tensors: new Map() };
  resolveExpression(expr, Scope.root(fields));
  return expr;
}
