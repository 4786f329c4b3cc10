import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import type * as Ort from "onnxruntime-node";
import { adapterOf } from "./adapter.ts";
import { type Contender, type Opened, Refused, type Setup } from "./contender.ts";
import { providers } from "./device.ts";
import { inputTensor } from "./inputs.ts";
import { loadRuntime } from "./load-runtime.ts";
import { writtenTo } from "./native-output.ts";
import { profiledRuns, profilePrefix } from "./profile.ts";
import { kernelsOf, type ProfileSummary, peakOf } from "./profile-summary.ts";
import { refusalOf } from "./refusal.ts";
import { onDevice, type SessionOptions } from "./session-options.ts";

/** A contender in this process. */
export class ContenderHere implements Contender {
  #ready: Ready | null = null;
  #inputs: Ort.InferenceSession.FeedsType = {};

  async open(setup: Setup): Promise<Opened> {
    return refusing(setup, async () => {
      const [ort, loadMs] = await timed(loadRuntime);
      const residentBefore = mostResident();
      const [session, createMs] = await timed(() => ort.InferenceSession.create(setup.file, optionsFor(setup)));
      this.#ready = { ort, session, setup, residentBefore };
      const version = ort.env.versions.node ?? ort.env.versions.common;
      const inputs = session.inputMetadata.map((one) => {
        return one.isTensor
          ? { name: one.name, dtype: one.type, shape: one.shape }
          : { ...one, dtype: null, shape: [] };
      });
      const adapter = adapterOf(setup.device, writtenTo(2));
      return { version, provider: providers[setup.device], adapter, inputs, loadMs, createMs };
    });
  }

  async prepare(shapes: readonly (readonly number[])[], seed: bigint): Promise<void> {
    const { ort, session } = this.#opened;
    const tensors = session.inputMetadata.map((one, at) => {
      const description = { name: one.name, dtype: one.isTensor ? one.type : null, shape: [] };
      return [one.name, inputTensor(ort, description, shapes[at] ?? [], seed)] as const;
    });
    this.#inputs = Object.fromEntries(tensors);
  }

  async run(): Promise<number> {
    const { session, setup } = this.#opened;
    return refusing(setup, async () => (await timed(() => session.run(this.#inputs)))[1]);
  }

  async residentGrowth(): Promise<number> {
    return mostResident() - this.#opened.residentBefore;
  }

  async createAgain(): Promise<number> {
    const { ort, setup } = this.#opened;
    return refusing(setup, async () => {
      const [session, milliseconds] = await timed(() => ort.InferenceSession.create(setup.file, optionsFor(setup)));
      await session.release();
      return milliseconds;
    });
  }

  async profile(runs: number): Promise<ProfileSummary> {
    const { ort, setup } = this.#opened;
    const folder = mkdtempSync(path.join(setup.folder, "profile-"));
    return refusing(setup, async () => {
      const session = await ort.InferenceSession.create(setup.file, { ...optionsFor(setup), ...profiling(folder) });
      for (let i = 0; i <= runs; i++) await session.run(this.#inputs);
      session.endProfiling();
      await session.release();
      const [warmUp = [], ...others] = profiledRuns(folder);
      return { kernels: kernelsOf(others), peak: peakOf(warmUp) };
    }).finally(() => rmSync(folder, { recursive: true, force: true }));
  }

  async end(): Promise<void> {
    await this.#ready?.session.release();
    this.#ready = null;
  }

  get #opened(): Ready {
    if (!this.#ready) throw new Error("the contender has no session");
    return this.#ready;
  }
}

interface Ready {
  readonly ort: typeof Ort;
  readonly session: Ort.InferenceSession;
  readonly setup: Setup;
  readonly residentBefore: number;
}

/** What ONNX Runtime throws becomes a refusal. */
async function refusing<T>({ device }: Setup, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw new Refused(refusalOf(error, device));
  }
}

/**
 * Threads wait for the next run asleep: otherwise they turn for a while after each, and take the cores from the model
 * whose turn it is then.
 */
function optionsFor({ device, threads }: Setup): SessionOptions {
  const options = onDevice(device);
  const session = { ...options.extra?.session, force_spinning_stop: "1" };
  return { ...options, extra: { session }, ...(threads === null ? {} : { intraOpNumThreads: threads }) };
}

/** Without a plan for the memory, so that each tensor is allocated when it is made. */
function profiling(folder: string): SessionOptions {
  return { enableProfiling: true, profileFilePrefix: path.join(folder, profilePrefix), enableMemPattern: false };
}

async function timed<T>(act: () => Promise<T>): Promise<[T, number]> {
  const from = performance.now();
  const result = await act();
  return [result, performance.now() - from];
}

/** In bytes. On Linux what `getrusage` says may be that of the process that started this one. */
function mostResident(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS * 1024;
  const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return Number(kibibytes) * 1024;
}
