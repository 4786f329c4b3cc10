import { DrawingTooLarge } from "../draw/size.ts";
import { drawingOf } from "./architecture-drawing.ts";
import type { DrawFlags } from "./commands/draw.ts";
import { compileOne } from "./compilation.ts";
import { type ExitCode, exitCodes, Failure, usageFailure } from "./failure.ts";
import { exactly } from "./figures.ts";
import type { Terminal } from "./terminal.ts";
import { visible } from "./visible-text.ts";
import { refuseOverwrite, writeOutput } from "./write-output.ts";

/** Draws a network and writes the drawing. */
export async function runDraw(file: string, flags: DrawFlags, terminal: Terminal): Promise<ExitCode> {
  const output = outputOf(flags);
  const chosen = await compileOne(file, flags, terminal);
  if (chosen.kind === "rejected") return chosen.exitCode;
  await refuseOverwrite(output, chosen.inputs);
  try {
    const svg = drawingOf(chosen.architecture, flags);
    if (output === "-") {
      await terminal.out(svg);
      return exitCodes.ok;
    }
    const bytes = Buffer.from(svg);
    await writeOutput(output, [bytes]);
    if (!flags.quiet) terminal.err(`wrote ${visible(output)}: ${exactly(bytes.length)} bytes\n`);
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof DrawingTooLarge)) throw error;
    throw new Failure(exitCodes.limit, error.message, "open fewer levels with --depth, or put the layers into blocks");
  }
}

/** Refuses, before any work is done, what cannot be meant. */
function outputOf({ output }: DrawFlags): string {
  if (output === undefined) throw usageFailure("draw needs -o and the SVG file to write", "- is standard output");
  if (output === "") throw usageFailure("the output needs a name", "give a file after -o");
  return output === "/dev/stdout" ? "-" : output;
}
