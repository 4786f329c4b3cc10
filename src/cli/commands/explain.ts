import { type Command, Option } from "commander";
import { type ColorChoice, colorChoices } from "../terminal.ts";
import { examples, type Shell } from "./shell.ts";

export interface ExplainFlags {
  readonly format: "text" | "markdown";
  readonly color: ColorChoice;
}

export function describeExplain(program: Command, { terminal, finish }: Shell): void {
  program
    .command("explain")
    .description("say more about a message: why it is so, a program that is wrong and one that is right")
    .argument("[code]", "the code of the message; without it, all codes are listed")
    .addOption(new Option("--format <format>", "of the page").choices(["text", "markdown"]).default("text"))
    .addOption(new Option("--color <when>", "colour the page").choices(colorChoices).default("auto"))
    .option("--ascii", "write the page in ASCII, as where the terminal shows no UTF-8")
    .addHelpText(
      "after",
      examples(
        "dnetc explain dense-growth-mismatch",
        "dnetc explain 'error[join-mismatch]'",
        "dnetc explain | grep channels",
        "dnetc explain not-whole --format markdown",
      ),
    )
    .action(async (code: string | undefined, flags: ExplainFlags) => {
      const { runExplain } = await import("../explain.ts");
      finish(await runExplain(code, flags, terminal));
    });
}
