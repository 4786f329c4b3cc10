import type { Architecture } from "../compiler/ir.ts";
import { RuntimeMissing } from "../runtime/load-runtime.ts";
import { runModel } from "../runtime/run-model.ts";
import type { CompileFlags } from "./commands/compile.ts";
import { type ExitCode, exitCodes, Failure } from "./failure.ts";
import type { Terminal } from "./terminal.ts";
import { visible } from "./visible-text.ts";

/** Runs a written model once and says on standard error whether it does what the compiler says. */
export async function verifyOutput(
  file: string,
  architecture: Architecture,
  flags: CompileFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const report = await runModel(file, architecture, { batch: flags.batch ?? 1, seed: flags.seed }).catch(
    explainMissing,
  );
  if (report.problems.length > 0) {
    for (const problem of report.problems)
      terminal.err(`error: ${visible(file)} fails its verification: ${visible(problem)}\n`);
    return exitCodes.diagnostics;
  }
  if (!flags.quiet) {
    const outputs = report.outputs.map(({ name, shape }) => `${name} [${shape.join(", ")}]`).join(", ");
    const sizes = [...report.sizes].map(([name, size]) => `, ${name} = ${size}`).join("");
    const seconds = (report.milliseconds / 1000).toFixed(2);
    terminal.err(`verified on the CPU${sizes}: ${outputs}, finite; ONNX Runtime ${report.runtime}, ${seconds} s\n`);
  }
  return exitCodes.ok;
}

function explainMissing(error: unknown): never {
  if (!(error instanceof RuntimeMissing)) throw error;
  throw new Failure(
    exitCodes.diagnostics,
    "the model is written, but not verified: ONNX Runtime cannot be loaded",
    `npm install onnxruntime-node, with -g if dnetc was installed so\n${error.message}`,
  );
}
