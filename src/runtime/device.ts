/** What a model can run on. */
export const devices = ["cpu", "webgpu", "cuda"] as const;
export type Device = (typeof devices)[number];

/** One model to run on one device. */
export interface Job {
  /** The ONNX file. */
  readonly file: string;
  readonly device: Device;
  readonly input: JobInput;
  /** Tensors between the nodes that are wanted besides the outputs. With any, the model runs without fusions. */
  readonly observed: readonly string[];
  /** Whether weights lie in bfloat16, which is to be widened when the model is loaded: only the CPU could do it in a run. */
  readonly isWidened: boolean;
  /** How often the model runs after its first run, for the latency. */
  readonly rounds: number;
}

export interface JobInput {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
  /** As the model takes it. */
  readonly type: "float32" | "float16";
}

export interface DeviceRun {
  /** Of ONNX Runtime. */
  readonly version: string;
  readonly provider: string;
  /** The GPU, by the name that its driver gives; null on the CPU, and where nothing tells it. */
  readonly adapter: string | null;
  readonly tensors: readonly DeviceTensor[];
  /** How many nodes ran on the provider, as ONNX Runtime counts them after its own fusions. */
  readonly nodesOnDevice: number;
  /** The nodes that another provider ran. */
  readonly elsewhere: readonly string[];
  readonly createMs: number;
  readonly firstRunMs: number;
  /** Of the rounds after the first run; empty where there are none. */
  readonly roundsMs: readonly number[];
}

export interface DeviceTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** What was made in float16 is widened. */
  readonly data: Float32Array;
}

/** What became of a job. */
export type Outcome =
  | { readonly kind: "ran"; readonly run: DeviceRun }
  /** The device is not there, or its driver or libraries are not. */
  | { readonly kind: "unavailable"; readonly reason: string; readonly help: string }
  /** The device is there, and refuses the model or dies of it. */
  | { readonly kind: "failed"; readonly reason: string };

export const providers: Readonly<Record<Device, string>> = {
  cpu: "CPUExecutionProvider",
  webgpu: "WebGpuExecutionProvider",
  cuda: "CUDAExecutionProvider",
};
