import type { Code, Diagnostic } from "../compiler/diagnostics.ts";
import { isOption } from "../compiler/settings.ts";
import { type ExitCode, exitCodes, printNote } from "./failure.ts";
import type { SharedOptions } from "./options.ts";
import { renderHuman, renderShort, summarize } from "./render.ts";
import type { Terminal } from "./terminal.ts";
import { visible } from "./visible-text.ts";

const widthWithoutWindow = 120;
const narrowest = 12;
/** Columns of the line numbers, up to four digits. */
const gutter = 7;

type Deny = SharedOptions["deny"];

/** All diagnostics, or with `--quiet` those that are problems: notes only where they are denied. */
export function toPrint(
  diagnostics: readonly Diagnostic[],
  { quiet, deny }: Pick<SharedOptions, "quiet" | "deny">,
): readonly Diagnostic[] {
  return quiet ? diagnostics.filter((one) => isProblem(one, deny)) : diagnostics;
}

/** Prints what is wrong for people to read, each message followed by an empty line. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], terminal: Terminal): void {
  const room = terminal.columns === null ? null : Math.max(narrowest, terminal.columns - gutter);
  const width = room ?? widthWithoutWindow;
  const labelWidth = room ?? Number.POSITIVE_INFINITY;
  const options = { colors: terminal.errColors, width, labelWidth, unicode: terminal.errShowsUnicode };
  for (const one of diagnostics) terminal.err(`${renderHuman(one, options)}\n`);
}

export function printShort(diagnostics: readonly Diagnostic[], terminal: Terminal): void {
  for (const one of diagnostics) terminal.err(renderShort(one));
}

/** Why imported files were not read, which the compiler cannot know. */
export function printRefusals(refusals: readonly string[], terminal: Terminal): void {
  for (const refusal of refusals) printNote(visible(refusal), terminal);
}

/** `2 errors, 1 warning` or `no problems, 1 note` on a line; nothing where there is nothing to count. */
export function printSummary(diagnostics: readonly Diagnostic[], deny: Deny, terminal: Terminal): void {
  const summary = summarize(diagnostics, deny);
  if (summary !== "") terminal.err(`${hasProblems(diagnostics, deny) ? "" : "no problems, "}${summary}\n`);
}

/** Where to read more, for someone at a terminal; a script that reads messages does not want it. */
export function printHint(diagnostics: readonly Diagnostic[], deny: Deny, terminal: Terminal): void {
  if (!terminal.errIsTerminal) return;
  const codes = new Set(diagnostics.filter((one) => isProblem(one, deny)).map(({ code }) => code));
  const [first, ...others] = [...codes].slice(0, 3);
  if (first === undefined) return;
  terminal.err(`for more: dnetc explain ${first}${others.length > 0 ? ` (or ${others.join(", ")})` : ""}\n`);
}

/** Errors or warnings; notes are none, unless they are denied. */
export function hasProblems(diagnostics: readonly Diagnostic[], deny: Deny): boolean {
  return diagnostics.some((one) => isProblem(one, deny));
}

function isProblem({ severity }: Diagnostic, deny: Deny): boolean {
  return severity !== "note" || deny === "notes";
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((one) => one.severity === "error");
}

/** What a command exits with after these diagnostics, if nothing else goes wrong. */
export function exitCodeOf(diagnostics: readonly Diagnostic[], deny: Deny): ExitCode {
  if (!hasErrors(diagnostics)) return deny && hasProblems(diagnostics, deny) ? exitCodes.diagnostics : exitCodes.ok;
  if (diagnostics.some(isExceededLimit)) return exitCodes.limit;
  const errors = diagnostics.filter((one) => one.severity === "error");
  return errors.every(({ span }) => isOption(span.source)) ? exitCodes.usage : exitCodes.diagnostics;
}

/** So many messages that the rest is not shown: the file is wrong, and no larger limit would make it right. */
const tooManyMessages: Code = "limit-messages";

function isExceededLimit({ code }: Diagnostic): boolean {
  return code.startsWith("limit-") && code !== tooManyMessages;
}
