import { type Command, InvalidArgumentError, Option } from "commander";
import { type Init, readInit } from "../../weights/init.ts";
import { parseSeed } from "../options.ts";

/** Of weights that dnetc makes. */
export interface InitOptions {
  readonly seed: bigint;
  readonly init: Init;
  readonly zeroInitResidual?: true;
}

/** As commander calls them. */
export const initNames: readonly (keyof InitOptions)[] = ["seed", "init", "zeroInitResidual"];

export function addInitOptions(command: Command): Command {
  return command
    .addOption(new Option("--seed <n>", "seed of the initial weights").argParser(parseSeed).default(0n, "0"))
    .addOption(
      new Option("--init <kind>", "initial weights: he, xavier, zeros or constant=<x>")
        .argParser(parseInit)
        .default("he" satisfies Init),
    )
    .option("--zero-init-residual", "begin the normalisation that ends a residual branch with weight 0");
}

function parseInit(text: string): Init {
  const init = readInit(text);
  if (init !== null) return init;
  if (text.startsWith("constant")) {
    throw new InvalidArgumentError("A constant needs a number that float32 holds, as in constant=0.02.");
  }
  throw new InvalidArgumentError("Allowed choices are he, xavier, zeros, constant=<x>.");
}
