import { type Command, Option } from "commander";
import type { Dtype, KeepIo } from "../../emit/precision.ts";
import { addSharedOptions, givenOptions, lintDescription, type SharedOptions, wholeNumber } from "../options.ts";
import { addInitOptions, type InitOptions, initNames } from "./init-options.ts";
import { dtypeOption, keepIoOption } from "./precision.ts";
import { examples, runOrWatch, type Shell, type WatchFlags } from "./shell.ts";
import { addWeightsOptions, type WeightsOptions } from "./weights-options.ts";

export interface CompileFlags extends SharedOptions, WatchFlags, InitOptions, WeightsOptions {
  /** Undefined where it was left out, which is refused only after what is misspelt. */
  readonly output?: string;
  readonly opset: number;
  readonly batch?: number;
  readonly fold?: true;
  /** Whether the values of tensors lie in a file beside the model. */
  readonly external: "auto" | "always" | "never";
  readonly externalSha1?: true;
  /** Those of the options about initial weights that were given, as they are written. */
  readonly initGiven: readonly string[];
  /** Undefined: f32. */
  readonly dtype?: Dtype;
  /** Undefined: f32. */
  readonly keepIo?: KeepIo;
  readonly verify?: true;
  /** Also look for what is right and yet slow or seldom meant. */
  readonly lint?: true;
  readonly format: "human" | "json";
}

export function describeCompile(program: Command, shell: Shell): void {
  const command = program
    .command("compile")
    .description("check a network, then write it as an ONNX model")
    .argument("<file>", "the .dnet file; - reads standard input")
    .option("-o, --output <file>", "the ONNX file to write; - writes to standard output");
  addWeightsOptions(addInitOptions(command))
    .option("--opset <n>", "ONNX opset, 13 to 21", wholeNumber(13, 21), 17)
    .option("--batch <n>", "fix the batch size; without it, it is dynamic", wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option("--fold", "fold batch normalisation into the convolution before it")
    .addOption(
      new Option(
        "--external <when>",
        "put the values of large tensors in a file beside the model; auto: from 1.5 GiB on",
      )
        .choices(["auto", "always", "never"])
        .default("auto"),
    )
    .option("--external-sha1", "state the SHA-1 of that file in the model")
    .addOption(dtypeOption())
    .addOption(keepIoOption())
    .option("--verify", "run the written model and compare it with the float64 reference")
    .option("--lint", lintDescription)
    .addOption(new Option("--format <format>", "of what is told").choices(["human", "json"]).default("human"))
    .option("-w, --watch", "stay, and compile again whenever a file changes");
  addSharedOptions(command, "the first that the file declares").addHelpText(
    "after",
    examples(
      "dnetc compile net.dnet -o net.onnx",
      "dnetc compile net.dnet -o net.onnx --network DenseNet169 --set classes=10 --verify",
      "dnetc compile net.dnet -o net.onnx --weights net.safetensors --map module",
      "dnetc compile net.dnet -o net.onnx --watch",
      "dnetc compile segmentation.dnet -o small.onnx --dim H=256 --dim W=256 --batch 1",
    ),
  );
  command.action(async (file: string, flags: Omit<CompileFlags, "initGiven">) => {
    const { runCompile } = await import("../compile.ts");
    const given = { ...flags, initGiven: givenOptions(command, initNames) };
    await runOrWatch((terminal, since) => runCompile(file, given, terminal, since), [file], flags, shell);
  });
}
