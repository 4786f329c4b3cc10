import { type Command, InvalidArgumentError, Option } from "commander";
import type { Dtype, KeepIo } from "../../emit/precision.ts";
import { type Device, devices } from "../../runtime/device.ts";
import { addSharedOptions, choiceList, parseSeed, type SharedOptions, wholeNumber } from "../options.ts";
import { dtypeOption, keepIoOption } from "./precision.ts";
import { examples, type Shell } from "./shell.ts";

export interface VerifyFlags extends SharedOptions {
  /** The .dnet file that a given ONNX model is compared with. */
  readonly against?: string;
  /** Whether the values of that model may be others than those that it records. */
  readonly anyWeights?: true;
  /** Undefined: the CPU. */
  readonly device?: readonly (Device | "auto")[];
  readonly batch: number;
  readonly seed: bigint;
  readonly opset: number;
  readonly fold?: true;
  /** Undefined: f32. */
  readonly dtype?: Dtype;
  /** Undefined: f32. */
  readonly keepIo?: KeepIo;
  readonly all?: true;
  readonly tolerance?: number;
  readonly format: "table" | "json";
}

export const largestBatch = 4096;

export function describeVerify(program: Command, { terminal, finish }: Shell): void {
  const command = program
    .command("verify")
    .description("run a model and compare it with the float64 reference and with what the file says")
    .argument("<files...>", ".dnet files; or one ONNX model, with --against")
    .option("--against <file>", "the .dnet file that the ONNX model should be")
    .option("--any-weights", "the model may hold other values than it records, as after training")
    .addOption(
      choiceList("--device <name>", "cpu (the default), webgpu, cuda or auto; repeatable", [...devices, "auto"]),
    )
    .option("--batch <n>", "how many images run at once", wholeNumber(1, largestBatch), 1)
    .addOption(new Option("--seed <n>", "seed of the weights and the images").argParser(parseSeed).default(0n, "0"))
    .option("--opset <n>", "ONNX opset of the models that are written, 13 to 21", wholeNumber(13, 21), 17)
    .option("--fold", "fold batch normalisation into the convolution before it")
    .addOption(dtypeOption())
    .addOption(keepIoOption())
    .option("--all", "compare every layer, also where the outputs agree")
    .option("--tolerance <x>", "allowed relative error, in place of the one that is reckoned", parseTolerance)
    .addOption(new Option("--format <kind>", "what to print").choices(["table", "json"]).default("table"));
  addSharedOptions(command, "every network of each file, or the one that the model records").addHelpText(
    "after",
    examples(
      "dnetc verify net.dnet",
      "dnetc verify net.dnet --device cpu --device webgpu",
      "dnetc verify segmentation.dnet --dim H=64 --dim W=64 --all",
      "dnetc verify net.onnx --against net.dnet",
    ),
  );
  command.action(async (files: readonly string[], flags: VerifyFlags) => {
    const { runVerify } = await import("../verification/verify.ts");
    finish(await runVerify(files, flags, terminal));
  });
}

function parseTolerance(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value > 0 && value < 1) return value;
  throw new InvalidArgumentError("It is not a number between 0 and 1.");
}
