import { type Command, Option } from "commander";
import { addSharedOptions, type SharedOptions } from "../options.ts";
import { examples, type Shell } from "./shell.ts";

export interface StatsFlags extends SharedOptions {
  readonly format: "table" | "json";
}

export function describeStats(program: Command, { terminal, finish }: Shell): void {
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
    const { runStats } = await import("../stats.ts");
    finish(await runStats(file, flags, terminal));
  });
}
