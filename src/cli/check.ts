import type { Diagnostic } from "../compiler/diagnostics.ts";
import { asideOn, type CheckedFile, compileEach } from "./checked-file.ts";
import type { CheckFlags } from "./commands/check.ts";
import { checkJson } from "./diagnostics-json.ts";
import { type ExitCode, exitCodes, gravest, printFailure } from "./failure.ts";
import { hasErrors, hasProblems, printDiagnostics, printHint, printRefusals, printShort, toPrint } from "./messages.ts";
import { githubCommand, githubFailure } from "./messages-github.ts";
import { counted, summarize } from "./render.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Checks every file, also after one that is wrong or cannot be read, and returns the gravest of their exit codes.
 * Messages go to standard error; what other programs read goes to standard output.
 */
export async function runCheck(files: readonly string[], flags: CheckFlags, terminal: Terminal): Promise<ExitCode> {
  const checked: CheckedFile[] = [];
  for (const file of files) {
    const one = await compileEach(file, flags, terminal);
    await printFile(one, flags, terminal);
    checked.push(one);
  }
  const exitCode = gravest(checked.map((one) => one.exitCode));
  await printEnd(checked, exitCode, flags, terminal);
  return exitCode;
}

/** What is printed as soon as it is known. */
async function printFile(
  { file, failure, diagnostics, refusals }: CheckedFile,
  flags: CheckFlags,
  terminal: Terminal,
): Promise<void> {
  const shown = toPrint(diagnostics, flags);
  const workspace = terminal.env.GITHUB_WORKSPACE ?? null;
  switch (flags.format) {
    case "human":
      printDiagnostics(shown, terminal);
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
      await terminal.out(checkJson(checked, exitCode === exitCodes.ok));
      break;
    case "sarif": {
      const { sarifLog } = await import("./messages-sarif.ts");
      await terminal.out(await sarifLog(checked, exitCode));
      break;
    }
    case "human":
    case "short":
    case "github": {
      const shown = toPrint(found, flags);
      if (!flags.quiet || shown.length > 0) terminal.err(`${conclusion(checked, shown, flags)}\n`);
      if (flags.format === "human" && !flags.quiet) printHint(found, flags.deny, terminal);
    }
  }
}

function conclusion(checked: readonly CheckedFile[], found: readonly Diagnostic[], { deny }: CheckFlags): string {
  const files = checked.length > 1 ? [counted(checked.length, "file")] : [];
  const networks = checked.flatMap((one) => one.networks).length;
  const unchecked = checked.flatMap((one) => one.unchecked);
  const unread = checked.filter((one) => one.failure !== null).length;
  const isClean = unread === 0 && !hasProblems(found, deny);
  const isCounted = isClean && (networks > 0 || unchecked.length === 0);
  const subject = [
    ...files,
    ...(isCounted ? [networks === 0 ? "no networks" : counted(networks, "network")] : []),
  ].join(", ");
  const missing = unread > 0 ? `${counted(unread, "file")} not checked` : "";
  const result = [isClean ? "no problems" : "", summarize(found, deny), missing].filter((one) => one !== "").join(", ");
  const end = unread > 0 || hasErrors(found) ? "" : unchecked.length === 0 ? "" : `; ${asideOn(unchecked, "checked")}`;
  return `${subject === "" ? "" : `${subject}: `}${result}${end}`;
}
