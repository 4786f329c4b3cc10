import path from "node:path";
import type { Architecture } from "../../compiler/ir.ts";
import { precisionOf } from "../../inspect/casts.ts";
import { type Comparison, compareWithArchitecture, type Difference } from "../../inspect/compare.ts";
import type { Model } from "../../inspect/model.ts";
import { evaluateSteps } from "../../reference/evaluate.ts";
import type { Device } from "../../runtime/device.ts";
import { type RandomInput, randomInput } from "../../verification/input.ts";
import { weightsOfModel } from "../../verification/model-weights.ts";
import { ownSteps, type Unfit } from "../../verification/own-weights.ts";
import type { DeviceReport, PairReport } from "../../verification/reports.ts";
import { type PassedOver, type Runs, runOnDevices } from "../../verification/run-on-devices.ts";
import type { Host, VerifyOptions } from "../../verification/subject.ts";
import { type Evaluated, verificationSteps } from "../../verification/verification-weights.ts";
import { compareRuns } from "../../verification/verify-model.ts";
import { followed } from "../../verification/watcher.ts";
import { largestBatch } from "../commands/verify.ts";
import { type ModelFile, readModelFile } from "../model-file.ts";
import { inTemporaryFolder } from "../temporary-folder.ts";
import { flowOf } from "../written-precision.ts";
import { refuseBeyondMemory } from "./memory.ts";
import { checkRecorded } from "./recorded-tensors.ts";
import { sizesToRun } from "./sizes-to-run.ts";
import { type Written, writeVerificationModel, writeWithWeights } from "./verification-model.ts";

/** How a model is to be verified. */
export interface Asked extends VerifyOptions, Written {
  readonly devices: readonly (Device | "auto")[];
  readonly batch: number;
  /** The values of a given model may be others than those that it records. */
  readonly anyWeights: boolean;
}

/** What a file holds, beside what a network says. */
interface Read {
  readonly architecture: Architecture;
  /** The ONNX file that was given; null where a model was written for the purpose. */
  readonly model: string | null;
  readonly nodes: number;
  readonly sizes: ReadonlyMap<string, number>;
  readonly input: RandomInput;
  readonly comparison: Comparison;
  /** What the file holds and the network does not say, the structure and the recorded hash of the tensors. */
  readonly differences: readonly Difference[];
}

/** All that was found out about one model. */
export interface Verification extends Read {
  /** Why the model ran with verification weights in place of its own; null where it ran as it is. */
  readonly unfit: Unfit | null;
  /** Empty where the structure differs: then nothing was run. */
  readonly devices: readonly DeviceReport[];
  readonly passedOver: readonly PassedOver[];
  readonly pairs: readonly PairReport[];
  /** Whether nothing differs, with the weights that it ran with. */
  readonly agrees: boolean;
}

/** Whether a model is what it should be. One whose own weights lead beyond float32 computes nothing that could be. */
export function isVerified({ agrees, unfit }: Verification): boolean {
  return agrees && (unfit === null || unfit.kind === "constant");
}

/** Writes a model with weights that tell networks apart, beside nothing that stays, and verifies it. */
export async function verifyNetwork(architecture: Architecture, asked: Asked, host: Host): Promise<Verification> {
  const task = taskFor(architecture, asked, host, flowOf(asked));
  const drawn = await evaluateVerificationWeights(task);
  return inTemporaryFolder(async (folder) => {
    const file = path.join(folder, "model.onnx");
    await writeVerificationModel(file, architecture, drawn.weights, asked);
    const { model } = readModelFile(file);
    const read = await readAgainst(task, model, null);
    if (hasOtherStructure(read)) return { ...read, ...nothingRan };
    const evaluated = await asHeld(task, model, read, drawn);
    return compared(task, { read, file, evaluated, unfit: null, runs: await runModel(task, file, read) });
  });
}

/**
 * Verifies a model that is there already, with the weights that it holds and the batch that it is for, where that is
 * fixed; where its weights show nothing, its graph with others. Throws a Failure.
 */
export async function verifyGiven(
  { named, file, model }: ModelFile,
  architecture: Architecture,
  asked: Asked,
  host: Host,
): Promise<Verification> {
  const precision = precisionOf(model.graph, architecture);
  const task = taskFor(architecture, { ...asked, batch: fixedBatch(model) ?? asked.batch }, host, precision);
  const read = await readAgainst(task, model, named);
  if (hasOtherStructure(read)) return { ...read, ...nothingRan };
  // Before the reference, as a device that is not there is soon told.
  const runs = await runModel(task, file, read);
  const weights = weightsOfModel(model.graph, architecture, read.comparison);
  if (runs.runs.every(({ outcome }) => outcome.kind !== "ran")) {
    return compared(task, { read, file, evaluated: { weights, outputs: new Map() }, unfit: null, runs });
  }
  const own = await followed(ownSteps(architecture, weights, task.input, task.sizes, precision.flow), host.watcher);
  if (own.kind === "unfit") return withOtherWeights(task, read, file, own.unfit);
  return compared(task, { read, file, evaluated: { weights, outputs: own.outputs }, unfit: null, runs });
}

