import type * as Ort from "onnxruntime-node";
import type { Device } from "./device.ts";

export interface SessionOptions extends Ort.InferenceSession.SessionOptions {
  /** Settings of ONNX Runtime that have no name of their own. */
  readonly extra?: { readonly session: Readonly<Record<string, string>> };
}

/** A session on this device alone: what it cannot run is refused, and does not fall back to the CPU. */
export function onDevice(device: Device): SessionOptions {
  return {
    executionProviders: [device],
    // What goes wrong is thrown as well.
    logSeverityLevel: 4,
    ...(device === "cpu" ? {} : { extra: { session: { disable_cpu_ep_fallback: "1" } } }),
  };
}
