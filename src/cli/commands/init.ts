import type { Command } from "commander";
import { examples, type Shell } from "./shell.ts";

export function describeInit(program: Command, { terminal, finish }: Shell): void {
  program
    .command("init")
    .description("make a first project that compiles; nothing is overwritten")
    .argument("[folder]", "where; it is made if it is missing", ".")
    .option("--ascii", "write messages in ASCII, as where the terminal shows no UTF-8")
    .addHelpText("after", examples("dnetc init", "dnetc init my-network"))
    .action(async (folder: string) => {
      const { runInit } = await import("../init.ts");
      finish(runInit(folder, terminal));
    });
}
