import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { smallestSizes } from "../compiler/concrete.ts";
import { count } from "../compiler/count.ts";
import type { Architecture } from "../compiler/ir.ts";
import { emit } from "../emit/emit.ts";
import type { Difference } from "../inspect/compare.ts";
import { type Model, readModel } from "../inspect/model.ts";
import { type Device, devices, type Job, type Outcome } from "../runtime/device.ts";
import { type RandomInput, randomInput } from "../verification/input.ts";
import { prepareSubject } from "../verification/subject.ts";
import { type Evaluated, evaluateWithVerificationWeights } from "../verification/verification-weights.ts";
import { type DeviceReport, type Subject, type VerifyOptions, verifyOnDevice } from "../verification/verify-model.ts";
import type { VerifyFlags } from "./commands/verify.ts";
import { inputOutputFailure } from "./failure.ts";
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
    return await verifyRead(architecture, { file, input, sizes, known, model: null }, flags, run);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Verifies a model that is there already, with the weights that it holds. Throws a ModelFault or a Failure. */
export async function verifyGiven(
  model: string,
  architecture: Architecture,
  flags: VerifyFlags,
  run: RunJob,
): Promise<Verification> {
  return verifyRead(architecture, { file: model, ...inputFor(architecture, flags), known: null, model }, flags, run);
}

function inputFor(architecture: Architecture, { batch, seed }: VerifyFlags) {
  const sizes = smallestSizes(architecture);
  return { input: randomInput(architecture, { batch, seed, sizes }), sizes };
}

async function modelOf(architecture: Architecture, { weights }: Evaluated, flags: VerifyFlags) {
  const { params, macs } = count(architecture);
  const provenance = { version, sourceHash: "", init: "verification", seed: flags.seed, params, macs };
  const { opset, fold = false } = flags;
  return emit(architecture, weights, { opset, batch: null, fold, provenance, sha256: await loadSha256() }).chunks;
}

interface Read {
  readonly file: string;
  readonly input: RandomInput;
  readonly sizes: ReadonlyMap<string, number>;
  readonly known: Evaluated | null;
  readonly model: string | null;
}

async function verifyRead(
  architecture: Architecture,
  { file, input, sizes, known, model }: Read,
  flags: VerifyFlags,
  run: RunJob,
): Promise<Verification> {
  const read = readModel(bytesOf(file));
  const subject = prepareSubject(architecture, read, { file, input, sizes }, known);
  const differences = [...subject.comparison.differences, ...(await checkRecordedTensors(read, architecture))];
  const isComparable = subject.comparison.differences.length === 0;
  const { reports, passedOver } = isComparable
    ? await runDevices(subject, flags, run)
    : { reports: [], passedOver: [] };
  const ok = differences.length === 0 && reports.every((one) => one.ok);
  const nodes = nodesOf(read);
  return { architecture, model, nodes, sizes, subject, differences, devices: reports, passedOver, ok };
}

function nodesOf({ graph }: Model): number {
  return graph.nodes.length;
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw inputOutputFailure(`read ${file}`, error);
  }
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
