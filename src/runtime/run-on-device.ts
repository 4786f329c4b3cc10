import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type * as Ort from "onnxruntime-node";
import { type Device, type DeviceRun, type DeviceTensor, type Job, type Outcome, providers } from "./device.ts";
import { loadRuntime, RuntimeMissing } from "./load-runtime.ts";
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
    const reason = error instanceof Error ? error.message : String(error);
    if (error instanceof RuntimeMissing)
      return { kind: "unavailable", reason: "ONNX Runtime cannot be loaded", help: howToInstall };
    return absence(job.device, reason) ?? { kind: "failed", reason: oneLine(reason) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const howToInstall = "install it where dnetc is installed: npm install onnxruntime-node";

async function runIn(folder: string, job: Job): Promise<DeviceRun> {
  const ort = await loadRuntime();
  const started = performance.now();
  const session = await ort.InferenceSession.create(fileFor(job, folder), optionsFor(job, folder));
  const createMs = performance.now() - started;
  try {
    const { name, shape, data } = job.input;
    const run = async () => {
      const from = performance.now();
      const results = await session.run({ [name]: new ort.Tensor("float32", data, [...shape]) });
      return { results, milliseconds: performance.now() - from };
    };
    const first = await run();
    const tensors = tensorsOf(first.results);
    session.endProfiling();
    const roundsMs: number[] = [];
    for (let i = 0; i < job.rounds; i++) roundsMs.push((await run()).milliseconds);
    const version = ort.env.versions.node ?? ort.env.versions.common;
    const provider = providers[job.device];
    const nodes = nodesByProvider(folder);
    return {
      version,
      provider,
      adapter: null,
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

/** The model, or one beside which lies nothing else with further outputs. */
function fileFor({ file, observed }: Job, folder: string): string {
  if (observed.length === 0) return file;
  const widened = path.join(folder, "observed.onnx");
  writeFileSync(widened, withOutputs(readFileSync(file), observed));
  return widened;
}

function optionsFor({ device, observed }: Job, folder: string): Ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    enableProfiling: true,
    profileFilePrefix: path.join(folder, "profile"),
    graphOptimizationLevel: observed.length > 0 ? "disabled" : "all",
    logSeverityLevel: 3,
    ...(device === "cpu" ? {} : { extra: { session: { disable_cpu_ep_fallback: "1" } } }),
  };
}

function tensorsOf(results: Ort.InferenceSession.OnnxValueMapType): readonly DeviceTensor[] {
  return Object.entries(results).map(([name, { dims, data }]) => {
    if (!(data instanceof Float32Array)) throw new Error(`${name} is not float32`);
    return { name, shape: dims, data };
  });
}

interface ProfiledNode {
  readonly name: string;
  readonly provider: string;
}

/** From the profile, which ONNX Runtime writes as a list of events. */
function nodesByProvider(folder: string): readonly ProfiledNode[] {
  const file = readdirSync(folder).find((name) => name.startsWith("profile"));
  if (!file) throw new Error("ONNX Runtime has written no profile");
  const events = JSON.parse(readFileSync(path.join(folder, file), "utf8")) as readonly ProfileEvent[];
  return events.flatMap(({ cat, name, args }) => {
    if (cat !== "Node" || !name.endsWith(kernelTime) || args?.provider === undefined) return [];
    return [{ name: name.slice(0, -kernelTime.length), provider: args.provider }];
  });
}

interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly args?: { readonly provider?: string };
}

const kernelTime = "_kernel_time";

/** What the words of a driver mean, where they say that the device is not there. */
function absence(device: Device, reason: string): Outcome | null {
  const found = absences.find((one) => one.device === device && one.words.test(reason));
  return found ? { kind: "unavailable", reason: found.reason, help: found.help } : null;
}

const absences: readonly {
  readonly device: Device;
  readonly words: RegExp;
  readonly reason: string;
  readonly help: string;
}[] = [
  {
    device: "cuda",
    words: /shared library|libonnxruntime_providers|CUDA driver|no CUDA-capable device|cudart|libcu/i,
    reason: "the CUDA libraries of ONNX Runtime, or a CUDA driver, are missing",
    help: "install an NVIDIA driver, CUDA 12 and cuDNN 9, then run `npx onnxruntime-node-install --cuda`",
  },
  {
    device: "webgpu",
    words: /WebGPU adapter|No supported adapters|Vulkan/i,
    reason: "there is no adapter for WebGPU",
    help: "install a Vulkan driver and its loader (Debian: libvulkan1 and mesa-vulkan-drivers, or the driver of the card)",
  },
];

/** Without the place in the source of ONNX Runtime, and in one line. */
function oneLine(reason: string): string {
  return reason
    .replace(/\S*onnxruntime_src\S*/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 400);
}
