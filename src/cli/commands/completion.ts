import { Argument, type Command } from "commander";
import type { ShellName } from "../completion/completion.ts";
import { examples, type Shell } from "./shell.ts";

export function describeCompletion(program: Command, { terminal, finish }: Shell): void {
  program
    .command("completion")
    .description("print what makes a shell complete commands, options and files of dnetc")
    .addArgument(new Argument("<shell>", "which shell").choices(["bash", "zsh", "fish"]))
    .addHelpText(
      "after",
      examples(
        'eval "$(dnetc completion bash)"   # in ~/.bashrc',
        'eval "$(dnetc completion zsh)"    # in ~/.zshrc, after compinit',
        "dnetc completion fish | source    # in ~/.config/fish/config.fish",
      ),
    )
    .action(async (shell: ShellName) => {
      const { runCompletion } = await import("../completion/completion.ts");
      finish(await runCompletion(program, shell, terminal));
    });
}
