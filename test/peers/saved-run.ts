import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { runOnDevice } from "../../src/runtime/run-on-device.ts";
import { decode } from "../../src/weights/decode.ts";
import { readHeader } from "../../src/weights/safetensors/header.ts";
import { run } from "../cli/run.ts";
import { readable } from "../weights/safetensors/files.ts";

export interface Compared {
  /** A .dnet file, and a network in it. */
  readonly program: string;
  readonly network: string;
  /** What `logits.py` has written: `FOLDER/NAME`. */
  readonly saved: string;
  readonly model: string;
  readonly options?: readonly string[];
}

/** How far the logits of a compiled model in ONNX Runtime are from those of PyTorch, relative to the largest. */
export async function distance({ program, network, saved, model, options = [] }: Compared): Promise<number> {
  const weights = ["--weights", `${saved}.safetensors`];
  const compiled = await run([
    "compile",
    program,
    "--network",
    network,
    "-o",
    model,
    "--quiet",
    ...weights,
    ...options,
  ]);
  expect(compiled).toEqual({ code: 0, out: "", err: "" });
  const input = tensor(`${saved}.run.safetensors`, "input");
  const logits = tensor(`${saved}.run.safetensors`, "logits").data;
  const outcome = await runOnDevice({
    file: model,
    device: "cpu",
    input: { name: "image", type: "float32", ...input },
    observed: [],
    isWidened: false,
    rounds: 0,
  });
  if (outcome.kind !== "ran") throw new Error(outcome.reason);
  const [output] = outcome.run.tensors;
  expect(output?.data.length).toBe(logits.length);
  const largest = logits.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(largest).toBeGreaterThan(0);
  return logits.reduce((most, value, i) => Math.max(most, Math.abs(value - (output?.data[i] ?? 0))), 0) / largest;
}

function tensor(file: string, name: string) {
  const bytes = readFileSync(file);
  const found = readHeader(readable(bytes)).get(name);
  if (!found) throw new Error(`${file} has no ${name}`);
  const data = decode(bytes.subarray(found.offset, found.offset + found.bytes), "F32") as Float32Array;
  return { shape: found.shape, data };
}
