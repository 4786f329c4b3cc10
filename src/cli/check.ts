import type { Diagnostic } from "../compiler/diagnostics.ts";
import type { CheckedFile } from "./checked-file.ts";
import type { CheckFlags } from "./commands/check.ts";
import { compileAll, type FileCompilation, listNames } from "./compilation.ts";
import { diagnosticsJson } from "./diagnostics-json.ts";
import { type ExitCode, exitCodes, Failure, printFailure } from "./failure.ts";
import {
  exitCodeOf,
  hasErrors,
  hasProblems,
  printDiagnostics,
  printHint,
  printRefusals,
  printShort,
  toPrint,
} from "./messages.ts";
import { githubCommand, githubFailure } from "./messages-github.ts";
import { counted, summarize } from "./render.ts";
import type { Terminal } from "./terminal.ts";
import { visible } from "./visible-text.ts";

/**
 * Checks every file, also after one that is wrong or cannot be read, and returns the gravest of their exit codes.
 * Messages go to standard error; what other programs read goes to standard output.
 */
export async function runCheck(files: readonly string[], flags: CheckFlags, terminal: Terminal): Promise<ExitCode> {
  const checked: CheckedFile[] = [];
  for (const file of files) {
    const one = await checkFile(file, flags, terminal);
    await printFile(one, flags, terminal);
    checked.push(one);
  }
  const exitCode = gravest(checked.map((one) => one.exitCode));
  await printEnd(checked, exitCode, flags, terminal);
  return exitCode;
}

async function checkFile(file: string, flags: CheckFlags, terminal: Terminal): Promise<CheckedFile> {
  try {
    const compilation = await compileAll(file, flags, terminal);
    const { diagnostics, refusals, inputs } = compilation;
    return {
      file,
      failure: null,
      exitCode: exitCodeOf(diagnostics),
      diagnostics,
      refusals,
      inputs,
      ...networksOf(compilation, flags),
    };
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    const { exitCode } = failure;
    return { file, failure, exitCode, diagnostics: [], refusals: [], inputs: [], networks: [], unchecked: [] };
  }
}

/** Where there are errors, what was not checked cannot be told from what is wrong. */
function networksOf(
  { architectures, networks, diagnostics }: FileCompilation,
  { network }: CheckFlags,
): Pick<CheckedFile, "networks" | "unchecked"> {
  const checked = architectures.map(({ name }) => name);
  const isAsked = network === undefined && !hasErrors(diagnostics);
  return { networks: checked, unchecked: isAsked ? networks.filter((name) => !checked.includes(name)) : [] };
}

/** What is printed as soon as it is known. */
async function printFile(
  { file, failure, diagnostics, refusals }: CheckedFile,
  flags: CheckFlags,
  terminal: Terminal,
): Promise<void> {
  const shown = toPrint(diagnostics, flags.quiet);
  const workspace = terminal.env.GITHUB_WORKSPACE ?? null;
  switch (flags.format) {
    case "human":
      printDiagnostics(shown, flags.color, terminal);
      break;
    case "short":
      printShort(shown, terminal);
      break;
    case "github":
      for (const one of shown) await terminal.out(githubCommand(one, workspace));
      if (failure) await terminal.out(githubFailure(file, failure, workspace));
      break;
    case "json":
    case "sarif":
      break;
  }
  printRefusals(refusals, terminal);
  if (failure) printFailure(failure, terminal);
}

/** What is printed when all files are checked: one document for programs, one line for people. */
async function printEnd(
  checked: readonly CheckedFile[],
  exitCode: ExitCode,
  flags: CheckFlags,
  terminal: Terminal,
): Promise<void> {
  const found = checked.flatMap((one) => one.diagnostics);
  switch (flags.format) {
    case "json":
      await terminal.out(diagnosticsJson(found, exitCode === exitCodes.ok));
      break;
    case "sarif": {
      const { sarifLog } = await import("./messages-sarif.ts");
      await terminal.out(await sarifLog(checked, exitCode));
      break;
    }
    case "human":
    case "short":
    case "github": {
      const shown = toPrint(found, flags.quiet);
      if (!flags.quiet || shown.length > 0) terminal.err(`${conclusion(checked, shown)}\n`);
      if (flags.format === "human" && !flags.quiet) printHint(found, terminal);
    }
  }
}

/** Exit codes grow with what they mean: mistakes, wrong usage, unreadable files, limits. */
function gravest(codes: readonly ExitCode[]): ExitCode {
  return codes.reduce((worst, code) => (code > worst ? code : worst), exitCodes.ok);
}

function conclusion(checked: readonly CheckedFile[], found: readonly Diagnostic[]): string {
  const files = checked.length > 1 ? [counted(checked.length, "file")] : [];
  const networks = checked.flatMap((one) => one.networks).length;
  const unchecked = checked.flatMap((one) => one.unchecked);
  const unread = checked.filter((one) => one.failure !== null).length;
  const isClean = unread === 0 && !hasProblems(found);
  const isCounted = isClean && (networks > 0 || unchecked.length === 0);
  const subject = [...files, ...(isCounted ? [counted(networks, "network")] : [])].join(", ");
  const missing = unread > 0 ? `${counted(unread, "file")} not checked` : "";
  const result = [isClean ? "no problems" : "", summarize(found), missing].filter((one) => one !== "").join(", ");
  const end = unread > 0 || hasErrors(found) ? "" : aside(unchecked);
  return `${subject === "" ? "" : `${subject}: `}${result}${end}`;
}

function aside(unchecked: readonly string[]): string {
  if (unchecked.length === 0) return "";
  return `; not checked, for want of parameters: ${visible(listNames(unchecked))} (give them with --set)`;
}