function fixedBatch({ graph }: Model): number | null {
  const batch = graph.inputs[0]?.shape?.[0];
  return typeof batch === "number" && batch >= 1 && batch <= largestBatch ? batch : null;
}

async function withOtherWeights(task: Task, read: Read, given: string, unfit: Unfit): Promise<Verification> {
  const { architecture, asked } = task;
  const drawn = await evaluateVerificationWeights(task);
  return inTemporaryFolder(async (folder) => {
    const file = path.join(folder, "model.onnx");
    const other = { architecture, weights: drawn.weights, comparison: read.comparison, opset: asked.opset };
    if (!writeWithWeights(file, given, other)) return { ...read, ...nothingRan, unfit };
    const evaluated = await asHeld(task, readModelFile(file).model, read, drawn);
    return compared(task, { read, file, evaluated, unfit, runs: await runModel(task, file, read) });
  });
}

interface Task {
  readonly architecture: Architecture;
  readonly asked: Asked;
  readonly host: Host;
  readonly input: RandomInput;
  readonly sizes: ReadonlyMap<string, number>;
}

function taskFor(architecture: Architecture, asked: Asked, host: Host, precision: ReturnType<typeof flowOf>): Task {
  const { batch, seed } = asked;
  const sizes = sizesToRun(architecture);
  refuseBeyondMemory(architecture, sizes, batch);
  return { architecture, asked, host, input: randomInput(architecture, { batch, seed, sizes }, precision), sizes };
}

function evaluateVerificationWeights({ architecture, asked, host, input, sizes }: Task): Promise<Evaluated> {
  const options = { seed: asked.seed, batch: input.samples, sizes };
  return followed(verificationSteps(architecture, options), host.watcher);
}

/** Where a model holds its weights rounded, the reference computes with them as they are held. */
async function asHeld(
  { architecture, host, input, sizes }: Task,
  { graph }: Model,
  { comparison }: Read,
  drawn: Evaluated,
): Promise<Evaluated> {
  if (comparison.precision.weights === "float32") return drawn;
  const weights = weightsOfModel(graph, architecture, comparison);
  const steps = evaluateSteps(architecture, weights, input.samples, { sizes });
  return { weights, outputs: await followed(steps, host.watcher) };
}

async function readAgainst(
  { architecture, asked, input, sizes }: Task,
  read: Model,
  model: string | null,
): Promise<Read> {
  const comparison = compareWithArchitecture(read, architecture, { batch: input.samples.length, sizes });
  const recorded = await checkRecorded(read, architecture, comparison, asked.anyWeights);
  const isAbout = (one: Difference) => one.kind === "metadata";
  const found = [...comparison.differences, ...recorded];
  const differences = [...found.filter(isAbout), ...found.filter((one) => !isAbout(one))];
  return { architecture, model, nodes: read.graph.nodes.length, sizes, input, comparison, differences };
}

function hasOtherStructure({ comparison }: Read): boolean {
  return comparison.differences.length > 0;
}

const nothingRan = { unfit: null, devices: [], passedOver: [], pairs: [], agrees: false };

function runModel({ asked, host, input }: Task, file: string, { comparison }: Read): Promise<Runs> {
  return runOnDevices({ file, input, comparison }, asked.devices, rounds, host);
}

/** After the first run, for the median. */
const rounds = 5;

interface Ran {
  readonly read: Read;
  /** The file that ran. */
  readonly file: string;
  readonly evaluated: Evaluated;
  readonly unfit: Unfit | null;
  readonly runs: Runs;
}

async function compared(task: Task, { read, file, evaluated, unfit, runs }: Ran): Promise<Verification> {
  const { architecture, comparison, input, sizes } = read;
  const subject = { architecture, file, comparison, input, sizes, evaluated };
  const { reports, pairs } = await compareRuns(subject, runs.runs, task.asked, task.host);
  const agrees = read.differences.length === 0 && reports.every((one) => one.ok);
  return { ...read, unfit, devices: reports, passedOver: runs.passedOver, pairs, agrees };
}
