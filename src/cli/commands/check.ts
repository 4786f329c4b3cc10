import { type Command, Option } from "commander";
import { addSharedOptions, type SharedOptions } from "../options.ts";
import { examples, type Shell } from "./shell.ts";

export interface CheckFlags extends SharedOptions {
  readonly format: "human" | "short" | "json" | "sarif" | "github";
}

export function describeCheck(program: Command, { terminal, finish }: Shell): void {
  const command = program
    .command("check")
    .description("check all networks of the files: syntax, shapes and contracts")
    .argument("<files...>", "the .dnet files; - reads standard input")
    .addOption(
      new Option("--format <format>", "of the result")
        .choices(["human", "short", "json", "sarif", "github"])
        .default("human"),
    );
  addSharedOptions(command, "all").addHelpText(
    "after",
    examples(
      "dnetc check net.dnet",
      "dnetc check --format short nets/*.dnet",
      "dnetc check net.dnet --set growth=48 --format json",
      "dnetc check nets/*.dnet --format sarif > dnetc.sarif",
    ),
  );
  command.action(async (files: readonly string[], flags: CheckFlags) => {
    const { runCheck } = await import("../check.ts");
    finish(await runCheck(files, flags, terminal));
  });
}
