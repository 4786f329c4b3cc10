import { writeFileSync } from "node:fs";
import type { Architecture } from "../../src/compiler/ir.ts";
import { encodeHeader, inFileOrder, type NewTensor } from "../../src/weights/safetensors/write.ts";
import { bytesOf, elementsOf } from "../../src/weights/weights.ts";
import { compileText } from "../compiling.ts";
import { folderOf } from "./networks.ts";
import { type Run, run } from "./run.ts";

/** A tensor with its values. */
export interface Saved extends NewTensor {
  readonly data: Uint8Array;
}

export function networkOf(text: string): Architecture {
  const { architectures } = compileText(text);
  const [architecture] = architectures;
  if (!architecture) throw new Error("the network has mistakes");
  return architecture;
}

/** Tensors of a network with values that no initialisation makes; `change` may give others, or null for none. */
export function savedTensors(
  architecture: Architecture,
  change: (saved: Saved) => Saved | null = (one) => one,
): Saved[] {
  return architecture.tensors.flatMap(({ name, dtype, shape, role }) => {
    const length = elementsOf(shape);
    const value = (i: number) => (role === "running_var" ? 1 + ((i * 7) % 5) / 4 : (((i * 13) % 17) - 8) / 16);
    const floats = Float32Array.from({ length }, (_, i) => value(i));
    const data = dtype === "int64" ? new BigInt64Array(length) : floats;
    return change({ name, dtype: dtype === "int64" ? "I64" : "F32", shape, data: bytesOf(data) }) ?? [];
  });
}

/** The bytes of a safetensors file. */
export function fileOf(tensors: readonly Saved[]): Uint8Array {
  const ordered = inFileOrder(tensors);
  return Buffer.concat([encodeHeader(ordered, { format: "pt" }), ...ordered.map(({ data }) => data)]);
}

const program = `network Net {
  input image[3, 8, 8]
  stem: conv(3x3, 16) norm: batchnorm relu
  pick: select(8)
  globalavgpool classifier: linear(10)
}
`;

/** A folder with `net.dnet` and its weights `w.safetensors`, and how others are tried. */
export function networkWithWeights() {
  const architecture = networkOf(program);
  const right = savedTensors(architecture);
  const { at, remove } = folderOf({ "net.dnet": program, "w.safetensors": fileOf(right) });
  const compile = async (...args: readonly string[]): Promise<Run> => {
    const { code, out, err } = await run(["compile", at("net.dnet"), "-o", at("net.onnx"), ...args]);
    return { code, out, err: err.replaceAll(`${at("")}/`, "") };
  };
  return {
    at,
    remove,
    right,
    compile,
    /** The bytes of a file with other tensors. */
    changed: (change: (saved: Saved) => Saved | null) => fileOf(savedTensors(architecture, change)),
    compileWith(weights: Uint8Array | string, ...args: readonly string[]): Promise<Run> {
      writeFileSync(at("other.safetensors"), weights);
      return compile("--quiet", "--weights", at("other.safetensors"), ...args);
    },
  };
}
