import { Command, CommanderError } from "commander";
import { describeBench } from "./commands/bench.ts";
import { describeCheck } from "./commands/check.ts";
import { describeCompile } from "./commands/compile.ts";
import { describeCompletion } from "./commands/completion.ts";
import { describeDraw } from "./commands/draw.ts";
import { describeExplain } from "./commands/explain.ts";
import { describeHelp } from "./commands/help.ts";
import { describeInit } from "./commands/init.ts";
import { examples, type Shell } from "./commands/shell.ts";
import { describeStats } from "./commands/stats.ts";
import { describeVerify } from "./commands/verify.ts";
import { describeWeights } from "./commands/weights.ts";
import { type ExitCode, exitCodes, Failure, printFailure } from "./failure.ts";
import { refuseRepetition } from "./options.ts";
import { asAsked, shown, type Terminal, type World } from "./terminal.ts";
import { version } from "./version.ts";
import { visibleLines } from "./visible-text.ts";

/** Runs the command that the arguments name and returns the exit code; throws nothing. */
export async function main(args: readonly string[], world: World): Promise<ExitCode> {
  const terminal = asAsked(world, args);
  let exitCode: ExitCode = exitCodes.ok;
  const program = describeProgram({
    terminal,
    finish(code) {
      exitCode = code;
    },
  });
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (!(error instanceof Failure)) return reportBug(error, terminal);
    printFailure(error, terminal);
    return error.exitCode;
  }
}

/** Says that dnetc itself is wrong, and what a report of it needs. */
export function reportBug(error: unknown, terminal: Pick<Terminal, "err">): ExitCode {
  const trace = error instanceof Error ? (error.stack ?? String(error)) : String(error);
  const system = `dnetc ${version}, Node.js ${process.versions.node}, ${process.platform} ${process.arch}`;
  terminal.err(`error: this is a bug in dnetc, not a mistake of yours
  = help: please report it with your command, your file and these lines:
${[system, ...trace.split("\n")].map((line) => `    ${visibleLines(line).join(" ")}`).join("\n")}
`);
  return exitCodes.bug;
}

/** The commands in the order in which help lists them. */
const descriptions = [
  describeCompile,
  describeCheck,
  describeStats,
  describeVerify,
  describeBench,
  describeDraw,
  describeWeights,
  describeExplain,
  describeInit,
  describeCompletion,
  describeHelp,
];

function describeProgram(shell: Shell): Command {
  const { terminal } = shell;
  const program = new Command("dnetc")
    .description("Compiles densely connected convolutional networks, written in .dnet files, to ONNX.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand(false)
    .addHelpText("after", examples("dnetc compile net.dnet -o net.onnx", "dnetc help compile"))
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.out(shown(text, terminal)),
      writeErr: (text) => terminal.err(visibleLines(text).join("\n")),
      getOutHelpWidth: () => terminal.columns ?? 100,
      getErrHelpWidth: () => terminal.columns ?? 100,
    });
  for (const describe of descriptions) describe(program, shell);
  program.commands.forEach(refuseRepetition);
  return program;
}
