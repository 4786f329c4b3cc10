import { countTotals, type Totals } from "../compiler/count.ts";
import type { Architecture } from "../compiler/ir.ts";
import type { Source } from "../compiler/source.ts";
import { type EmittedModel, emit, ModelTooLarge, type Sha256 } from "../emit/emit.ts";
import { initialise } from "../weights/initialise.ts";
import type { CompileFlags } from "./commands/compile.ts";
import { compileOne } from "./compilation.ts";
import { type ExitCode, exitCodes, Failure, usageFailure } from "./failure.ts";
import { exactly, roughly } from "./figures.ts";
import { loadSha256 } from "./recorded-tensors.ts";
import { counted } from "./render.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "./version.ts";
import { visible } from "./visible-text.ts";
import { isSpecialFile, refuseOverwrite, writeOutput } from "./write-output.ts";

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
  const { output, toStandardOutput } = await chooseOutput(flags, terminal);
  const chosen = await compileOne(file, flags, terminal);
  if (chosen.kind === "rejected") return chosen.exitCode;
  const { architecture } = chosen;
  await refuseOverwrite(output, chosen.inputs);
  const totals = countTotals(architecture.ops, architecture.trainingOps);
  const model = makeModel(architecture, chosen.sources, totals, flags, await loadSha256());
  if (!toStandardOutput) await writeOutput(output, model.chunks);
  else if (!(await writeStandardOutput(model, terminal))) return exitCodes.ok;
  const place = toStandardOutput ? "standard output" : output;
  if (!flags.quiet) terminal.err(describe(architecture, totals, model, { place, since }));
  if (!flags.verify) return exitCodes.ok;
  const { verifyWritten } = await import("./verify-written.ts");
  return verifyWritten(output, architecture, flags, terminal);
}

interface Output {
  readonly output: string;
  readonly toStandardOutput: boolean;
}

/** Where the model goes. Refuses, before any work is done, what cannot be meant. */
async function chooseOutput({ output, verify, watch }: CompileFlags, terminal: Terminal): Promise<Output> {
  if (output === undefined) throw usageFailure("compile needs -o and the ONNX file to write", "- is standard output");
  if (output === "") throw usageFailure("the output needs a name", "give a file after -o");
  const toStandardOutput = output === "-" || output === "/dev/stdout";
  if (verify && (toStandardOutput || (await isSpecialFile(output)))) {
    const place = toStandardOutput ? "standard output" : output;
    throw usageFailure(`there is no file to verify: the model goes to ${place}`, "give a file after -o");
  }
  if (toStandardOutput && watch) throw usageFailure("--watch writes the model again and again", "give a file after -o");
  if (toStandardOutput && terminal.outIsTerminal) {
    throw usageFailure(
      "a model is binary and is not written to a terminal",
      "give a file after -o, or pipe the output",
    );
  }
  return { output, toStandardOutput };
}

function makeModel(
  architecture: Architecture,
  sources: readonly Source[],
  { params, macs }: Totals,
  flags: CompileFlags,
  sha256: () => Sha256,
): EmittedModel {
  const { init, seed, opset } = flags;
  const source = sha256();
  source.update(Buffer.from(sourceText(sources)));
  const provenance = { version, sourceHash: source.digest("hex"), init, seed, params, macs };
  const options = { opset, batch: flags.batch ?? null, fold: flags.fold ?? false, provenance, sha256 };
  try {
    return emit(architecture, initialise(architecture, { init, seed }), options);
  } catch (error) {
    if (error instanceof ModelTooLarge) throw new Failure(exitCodes.limit, error.message);
    throw error;
  }
}

/** What the hash of the source covers: all that was read, one NUL byte between files, the same with CRLF as with LF. */
function sourceText(sources: readonly Source[]): string {
  return sources.map(({ text }) => text.replaceAll("\r\n", "\n")).join("\0");
}

/** False where the reader has gone, who wants no more of the model and nothing said of it. */
async function writeStandardOutput({ chunks }: EmittedModel, terminal: Terminal): Promise<boolean> {
  for (const chunk of chunks) {
    if (!(await terminal.out(chunk))) return false;
  }
  return true;
}

/** Two lines: what the network is, and what was written. */
function describe(
  { name }: Architecture,
  { params, macs }: Totals,
  { nodes, bytes }: EmittedModel,
  { place, since }: { readonly place: string; readonly since: number },
): string {
  const size = `${exactly(params)} parameters, ${roughly(macs) || exactly(macs)} MACs, ${counted(nodes, "node")}`;
  const seconds = ((performance.now() - since) / 1000).toFixed(2);
  return `${name}: ${size}\nwrote ${visible(place)}: ${exactly(bytes)} bytes in ${seconds} s\n`;
}
