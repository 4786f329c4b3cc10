import type * as Ort from "onnxruntime-node";
import type { Device } from "./device.ts";

/** A session on this device alone: what it cannot run is refused, and does not fall back to the CPU. */
export function onDevice(device: Device): Ort.InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    logSeverityLevel: 3,
    ...(device === "cpu" ? {} : { extra: { session: { disable_cpu_ep_fallback: "1" } } }),
  };
}
