import { type Command, Option } from "commander";
import { addSharedOptions, lintDescription, type SharedOptions } from "../options.ts";
import { examples, runOrWatch, type Shell, type WatchFlags } from "./shell.ts";

export interface CheckFlags extends SharedOptions, WatchFlags {
  /** Also look for what is right and yet slow or seldom meant. */
  readonly lint?: true;
  readonly format: "human" | "short" | "json" | "sarif" | "github";
}

export function describeCheck(program: Command, shell: Shell): void {
  const command = program
    .command("check")
    .description("check all networks of the files: syntax, shapes and contracts")
    .argument("<files...>", "the .dnet files; - reads standard input")
    .option("--lint", lintDescription)
    .addOption(
      new Option("--format <format>", "of the result")
        .choices(["human", "short", "json", "sarif", "github"])
        .default("human"),
    )
    .option("-w, --watch", "stay, and check again whenever a file changes");
  addSharedOptions(command, "all").addHelpText(
    "after",
    examples(
      "dnetc check net.dnet",
      "dnetc check --format short nets/*.dnet",
      "dnetc check --lint --deny notes nets/*.dnet",
      "dnetc check net.dnet --set growth=48 --format json",
      "dnetc check --watch net.dnet",
      "dnetc check nets/*.dnet --format sarif > dnetc.sarif",
    ),
  );
  command.action(async (files: readonly string[], flags: CheckFlags) => {
    const { runCheck } = await import("../check.ts");
    await runOrWatch((terminal) => runCheck(files, flags, terminal), files, flags, shell);
  });
}
