import { type Command, Option } from "commander";
import { type Device, devices } from "../../runtime/device.ts";
import { addSharedOptions, choiceList, parseSeed, type SharedOptions, wholeNumber } from "../options.ts";
import { examples, type Shell } from "./shell.ts";

export interface BenchFlags extends SharedOptions {
  /** Undefined: the CPU. */
  readonly device?: readonly Device[];
  /** Undefined: one image, or what the model has fixed. */
  readonly batch?: number;
  /** Undefined: as many as there is time for. */
  readonly rounds?: number;
  readonly threads?: number;
  readonly seed: bigint;
  readonly opset: number;
  readonly fold?: true;
  readonly format: "table" | "json";
}

export function describeBench(program: Command, { terminal, finish }: Shell): void {
  const command = program
    .command("bench")
    .description("measure how long models take, side by side, and on the CPU where time and memory go")
    .argument("<models...>", ".dnet files, whose networks get initial weights, and ONNX models")
    .addOption(choiceList("--device <name>", "cpu (the default), webgpu or cuda; repeatable", devices))
    .option("--batch <n>", "how many images run at once; without it, one", wholeNumber(1, 65_536))
    .option(
      "--rounds <n>",
      "how often each model runs; without it, as often as 10 seconds for each allow, 5 to 100 times",
      wholeNumber(1, 1_000_000),
    )
    .option("--threads <n>", "threads on the CPU; without it, as many as ONNX Runtime takes", wholeNumber(1, 1024))
    .addOption(
      new Option("--seed <n>", "seed of weights, inputs and the order in each round")
        .argParser(parseSeed)
        .default(0n, "0"),
    )
    .option("--opset <n>", "ONNX opset of the models that are written, 13 to 21", wholeNumber(13, 21), 17)
    .option("--fold", "in models that are written, fold batch normalisation into the convolution before it")
    .addOption(new Option("--format <kind>", "what to print").choices(["table", "json"]).default("table"));
  addSharedOptions(command, "every network of each file").addHelpText(
    "after",
    examples(
      "dnetc bench net.dnet",
      "dnetc bench densenet-121.dnet densenet-169.dnet --threads 1",
      "dnetc bench plain.onnx folded.onnx --rounds 200",
      "dnetc bench net.dnet --device cpu --device webgpu --batch 8",
      "dnetc bench segmentation.onnx --dim H=512 --dim W=512 --format json",
    ),
  );
  command.action(async (files: readonly string[], flags: BenchFlags) => {
    const { runBench } = await import("../bench/bench.ts");
    finish(await runBench(files, flags, terminal));
  });
}
