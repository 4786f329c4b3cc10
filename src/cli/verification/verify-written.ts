import type { Architecture } from "../../compiler/ir.ts";
import type { CompileFlags } from "../commands/compile.ts";
import { type ExitCode, exitCodes, Failure, printFailure } from "../failure.ts";
import { readModelFile } from "../model-file.ts";
import { pageFor } from "../plain-table.ts";
import { counted } from "../render.ts";
import { median } from "../statistics.ts";
import type { Terminal } from "../terminal.ts";
import { visible } from "../visible-text.ts";
import { isVerified, type Verification, verifyGiven } from "./verification.ts";
import { verificationFailure } from "./verification-failure.ts";
import { figure } from "./verification-layers.ts";
import { unfitness, verificationTable } from "./verification-table.ts";
import { inSight } from "./verification-watcher.ts";

/** Verifies a model that has just been written, on the CPU, and says on standard error what came of it. */
export async function verifyWritten(
  file: string,
  architecture: Architecture,
  flags: CompileFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const { seed, opset, fold = false, dtype = "f32", keepIo = "f32", batch = 1, quiet = false } = flags;
  const written = { seed, opset, fold, dtype, keepIo };
  const asked = { ...written, devices: ["cpu"], batch, all: false, tolerance: null, anyWeights: false } as const;
  try {
    const model = readModelFile(file);
    const found = await inSight(architecture, quiet, terminal, (host) => verifyGiven(model, architecture, asked, host));
    refuseAbsence(found);
    // Initial weights are there to be trained: that very deep networks overflow with them says nothing of the model.
    if (flags.weights === undefined ? found.agrees : isVerified(found)) {
      if (!quiet) terminal.err(success(found));
      return exitCodes.ok;
    }
    printFailure(new Failure(exitCodes.diagnostics, `${file} is written, but fails its verification`), terminal);
    terminal.err(verificationTable(found, terminal.errColors, pageFor(terminal)));
    return exitCodes.diagnostics;
  } catch (error) {
    const failure = verificationFailure(error, file);
    if (!(failure instanceof Failure)) throw failure;
    const { exitCode, message, help, code } = failure;
    throw new Failure(exitCode, `the model is written, but not verified: ${message}`, help, code);
  }
}

function refuseAbsence({ devices }: Verification): void {
  for (const { outcome } of devices) {
    if (outcome.kind === "unavailable") throw new Failure(exitCodes.diagnostics, outcome.reason, outcome.help);
  }
}

function success({ nodes, sizes, comparison, unfit, devices }: Verification): string {
  const about = [...sizes].map(([name, size]) => `, ${name} = ${size}`).join("");
  const outputs = devices.flatMap((one) => one.outputs);
  const [worst] = [...outputs].sort((a, b) => b.error.maxRelError / b.tolerance - a.error.maxRelError / a.tolerance);
  const rounds = devices.flatMap(({ outcome }) => (outcome.kind === "ran" ? outcome.run.roundsMs : []));
  const found = [
    counted(nodes, "node"),
    counted(comparison.made.size, "shape"),
    `relative error ${figure(worst?.error.maxRelError ?? 0)} of ${figure(worst?.tolerance ?? 0)} allowed`,
    `median ${median(rounds).toFixed(1)} ms`,
  ];
  const note = unfit
    ? `note: ${unfitness(unfit, comparison.precision)}; the graph of the file is verified with other weights\n`
    : "";
  return `${note}verified on the CPU${visible(about)}: ${found.join(", ")}\n`;
}
