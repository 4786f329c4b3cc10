import { countTotals, type Totals } from "../compiler/count.ts";
import type { Architecture } from "../compiler/ir.ts";
import type { EmittedModel } from "../emit/emit.ts";
import type { CompileFlags } from "./commands/compile.ts";
import { compileOne } from "./compilation.ts";
import { type ExitCode, exitCodes, usageFailure } from "./failure.ts";
import { exactly, roughly } from "./figures.ts";
import { makeModel } from "./make-model.ts";
import { loadSha256 } from "./recorded-tensors.ts";
import { counted } from "./render.ts";
import type { Terminal } from "./terminal.ts";
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
