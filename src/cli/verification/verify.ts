import type { Architecture } from "../../compiler/ir.ts";
import { ModelFault } from "../../inspect/fault.ts";
import type { Host } from "../../verification/subject.ts";
import type { VerifyFlags } from "../commands/verify.ts";
import { compileAll, compileOne } from "../compilation.ts";
import { type ExitCode, exitCodes, Failure, gravest, printFailure, usageFailure } from "../failure.ts";
import { exitCodeOf, printDiagnostics, printRefusals, printSummary, toPrint } from "../messages.ts";
import { readModelFile } from "../model-file.ts";
import { notesOn } from "../notes.ts";
import { pageFor } from "../plain-table.ts";
import { colorsFor, shown, type Terminal } from "../terminal.ts";
import { refuseIdleKeepIo } from "../written-precision.ts";
import { asRecorded } from "./recorded-choice.ts";
import { type Asked, isVerified, type Verification, verifyGiven, verifyNetwork } from "./verification.ts";
import { verificationFailure } from "./verification-failure.ts";
import { type Fault, type VerificationRecord, verificationRecord, verificationsJson } from "./verification-json.ts";
import { verificationTable } from "./verification-table.ts";
import { inSight } from "./verification-watcher.ts";

/**
 * Verifies every network of the files, or one model that is given, and returns the gravest of the exit codes. A file
 * that cannot be read does not keep the others from being verified.
 */
export async function runVerify(files: readonly string[], flags: VerifyFlags, terminal: Terminal): Promise<ExitCode> {
  refuseMixtures(files, flags);
  refuseIdleKeepIo(flags);
  const codes: ExitCode[] = [];
  const records: VerificationRecord[] = [];
  const faults: Fault[] = [];
  const tell = async (one: Verification) => {
    codes.push(isVerified(one) ? exitCodes.ok : exitCodes.diagnostics);
    if (flags.format === "json") records.push(verificationRecord(one));
    else await printTable(one, flags, terminal);
  };
  for (const file of files) {
    try {
      codes.push(await verifyFile(file, flags, terminal, tell));
    } catch (error) {
      const failure = verificationFailure(error, file);
      if (!(failure instanceof Failure)) throw failure;
      if (error instanceof ModelFault) faults.push({ file, code: error.code, message: error.message });
      printFailure(failure, terminal);
      codes.push(failure.exitCode);
    }
  }
  const exitCode = gravest(codes);
  if (flags.format === "json") await terminal.out(verificationsJson(records, faults, exitCode === exitCodes.ok));
  return exitCode;
}

async function printTable(one: Verification, { color, quiet }: VerifyFlags, terminal: Terminal): Promise<void> {
  if (quiet && isVerified(one)) return;
  const colors = colorsFor(color, terminal.outIsTerminal, terminal.env);
  await terminal.out(shown(verificationTable(one, colors, pageFor(terminal)), terminal));
}

/** A model is compared with one file; files are verified by models of their own. */
function refuseMixtures(files: readonly string[], { against, anyWeights, fold, dtype, keepIo }: VerifyFlags): void {
  const [file] = files;
  const model = files.find(isModel);
  if (against === undefined) {
    if (model === undefined && anyWeights) throw usageFailure("--any-weights is for a model, with --against");
    if (model === undefined) return;
    throw usageFailure(
      `${model} is a model: say with --against which .dnet file it should be`,
      `dnetc verify ${model} --against net.dnet`,
    );
  }
  if (files.length > 1) throw usageFailure("--against compares one model with one file");
  if (isModel(against) && file?.endsWith(".dnet")) {
    throw usageFailure(
      "--against takes the .dnet file, and the model comes before it",
      `dnetc verify ${against} --against ${file}`,
    );
  }
  if (fold) throw usageFailure(`--fold is for models that are written: ${file} is a model already, folded or not`);
  if (dtype !== undefined || keepIo !== undefined) {
    const option = dtype === undefined ? "--keep-io" : "--dtype";
    throw usageFailure(`${option} is for models that are written: ${file} is a model already, of the type that it is`);
  }
  if (file === "-") throw usageFailure("a model is read from a file, not from standard input");
}

function isModel(file: string): boolean {
  return file.endsWith(".onnx");
}

async function verifyFile(
  file: string,
  flags: VerifyFlags,
  terminal: Terminal,
  tell: (one: Verification) => Promise<void>,
): Promise<ExitCode> {
  const asked = askedBy(flags);
  const inSightOf = (architecture: Architecture, verify: (host: Host) => Promise<Verification>) =>
    inSight(architecture, flags.quiet ?? false, terminal, verify);
  if (flags.against !== undefined) {
    const given = readModelFile(file);
    const note = flags.quiet ? () => {} : notesOn(terminal, {});
    const recorded = await asRecorded(flags.against, given, flags, terminal, note);
    const chosen = await compileOne(flags.against, recorded, terminal);
    if (chosen.kind === "rejected") return chosen.exitCode;
    const { architecture } = chosen;
    await tell(await inSightOf(architecture, (host) => verifyGiven(given, architecture, asked, host)));
    return exitCodes.ok;
  }
  const { architectures, diagnostics, refusals } = await compileAll(file, flags, terminal);
  const printed = toPrint(diagnostics, flags);
  printDiagnostics(printed, terminal);
  printRefusals(refusals, terminal);
  printSummary(printed, flags.deny, terminal);
  const exitCode = exitCodeOf(diagnostics, flags.deny);
  if (exitCode !== exitCodes.ok) return exitCode;
  for (const architecture of architectures) {
    await tell(await inSightOf(architecture, (host) => verifyNetwork(architecture, asked, host)));
  }
  return exitCodes.ok;
}

function askedBy({ device, batch, seed, opset, fold, dtype, keepIo, all, tolerance, anyWeights }: VerifyFlags): Asked {
  const devices = device ?? ["cpu"];
  const given = {
    fold: fold ?? false,
    dtype: dtype ?? "f32",
    keepIo: keepIo ?? "f32",
    all: all ?? false,
    tolerance: tolerance ?? null,
  };
  return { devices, batch, seed, opset, ...given, anyWeights: anyWeights ?? false };
}
