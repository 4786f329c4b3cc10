import type { Architecture } from "../compiler/ir.ts";
import type { Comparison } from "../inspect/compare.ts";
import { evaluateSteps } from "../reference/evaluate.ts";
import type { Sample } from "../reference/sample.ts";
import type { Device, DeviceRun, Job, Outcome } from "../runtime/device.ts";
import type { Weights } from "../weights/weights.ts";
import { compareTensors, type TensorError } from "./differences.ts";
import type { RandomInput } from "./input.ts";
import { tolerances } from "./tolerance.ts";

/** A model and all that it is compared with. */
export interface Subject {
  readonly architecture: Architecture;
  /** The ONNX file. */
  readonly file: string;
  readonly comparison: Comparison;
  readonly weights: Weights;
  readonly input: RandomInput;
  readonly sizes: ReadonlyMap<string, number>;
  /** What the reference computes: the samples of each output. */
  readonly reference: ReadonlyMap<string, readonly Sample[]>;
}

export interface VerifyOptions {
  /** In place of the tolerance that is reckoned for each output. */
  readonly tolerance: number | null;
  /** Compare every tensor between the layers, also where the outputs agree. */
  readonly all: boolean;
  readonly rounds: number;
}

/** What one device has shown. */
export interface DeviceReport {
  readonly device: Device;
  readonly outcome: Outcome;
  /** Empty where it did not run. */
  readonly outputs: readonly ComparedTensor[];
  /** Every layer in execution order, where they were compared; otherwise empty. */
  readonly layers: readonly ComparedTensor[];
  readonly ok: boolean;
}

export interface ComparedTensor {
  readonly name: string;
  readonly error: TensorError;
  readonly tolerance: number;
  readonly ok: boolean;
}

/** Runs a model on a device and compares what it makes with the reference; where they differ, layer by layer. */
export async function verifyOnDevice(
  subject: Subject,
  device: Device,
  options: VerifyOptions,
  run: (job: Job) => Promise<Outcome>,
): Promise<DeviceReport> {
  const { name, shape, data } = subject.input;
  const job = { file: subject.file, device, input: { name, shape, data }, observed: [], rounds: options.rounds };
  const outcome = await run(job);
  if (outcome.kind !== "ran") return { device, outcome, outputs: [], layers: [], ok: false };
  const outputs = compareOutputs(subject, outcome.run, options);
  const agrees = outputs.every((one) => one.ok);
  const layers = agrees && !options.all ? [] : await compareLayers(subject, job, options, run);
  const ok = agrees && layers.every((one) => one.ok) && outcome.run.elsewhere.length === 0;
  return { device, outcome, outputs, layers, ok };
}

function compareOutputs(
  { architecture, reference }: Subject,
  { tensors }: DeviceRun,
  options: VerifyOptions,
): readonly ComparedTensor[] {
  const allowed = tolerances(architecture);
  return architecture.outputs.map(({ name, activation }) => {
    const found = tensors.find((tensor) => tensor.name === name);
    const tolerance = options.tolerance ?? allowed.get(activation) ?? 0;
    return compared(name, found?.data, reference.get(name) ?? [], tolerance);
  });
}

/**
 * The tensor behind every layer that has one of its own in the model. The reference is evaluated once more, so that
 * its values need not all be held.
 */
async function compareLayers(
  { architecture, comparison: { made }, weights, input, sizes }: Subject,
  job: Job,
  options: VerifyOptions,
  run: (job: Job) => Promise<Outcome>,
): Promise<readonly ComparedTensor[]> {
  const published = new Set(architecture.outputs.map(({ name }) => name));
  const observed = [...made.values()].filter((name) => !published.has(name));
  const outcome = await run({ ...job, observed, rounds: 0 });
  if (outcome.kind !== "ran") return [];
  const tensors = new Map(outcome.run.tensors.map((tensor) => [tensor.name, tensor.data]));
  const allowed = tolerances(architecture);
  const layers: ComparedTensor[] = [];
  for (const { op, outputs } of evaluateSteps(architecture, weights, input.samples, { sizes })) {
    const name = made.get(op);
    const tolerance = options.tolerance ?? allowed.get(op.output) ?? 0;
    if (name !== undefined) layers.push(compared(op.name, tensors.get(name), outputs, tolerance));
  }
  return layers;
}

function compared(
  name: string,
  found: Float32Array | undefined,
  reference: readonly Sample[],
  tolerance: number,
): ComparedTensor {
  if (!found) throw new Error(`the run has made no ${name}`);
  const error = compareTensors(found, reference);
  return { name, error, tolerance, ok: error.nonFinite === 0 && error.maxRelError <= tolerance };
}
