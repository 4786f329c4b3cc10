import type { Command } from "commander";
import { suggest } from "../../compiler/suggest.ts";
import { usageFailure } from "../failure.ts";
import { examples } from "./shell.ts";

/** Commander's own would print the help of dnetc where there is no such command. */
export function describeHelp(program: Command): void {
  program
    .command("help [command]")
    .description("print help on a command")
    .addHelpText("after", examples("dnetc help", "dnetc help compile"))
    .action((name: string | undefined) => {
      if (name === undefined) program.help();
      const command = program.commands.find((one) => one.name() === name);
      if (command) command.help();
      const names = program.commands.map((one) => one.name());
      const similar = suggest(name, names);
      throw usageFailure(
        `there is no command ${name}`,
        similar === null ? `the commands are ${names.join(", ")}` : `did you mean \`${similar}\`?`,
      );
    });
}
