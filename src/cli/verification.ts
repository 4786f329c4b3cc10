import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { smallestSizes } from "../compiler/concrete.ts";
import { count } from "../compiler/count.ts";
import type { Architecture } from "../compiler/ir.ts";
import { emit } from "../emit/emit.ts";
import type { Difference } from "../inspect/compare.ts";
import type { Model } from "../inspect/model.ts";
import { type Device, devices, type Job, type Outcome } from "../runtime/device.ts";
import { type RandomInput, randomInput } from "../verification/input.ts";
import { prepareSubject } from "../verification/subject.ts";
import { type Evaluated, evaluateWithVerificationWeights } from "../verification/verification-weights.ts";
import { type DeviceReport, type Subject, type VerifyOptions, verifyOnDevice } from "../verification/verify-model.ts";
import { largestBatch, type VerifyFlags } from "./commands/verify.ts";
import { type ModelFile, readModelFile } from "./model-file.ts";
import { checkRecordedTensors, loadSha256 } from "./recorded-tensors.ts";
import { version } from "./version.ts";
import { writeOutput } from "./write-output.ts";

/** All that was found out about one model. */
export interface Verification {
  readonly architecture: Architecture;
  /** The ONNX file that was given; null where a model was written for the purpose. */
  readonly model: string | null;
  readonly nodes: number;
  readonly sizes: ReadonlyMap<string, number>;
  readonly subject: Subject;
  /** What the file holds and the network does not say, the structure and the recorded hash of the tensors. */
  readonly differences: readonly Difference[];
  /** Empty where the structure differs: then nothing was run. */
  readonly devices: readonly DeviceReport[];
  /** Of `auto`: why a better device was not taken. */
  readonly passedOver: readonly DeviceReport[];
  readonly ok: boolean;
}

export type RunJob = (job: Job) => Promise<Outcome>;

/** Writes a model with weights that tell networks apart, beside nothing that stays, and verifies it. */
export async function verifyNetwork(
  architecture: Architecture,
  flags: VerifyFlags,
  run: RunJob,
): Promise<Verification> {
  const { input, sizes } = inputFor(architecture, flags);
  const known = evaluateWithVerificationWeights(architecture, { seed: flags.seed, batch: input.samples, sizes });
  const folder = await mkdtemp(path.join(tmpdir(), "dnetc-verify-"));
  try {
    const file = path.join(folder, "model.onnx");
    await writeOutput(file, await modelOf(architecture, known, flags));
    return await verifyRead(architecture, { ...readModelFile(file), input, sizes, known, given: null }, flags, run);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Verifies a model that is there already, with the weights that it holds and the batch that it is for, where that is
 * fixed. Throws a ModelFault or a Failure.
 */
export async function verifyGiven(
  given: string,
  architecture: Architecture,
  flags: VerifyFlags,
  run: RunJob,
): Promise<Verification> {
  const read = readModelFile(given);
  const input = inputFor(architecture, { seed: flags.seed, batch: fixedBatch(read.model) ?? flags.batch });
  return verifyRead(architecture, { ...read, ...input, known: null, given }, flags, run);
}

function fixedBatch({ graph }: Model): number | null {
  const batch = graph.inputs[0]?.shape?.[0];
  return typeof batch === "number" && batch >= 1 && batch <= largestBatch ? batch : null;
}

function inputFor(architecture: Architecture, { batch, seed }: Pick<VerifyFlags, "batch" | "seed">) {
  const sizes = smallestSizes(architecture);
  return { input: randomInput(architecture, { batch, seed, sizes }), sizes };
}

async function modelOf(architecture: Architecture, { weights }: Evaluated, flags: VerifyFlags) {
  const { params, macs } = count(architecture);
  const provenance = { version, sourceHash: "", init: "verification", seed: flags.seed, params, macs };
  const { opset, fold = false } = flags;
  return emit(architecture, weights, { opset, batch: null, fold, provenance, sha256: await loadSha256() }).chunks;
}

interface Read extends ModelFile {
  readonly input: RandomInput;
  readonly sizes: ReadonlyMap<string, number>;
  readonly known: Evaluated | null;
  /** The path of the model as it was given; null where it was written for the purpose. */
  readonly given: string | null;
}

async function verifyRead(
  architecture: Architecture,
  { file, model, input, sizes, known, given }: Read,
  flags: VerifyFlags,
  run: RunJob,
): Promise<Verification> {
  const subject = prepareSubject(architecture, model, { file, input, sizes }, known);
  const differences = [...subject.comparison.differences, ...(await checkRecordedTensors(model, architecture))];
  const isComparable = subject.comparison.differences.length === 0;
  const { reports, passedOver } = isComparable
    ? await runDevices(subject, flags, run)
    : { reports: [], passedOver: [] };
  const ok = differences.length === 0 && reports.every((one) => one.ok);
  const nodes = model.graph.nodes.length;
  return { architecture, model: given, nodes, sizes, subject, differences, devices: reports, passedOver, ok };
}

async function runDevices(subject: Subject, flags: VerifyFlags, run: RunJob) {
  const options: VerifyOptions = { tolerance: flags.tolerance ?? null, all: flags.all ?? false, rounds };
  const reports: DeviceReport[] = [];
  const passedOver: DeviceReport[] = [];
  for (const asked of flags.device ?? ["cpu" as const]) {
    if (asked !== "auto") reports.push(await verifyOnDevice(subject, asked, options, run));
    else {
      const found = await runBest(subject, options, run);
      reports.push(...found.slice(-1));
      passedOver.push(...found.slice(0, -1));
    }
  }
  return { reports, passedOver };
}

/** After the first run, for the median. */
const rounds = 5;

/** From the fastest on; the last of the reports is that of the device that ran, or of the CPU. */
async function runBest(subject: Subject, options: VerifyOptions, run: RunJob): Promise<readonly DeviceReport[]> {
  const reports: DeviceReport[] = [];
  const byChoice: readonly Device[] = [...devices].reverse();
  for (const device of byChoice) {
    const report = await verifyOnDevice(subject, device, options, run);
    reports.push(report);
    if (report.outcome.kind !== "unavailable") break;
  }
  return reports;
}
