import { countTotals, type Totals } from "../compiler/count.ts";
import type { Architecture } from "../compiler/ir.ts";
import type { EmittedModel } from "../emit/emit.ts";
import { madeHere, type Sha256 } from "../emit/pieces.ts";
import type { CompileFlags } from "./commands/compile.ts";
import { compileOne } from "./compilation.ts";
import { type ExitCode, exitCodes, usageFailure } from "./failure.ts";
import { exactly, roughly } from "./figures.ts";
import { makeModel } from "./make-model.ts";
import { dataFileNames } from "./model-writing/data-files.ts";
import { pace } from "./model-writing/pace.ts";
import { StoredBytes } from "./model-writing/stored-bytes.ts";
import { writeModel } from "./model-writing/write-model.ts";
import { progressOn } from "./progress.ts";
import { loadSha1, loadSha256 } from "./recorded-tensors.ts";
import { counted } from "./render.ts";
import type { Terminal } from "./terminal.ts";
import { visible } from "./visible-text.ts";
import { originOf } from "./weights/origin.ts";
import { isSpecialFile, refuseOverwrite } from "./write-output.ts";

/**
 * Checks a network, writes it as an ONNX model and, if asked to, runs what has been written. The time it tells is
 * counted from `since`, in milliseconds of the process.
 */
export async function runCompile(
  file: string,
  flags: CompileFlags,
  terminal: Terminal,
  since: number,
): Promise<ExitCode> {
  const { output, toStandardOutput, isStream } = await chooseOutput(flags, terminal);
  const chosen = await compileOne(file, flags, terminal);
  if (chosen.kind === "rejected") return chosen.exitCode;
  const { architecture } = chosen;
  const origin = await originOf(architecture, flags, terminal);
  await refuseOverwrite(output, [...chosen.inputs, ...origin.files]);
  const totals = countTotals(architecture.ops, architecture.trainingOps);
  const sha256 = await loadSha256();
  const external =
    isStream || flags.external === "never" ? null : { when: flags.external, location: await dataFileNames(output) };
  const model = makeModel(architecture, origin, chosen.sources, totals, flags, external, sha256);
  if (toStandardOutput && !(await writeStandardOutput(model, sha256, terminal))) return exitCodes.ok;
  const data = toStandardOutput ? null : await writeInSight(output, model, flags, sha256, terminal);
  const place = toStandardOutput ? "standard output" : output;
  if (!flags.quiet) terminal.err(describe(architecture, totals, model, { place, data, since }));
  if (!flags.verify) return exitCodes.ok;
  const { verifyWritten } = await import("./verify-written.ts");
  return verifyWritten(output, architecture, flags, terminal);
}

interface Output {
  readonly output: string;
  readonly toStandardOutput: boolean;
  /** Not a file, beside which another could lie. */
  readonly isStream: boolean;
}

/** Where the model goes. Refuses, before any work is done, what cannot be meant. */
async function chooseOutput({ output, verify, watch, external }: CompileFlags, terminal: Terminal): Promise<Output> {
  if (output === undefined) throw usageFailure("compile needs -o and the ONNX file to write", "- is standard output");
  if (output === "") throw usageFailure("the output needs a name", "give a file after -o");
  const toStandardOutput = output === "-" || output === "/dev/stdout";
  const isStream = toStandardOutput || (await isSpecialFile(output));
  const place = toStandardOutput ? "standard output" : output;
  if (isStream && external === "always") {
    throw usageFailure(`there is no folder for a file beside ${place}`, "give a file after -o");
  }
  if (isStream && verify) {
    throw usageFailure(`there is no file to verify: the model goes to ${place}`, "give a file after -o");
  }
  if (toStandardOutput && watch) throw usageFailure("--watch writes the model again and again", "give a file after -o");
  if (toStandardOutput && terminal.outIsTerminal) {
    throw usageFailure(
      "a model is binary and is not written to a terminal",
      "give a file after -o, or pipe the output",
    );
  }
  return { output, toStandardOutput, isStream };
}

async function writeInSight(
  output: string,
  model: EmittedModel,
  { quiet, externalSha1 }: CompileFlags,
  sha256: () => Sha256,
  terminal: Terminal,
): Promise<string | null> {
  const progress = await progressOn(terminal, quiet === true);
  const total = model.tensorBytes;
  progress.begin({ label: `writing ${visible(output)}`, total, tell: (done, time) => pace(done, total, time) });
  try {
    const sha1 = externalSha1 ? await loadSha1() : null;
    return await writeModel(output, model, { sha256, sha1, found() {}, reach: (bytes) => progress.reach(bytes) });
  } finally {
    progress.end();
  }
}

/** False where the reader has gone, who wants no more of the model and nothing said of it. */
async function writeStandardOutput(model: EmittedModel, sha256: () => Sha256, terminal: Terminal): Promise<boolean> {
  const stored = new StoredBytes();
  try {
    for (const chunk of madeHere(model.file(null), sha256(), stored.read)) {
      if (!(await terminal.out(chunk))) return false;
    }
    return true;
  } finally {
    stored.close();
  }
}

/** Two lines: what the network is, and what was written. */
function describe(
  { name }: Architecture,
  { params, macs }: Totals,
  { nodes, bytes, data: beside }: EmittedModel,
  { place, data, since }: { readonly place: string; readonly data: string | null; readonly since: number },
): string {
  const size = `${exactly(params)} parameters, ${roughly(macs) || exactly(macs)} MACs, ${counted(nodes, "node")}`;
  const seconds = ((performance.now() - since) / 1000).toFixed(2);
  const values =
    data === null ? "" : `, with ${exactly(beside?.bytes ?? 0)} bytes of values in ${visible(data)} beside it,`;
  return `${name}: ${size}\nwrote ${visible(place)}: ${exactly(bytes)} bytes${values} in ${seconds} s\n`;
}
