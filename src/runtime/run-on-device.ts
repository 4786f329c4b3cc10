import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type * as Ort from "onnxruntime-node";
import { adapterOf } from "./adapter.ts";
import { type DeviceRun, type DeviceTensor, type Job, type Outcome, providers } from "./device.ts";
import { feedsOf, numbersOf } from "./feeds.ts";
import { loadRuntime } from "./load-runtime.ts";
import { withoutKernel } from "./missing-kernels.ts";
import { writtenTo } from "./native-output.ts";
import { profiledRuns, profilePrefix } from "./profile.ts";
import { lacksKernels, refusalOf } from "./refusal.ts";
import { onDevice } from "./session-options.ts";
import { withOutputs } from "./with-outputs.ts";

/**
 * Runs a model in this process. The provider of the device is forced: what it cannot run is refused, and the profile
 * tells which provider ran each node. Environment variables of the drivers must be set before the process starts.
 */
export async function runOnDevice(job: Job): Promise<Outcome> {
  const folder = mkdtempSync(path.join(tmpdir(), "dnetc-run-"));
  try {
    return { kind: "ran", run: await runIn(folder, job) };
  } catch (error) {
    return lacksKernels(error) ? await withoutKernel(job, folder) : refusalOf(error, job.device);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runIn(folder: string, job: Job): Promise<DeviceRun> {
  const ort = await loadRuntime();
  const started = performance.now();
  const session = await createSession(ort, job, folder);
  const createMs = performance.now() - started;
  try {
    const feeds = feedsOf(ort, job.input);
    const run = async () => {
      const from = performance.now();
      const results = await session.run(feeds);
      return { results, milliseconds: performance.now() - from };
    };
    const first = await run();
    const tensors = tensorsOf(first.results);
    session.endProfiling();
    const roundsMs: number[] = [];
    for (let i = 0; i < job.rounds; i++) roundsMs.push((await run()).milliseconds);
    const version = ort.env.versions.node ?? ort.env.versions.common;
    const provider = providers[job.device];
    const nodes = profiledRuns(folder).flat();
    return {
      version,
      provider,
      adapter: adapterOf(job.device, writtenTo(2)),
      tensors,
      nodesOnDevice: nodes.filter((node) => node.provider === provider).length,
      elsewhere: nodes.filter((node) => node.provider !== provider).map((node) => node.name),
      createMs,
      firstRunMs: first.milliseconds,
      roundsMs,
    };
  } finally {
    await session.release();
  }
}

/** Of the model, or of one with further outputs that lies in memory; then what is beside the file is still found. */
function createSession(ort: typeof Ort, { file, device, observed, isWidened }: Job, folder: string): Promise<Session> {
  const options = { ...onDevice(device), enableProfiling: true, profileFilePrefix: path.join(folder, profilePrefix) };
  if (observed.length === 0) return ort.InferenceSession.create(file, options);
  const { session } = options.extra ?? {};
  return ort.InferenceSession.create(withOutputs(readFileSync(file), observed), {
    ...options,
    graphOptimizationLevel: isWidened ? "basic" : "disabled",
    extra: { session: { ...session, model_external_initializers_file_folder_path: path.dirname(file) } },
  });
}

type Session = Ort.InferenceSession;

function tensorsOf(results: Ort.InferenceSession.OnnxValueMapType): readonly DeviceTensor[] {
  return Object.entries(results).map(([name, { dims, data }]) => {
    return { name, shape: dims, data: numbersOf(name, data) };
  });
}
