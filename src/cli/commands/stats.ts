import { type Command, Option } from "commander";
import { addSharedOptions, type SharedOptions, wholeNumber } from "../options.ts";
import type { Depth } from "../stats/rows.ts";
import { examples, type Shell } from "./shell.ts";

export interface StatsFlags extends SharedOptions {
  readonly format: "table" | "json" | "csv" | "markdown";
  readonly depth: Depth;
  readonly summary?: true;
}

export function describeStats(program: Command, { terminal, finish }: Shell): void {
  const command = program
    .command("stats")
    .description("print the layers of a network with their shapes, parameters, MACs and memory")
    .argument("<files...>", "the .dnet file, with --summary several; - reads standard input")
    .addOption(
      new Option("--format <format>", "of the result").choices(["table", "json", "csv", "markdown"]).default("table"),
    );
  command.addOption(
    new Option("--depth <n>", "levels of scopes to open in a table, or all; without it, as many as fit a screen")
      .argParser(parseDepth)
      .default("auto", "auto"),
  );
  command.option("--summary", "print one line for each network of the files");
  addSharedOptions(command, "the first that the file declares").addHelpText(
    "after",
    examples(
      "dnetc stats net.dnet",
      "dnetc stats net.dnet --depth all",
      "dnetc stats net.dnet --network DenseNet201 --format json",
      "dnetc stats --summary nets/*.dnet --format csv > nets.csv",
      "dnetc stats segmentation.dnet --dim H=224 --dim W=224",
    ),
  );
  command.action(async (files: readonly string[], flags: StatsFlags) => {
    const { runStats } = await import("../stats.ts");
    finish(await runStats(files, flags, terminal));
  });
}

function parseDepth(text: string): Depth {
  return text === "all" || text === "auto" ? text : wholeNumber(1, Number.MAX_SAFE_INTEGER, ", nor all or auto")(text);
}
