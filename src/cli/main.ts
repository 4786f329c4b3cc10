import { Command, CommanderError, Option } from "commander";
import { suggest } from "../compiler/suggest.ts";
import { type ExitCode, exitCodes, Failure, printFailure, usageFailure } from "./failure.ts";
import {
  addSharedOptions,
  type CheckFlags,
  type CompileFlags,
  parseSeed,
  refuseRepetition,
  type StatsFlags,
  wholeNumber,
} from "./options.ts";
import type { Terminal } from "./terminal.ts";
import { version } from "./version.ts";
import { visibleLines } from "./visible-text.ts";

/** Runs the command that the arguments name and returns the exit code; throws nothing. */
export async function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
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

/** What the commands get, and where they leave their exit code. */
interface Shell {
  readonly terminal: Terminal;
  finish(code: ExitCode): void;
}

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
      writeOut: (text) => void terminal.out(text),
      writeErr: (text) => terminal.err(text),
      getOutHelpWidth: () => terminal.columns ?? 100,
      getErrHelpWidth: () => terminal.columns ?? 100,
    });
  describeCompile(program, shell);
  describeCheck(program, shell);
  describeStats(program, shell);
  describeHelp(program);
  program.commands.forEach(refuseRepetition);
  return program;
}

// A command is loaded when it runs: `--version` and `--help` need no compiler.

function describeCompile(program: Command, { terminal, finish }: Shell): void {
  const command = program
    .command("compile")
    .description("check a network, then write it as an ONNX model with initial weights")
    .argument("<file>", "the .dnet file; - reads standard input")
    .option("-o, --output <file>", "the ONNX file to write; - writes to standard output")
    .addOption(new Option("--seed <n>", "seed of the initial weights").argParser(parseSeed).default(0n, "0"))
    .addOption(new Option("--init <kind>", "initial weights").choices(["he", "zeros"]).default("he"))
    .option("--opset <n>", "ONNX opset, 13 to 21", wholeNumber(13, 21), 17)
    .option("--batch <n>", "fix the batch size; without it, it is dynamic", wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option("--fold", "fold batch normalisation into the convolution before it")
    .option("--verify", "run the written model once in ONNX Runtime");
  addSharedOptions(command, "the first that the file declares").addHelpText(
    "after",
    examples(
      "dnetc compile net.dnet -o net.onnx",
      "dnetc compile net.dnet -o net.onnx --network DenseNet169 --set classes=10 --verify",
      "dnetc compile segmentation.dnet -o small.onnx --dim H=256 --dim W=256 --batch 1",
    ),
  );
  command.action(async (file: string, flags: CompileFlags) => {
    const { runCompile } = await import("./compile.ts");
    finish(await runCompile(file, flags, terminal));
  });
}

function describeCheck(program: Command, { terminal, finish }: Shell): void {
  const command = program
    .command("check")
    .description("check all networks of the files: syntax, shapes and contracts")
    .argument("<files...>", "the .dnet files; - reads standard input")
    .addOption(new Option("--format <format>", "of the result").choices(["human", "short", "json"]).default("human"));
  addSharedOptions(command, "all").addHelpText(
    "after",
    examples(
      "dnetc check net.dnet",
      "dnetc check --format short nets/*.dnet",
      "dnetc check net.dnet --set growth=48 --format json",
    ),
  );
  command.action(async (files: readonly string[], flags: CheckFlags) => {
    const { runCheck } = await import("./check.ts");
    finish(await runCheck(files, flags, terminal));
  });
}

function describeStats(program: Command, { terminal, finish }: Shell): void {
  const command = program
    .command("stats")
    .description("print the layers of a network with their shapes, parameters, MACs and memory")
    .argument("<file>", "the .dnet file; - reads standard input")
    .addOption(new Option("--format <format>", "of the result").choices(["table", "json"]).default("table"));
  addSharedOptions(command, "the first that the file declares").addHelpText(
    "after",
    examples(
      "dnetc stats net.dnet",
      "dnetc stats net.dnet --network DenseNet201 --format json",
      "dnetc stats segmentation.dnet --dim H=224 --dim W=224",
    ),
  );
  command.action(async (file: string, flags: StatsFlags) => {
    const { runStats } = await import("./stats.ts");
    finish(await runStats(file, flags, terminal));
  });
}

/** Commander's own would print the help of dnetc where there is no such command. */
function describeHelp(program: Command): void {
  program
    .command("help [command]")
    .description("print help on a command")
    .action((name: string | undefined) => {
      if (name === undefined) program.help();
      const command = program.commands.find((one) => one.name() === name);
      if (command) command.help();
      const names = program.commands.map((one) => one.name());
      const similar = suggest(name, names);
      throw usageFailure(
        `there is no command ${name}`,
        similar === null ? `the commands are ${names.join(", ")}` : `did you mean ${similar}?`,
      );
    });
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}\n`).join("")}`;
}
