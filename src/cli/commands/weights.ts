import type { Command } from "commander";
import { usageFailure } from "../failure.ts";
import { addSharedOptions, givenOptions, type SharedOptions } from "../options.ts";
import { addInitOptions, type InitOptions, initNames } from "./init-options.ts";
import { examples, type Shell } from "./shell.ts";

export interface WeightsFlags extends SharedOptions, InitOptions {
  /** Undefined where it was left out, which is refused only after what is misspelt. */
  readonly output?: string;
}

export function describeWeights(program: Command, { terminal, finish }: Shell): void {
  const command = program
    .command("weights")
    .description("write the initial weights of a network, or those of a model, as a safetensors file")
    .argument("<model>", "the .dnet file; or an ONNX model that dnetc has written")
    .option("-o, --output <file>", "the safetensors file to write; - writes to standard output");
  addSharedOptions(addInitOptions(command), "the first that the file declares").addHelpText(
    "after",
    examples(
      "dnetc weights net.dnet -o net.safetensors",
      "dnetc weights net.dnet -o net.safetensors --set classes=10 --seed 7",
      "dnetc weights net.dnet -o net.safetensors --init xavier --zero-init-residual",
      "dnetc weights net.onnx -o net.safetensors",
    ),
  );
  command.action(async (file: string, flags: WeightsFlags) => {
    refuseIdle(command, file);
    const { runWeights } = await import("../weights.ts");
    finish(await runWeights(file, flags, terminal));
  });
}

/** By its name, as nothing is read yet. */
export function isModel(file: string): boolean {
  return file.toLowerCase().endsWith(".onnx");
}

/** Refuses what says how a network is compiled, or begins, for a model that is there. */
function refuseIdle(command: Command, file: string): void {
  const [idle] = givenOptions(command, [...initNames, "network", "set", "dim", "limit"]);
  if (idle && isModel(file)) {
    throw usageFailure(`${idle} is for networks: ${file} is a model already`, "its weights are what it holds");
  }
}
