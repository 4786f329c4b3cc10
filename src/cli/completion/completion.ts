import type { Argument, Command, Option } from "commander";
import { codes } from "../codes.ts";
import { type ExitCode, exitCodes } from "../failure.ts";
import type { Terminal } from "../terminal.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { zshScript } from "./zsh.ts";

export type ShellName = "bash" | "zsh" | "fish";

/** Prints the script of a shell, made from what the commands say of themselves: nothing runs when a key is pressed. */
export async function runCompletion(program: Command, shell: ShellName, terminal: Terminal): Promise<ExitCode> {
  const script = { bash: bashScript, zsh: zshScript, fish: fishScript }[shell];
  await terminal.out(
    script(
      program.commands.map((one) => describe(one, program)),
      describe(program, program),
    ),
  );
  return exitCodes.ok;
}

/** What can be typed after a command. */
export interface Completed {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** In place of its arguments; null where it has none. */
  readonly argument: Values | null;
}

export interface CompletedOption {
  /** `-o` and `--output` */
  readonly flags: readonly string[];
  readonly description: string;
  readonly isRepeatable: boolean;
  /** What comes after it; null where it stands alone. */
  readonly value: Values | null;
}

/** What can stand in a place: these words, files of a kind (a model: .dnet or .onnx), the networks of the .dnet file on the line, or anything. */
export type Values =
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "dnet" | "model" | "file" | "folder" | "network" | "anything" };

function describe(command: Command, program: Command): Completed {
  const [argument] = command.registeredArguments;
  return {
    name: command.name(),
    description: command.description(),
    options: command.createHelp().visibleOptions(command).map(describeOption),
    argument:
      command === program
        ? words(program.commands.map((one) => one.name()))
        : argument
          ? inPlaceOf(argument, program)
          : null,
  };
}

function describeOption(option: Option): CompletedOption {
  const flags = [option.short, option.long].filter((flag) => flag !== undefined && flag !== null);
  const isRepeatable = option.description.endsWith("repeatable");
  const takesValue = option.required || option.optional;
  return { flags, description: option.description, isRepeatable, value: takesValue ? after(option) : null };
}

function after(option: Option): Values {
  if (option.argChoices) return words(option.argChoices);
  return optionValues[option.name()] ?? { kind: "anything" };
}

const optionValues: Readonly<Record<string, Values>> = {
  output: { kind: "file" },
  weights: { kind: "file" },
  map: { kind: "file" },
  init: words(["he", "xavier", "zeros", "constant="]),
  network: { kind: "network" },
  opset: words(Array.from({ length: 9 }, (_, index) => String(13 + index))),
};

function inPlaceOf(argument: Argument, program: Command): Values {
  if (argument.argChoices) return words(argument.argChoices);
  const values: Readonly<Record<string, Values>> = {
    file: { kind: "dnet" },
    files: { kind: "dnet" },
    model: { kind: "model" },
    models: { kind: "model" },
    folder: { kind: "folder" },
    code: words(codes),
    command: words(program.commands.map((one) => one.name())),
  };
  return values[argument.name()] ?? { kind: "anything" };
}

function words(list: readonly string[]): Values {
  return { kind: "words", words: list };
}

/** What finds the networks that files declare, one a line; files that cannot be read declare none. */
export const networksOf = String.raw`sed -nE 's/^[[:space:]]*network[[:space:]]+([A-Za-z_][A-Za-z0-9_]*).*/\1/p'`;
