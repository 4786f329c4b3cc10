import { type Command, Option } from "commander";
import type { Theme } from "../../draw/theme.ts";
import { addSharedOptions, type SharedOptions, wholeNumber } from "../options.ts";
import { examples, type Shell } from "./shell.ts";

export interface DrawFlags extends SharedOptions {
  /** Undefined where it was left out, which is refused only after what is misspelt. */
  readonly output?: string;
  readonly depth: number | "auto";
  readonly theme: Theme;
}

export function describeDraw(program: Command, { terminal, finish }: Shell): void {
  const command = program
    .command("draw")
    .description("draw the architecture of a network as an SVG file")
    .argument("<file>", "the .dnet file; - reads standard input")
    .option("-o, --output <file>", "the SVG file to write; - writes to standard output")
    .addOption(
      new Option("--depth <n>", "levels of scopes to open; without it, as many as are easily looked at")
        .argParser(parseDepth)
        .default("auto", "auto"),
    )
    .addOption(
      new Option("--theme <theme>", "colours; auto follows the reader's choice")
        .choices(["light", "dark", "auto"])
        .default("auto"),
    );
  addSharedOptions(command, "the first that the file declares").addHelpText(
    "after",
    examples(
      "dnetc draw net.dnet -o net.svg",
      "dnetc draw net.dnet -o net.svg --network DenseNet169 --theme light",
      "dnetc draw net.dnet -o overview.svg --depth 1",
    ),
  );
  command.action(async (file: string, flags: DrawFlags) => {
    const { runDraw } = await import("../draw.ts");
    finish(await runDraw(file, flags, terminal));
  });
}

function parseDepth(text: string): number | "auto" {
  return text === "auto" ? text : wholeNumber(1, Number.MAX_SAFE_INTEGER, ", nor auto")(text);
}
