import type { Command } from "commander";
import { textList } from "../options.ts";

/** Of weights that are loaded; what they mean, `originOf` does. */
export interface WeightsOptions {
  readonly weights?: string;
  readonly map?: readonly string[];
  readonly allowMissing?: readonly string[];
  readonly allowUnexpected?: readonly string[];
}

export function addWeightsOptions(command: Command): Command {
  return command
    .option("--weights <file>", "take the weights from a safetensors file, or from those that an index names")
    .addOption(textList("--map <rules>", `rename tensors of the weights: a file of rules, or ${published}; repeatable`))
    .addOption(textList("--allow-missing <pattern>", "tensors that the weights may lack, as in head.*; repeatable"))
    .addOption(
      textList("--allow-unexpected <pattern>", "tensors that the weights may have and nothing uses; repeatable"),
    );
}

// Written out, as help needs no rules; a test compares them.
const published = "module, torchvision-old, gpleiss, timm, bit or lukemelas";
