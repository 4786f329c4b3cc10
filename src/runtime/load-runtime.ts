import type * as Ort from "onnxruntime-node";

/** ONNX Runtime is an optional part of an installation. */
export class RuntimeMissing extends Error {}

export async function loadRuntime(): Promise<typeof Ort> {
  // Otherwise it reports its use over the network and leaves a log in the folder for temporary files.
  process.env.ORT_DISABLE_TELEMETRY = "1";
  try {
    return await import("onnxruntime-node");
  } catch (error) {
    throw new RuntimeMissing(error instanceof Error ? error.message : String(error));
  }
}
