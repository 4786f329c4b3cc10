import { ModelFault } from "../inspect/fault.ts";
import type { VerifyFlags } from "./commands/verify.ts";
import { compileAll, compileOne } from "./compilation.ts";
import { type ExitCode, exitCodes, Failure, printFailure, usageFailure } from "./failure.ts";
import { exitCodeOf, printDiagnostics, printRefusals, printSummary, toPrint } from "./messages.ts";
import { pageFor } from "./plain-table.ts";
import { colorsFor, shown, type Terminal } from "./terminal.ts";
import { type Verification, verifyGiven, verifyNetwork } from "./verification.ts";
import { type Fault, verificationsJson } from "./verification-json.ts";
import { verificationTable } from "./verification-table.ts";

/**
 * Verifies every network of the files, or one model that is given, and returns the gravest of the exit codes. A file
 * that cannot be read does not keep the others from being verified.
 */
export async function runVerify(files: readonly string[], flags: VerifyFlags, terminal: Terminal): Promise<ExitCode> {
  refuseMixtures(files, flags);
  const codes: ExitCode[] = [];
  const found: Verification[] = [];
  const faults: Fault[] = [];
  const tell = async (one: Verification) => {
    found.push(one);
    codes.push(one.ok ? exitCodes.ok : exitCodes.diagnostics);
    if (flags.format === "json") return;
    const colors = colorsFor(flags.color, terminal.outIsTerminal, terminal.env);
    await terminal.out(shown(verificationTable(one, colors, pageFor(terminal)), terminal));
  };
  for (const file of files) {
    try {
      codes.push(await verifyFile(file, flags, terminal, tell));
    } catch (error) {
      const failure = asFailure(error, file);
      if (!(failure instanceof Failure)) throw failure;
      if (error instanceof ModelFault) faults.push({ file, code: error.code, message: error.message });
      printFailure(failure, terminal);
      codes.push(failure.exitCode);
    }
  }
  const exitCode = codes.reduce((worst, code) => (code > worst ? code : worst), exitCodes.ok);
  if (flags.format === "json") await terminal.out(verificationsJson(found, faults, exitCode === exitCodes.ok));
  return exitCode;
}

function asFailure(error: unknown, file: string): unknown {
  if (!(error instanceof ModelFault)) return error;
  return new Failure(exitCodes.diagnostics, `${file}: ${error.message}`, "", error.code);
}

/** A model is compared with one file; files are verified by models of their own. */
function refuseMixtures(files: readonly string[], { against }: VerifyFlags): void {
  const model = files.find((file) => file.endsWith(".onnx"));
  if (model !== undefined && against === undefined) {
    throw usageFailure(`${model} is a model: say with --against which .dnet file it should be`);
  }
  if (against !== undefined && files.length > 1) throw usageFailure("--against compares one model with one file");
}

async function verifyFile(
  file: string,
  flags: VerifyFlags,
  terminal: Terminal,
  tell: (one: Verification) => Promise<void>,
): Promise<ExitCode> {
  if (flags.against !== undefined) {
    const chosen = await compileOne(flags.against, flags, terminal);
    if (chosen.kind === "rejected") return chosen.exitCode;
    await tell(await verifyGiven(file, chosen.architecture, flags, terminal.runModel));
    return exitCodes.ok;
  }
  const { architectures, diagnostics, refusals } = await compileAll(file, flags, terminal);
  const printed = toPrint(diagnostics, flags);
  printDiagnostics(printed, flags.color, terminal);
  printRefusals(refusals, terminal);
  printSummary(printed, flags.deny, terminal);
  const exitCode = exitCodeOf(diagnostics, flags.deny);
  if (exitCode !== exitCodes.ok) return exitCode;
  for (const architecture of architectures) await tell(await verifyNetwork(architecture, flags, terminal.runModel));
  return exitCodes.ok;
}
