import type { Diagnostic } from "../compiler/diagnostics.ts";
import type { CheckFlags } from "./commands/check.ts";
import { compileAll, type FileCompilation, listNames } from "./compilation.ts";
import { diagnosticsJson } from "./diagnostics-json.ts";
import { type ExitCode, exitCodes, Failure, printFailure } from "./failure.ts";
import {
  exitCodeOf,
  hasErrors,
  hasProblems,
  printDiagnostics,
  printRefusals,
  printShort,
  toPrint,
} from "./messages.ts";
import { counted, summarize } from "./render.ts";
import type { Terminal } from "./terminal.ts";
import { visible } from "./visible-text.ts";

/**
 * Checks every file, also after one that is wrong or cannot be read, and returns the gravest of their exit codes.
 * Messages go to standard error, JSON to standard output.
 */
export async function runCheck(files: readonly string[], flags: CheckFlags, terminal: Terminal): Promise<ExitCode> {
  const found: Diagnostic[] = [];
  const codes: ExitCode[] = [];
  const networks: Networks = { checked: [], unchecked: [] };
  for (const file of files) {
    try {
      const compilation = await compileAll(file, flags, terminal);
      const { diagnostics, refusals } = compilation;
      const shown = toPrint(diagnostics, flags.quiet);
      if (flags.format === "human") printDiagnostics(shown, flags.color, terminal);
      if (flags.format === "short") printShort(shown, terminal);
      printRefusals(refusals, terminal);
      found.push(...diagnostics);
      codes.push(exitCodeOf(diagnostics));
      addNetworks(compilation, flags, networks);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      printFailure(error, terminal);
      codes.push(error.exitCode);
    }
  }
  const exitCode = gravest(codes);
  const shown = toPrint(found, flags.quiet);
  if (flags.format === "json") await terminal.out(diagnosticsJson(found, exitCode === exitCodes.ok));
  else if (!flags.quiet || shown.length > 0) terminal.err(`${conclusion(codes, networks, shown)}\n`);
  return exitCode;
}

/** The names of the networks of all files. */
interface Networks {
  readonly checked: string[];
  /** Left out, as a parameter has no value. */
  readonly unchecked: string[];
}

/** Where there are errors, what was not checked cannot be told from what is wrong. */
function addNetworks(compilation: FileCompilation, { network }: CheckFlags, to: Networks): void {
  const checked = compilation.architectures.map(({ name }) => name);
  to.checked.push(...checked);
  if (network !== undefined || hasErrors(compilation.diagnostics)) return;
  to.unchecked.push(...compilation.networks.filter((name) => !checked.includes(name)));
}

/** Exit codes grow with what they mean: mistakes, wrong usage, unreadable files, limits. */
function gravest(codes: readonly ExitCode[]): ExitCode {
  return codes.reduce((worst, code) => (code > worst ? code : worst), exitCodes.ok);
}

function conclusion(codes: readonly ExitCode[], networks: Networks, found: readonly Diagnostic[]): string {
  const files = codes.length > 1 ? [counted(codes.length, "file")] : [];
  const unread = codes.filter((code) => code === exitCodes.usage || code === exitCodes.inputOutput).length;
  const isClean = unread === 0 && !hasProblems(found);
  const { checked, unchecked } = networks;
  const isCounted = isClean && (checked.length > 0 || unchecked.length === 0);
  const subject = [...files, ...(isCounted ? [counted(checked.length, "network")] : [])].join(", ");
  const missing = unread > 0 ? `${counted(unread, "file")} not checked` : "";
  const result = [isClean ? "no problems" : "", summarize(found), missing].filter((one) => one !== "").join(", ");
  const end = unread > 0 || hasErrors(found) ? "" : aside(unchecked);
  return `${subject === "" ? "" : `${subject}: `}${result}${end}`;
}

function aside(unchecked: readonly string[]): string {
  if (unchecked.length === 0) return "";
  return `; not checked, for want of parameters: ${visible(listNames(unchecked))} (give them with --set)`;
}
