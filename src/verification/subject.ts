import type { Architecture } from "../compiler/ir.ts";
import type { Comparison } from "../inspect/compare.ts";
import type { Device, Job, Outcome } from "../runtime/device.ts";
import type { RandomInput } from "./input.ts";
import type { Evaluated } from "./verification-weights.ts";
import type { Watcher } from "./watcher.ts";

/** A model, the network that it should be, and what the reference makes of that. Their structure is the same. */
export interface Subject {
  readonly architecture: Architecture;
  /** The ONNX file. */
  readonly file: string;
  readonly comparison: Comparison;
  readonly input: RandomInput;
  readonly sizes: ReadonlyMap<string, number>;
  /** With the weights that the file holds. */
  readonly evaluated: Evaluated;
}

export interface VerifyOptions {
  /** In place of the tolerance that is reckoned for each output. */
  readonly tolerance: number | null;
  /** Compare every tensor between the layers, also where the outputs agree. */
  readonly all: boolean;
}

/** Who runs models, and who watches. */
export interface Host {
  run(job: Job): Promise<Outcome>;
  readonly watcher: Watcher;
}

/** A model as it is, once. */
export function jobFor(
  { file, input, comparison }: Pick<Subject, "file" | "input" | "comparison">,
  device: Device,
): Job {
  const { name, shape, data, type } = input;
  const isWidened = comparison.precision.weights === "bfloat16";
  return { file, device, input: { name, shape, data, type }, observed: [], isWidened, rounds: 0 };
}
