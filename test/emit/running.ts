import { createHash } from "node:crypto";
import onnxProto from "onnx-proto";
import * as ort from "onnxruntime-node";
import type { Architecture, Tensor } from "../../src/compiler/ir.ts";
import { type EmitOptions, type EmittedModel, emit } from "../../src/emit/emit.ts";
import { feedsOf, numbersOf } from "../../src/runtime/feeds.ts";
import { initialise } from "../../src/weights/initialise.ts";
import { fillNormal } from "../../src/weights/normal.ts";
import { elementsOf, type TensorData, type Weights } from "../../src/weights/weights.ts";

const { onnx } = onnxProto;

export const allOpsets = [13, 14, 15, 16, 17, 18, 19, 20, 21] as const;

export const defaults: EmitOptions = {
  opset: 17,
  batch: null,
  fold: false,
  provenance: { version: "0.0.0", sourceHash: "00", init: "he", seed: 0, params: 1, macs: 2 },
  sha256: () => createHash("sha256"),
  external: null,
  dtype: "f32",
  keepIo: "f32",
};

/** Weights in which nothing is neutral: every tensor is random, variances are positive, tables as initialised. */
export function randomWeights(architecture: Architecture): Weights {
  const first = initialise(architecture, { init: "he", seed: 1 });
  return {
    data(tensor: Tensor): TensorData {
      if (tensor.role === "index") return first.data(tensor);
      const values = new Float32Array(elementsOf(tensor.shape));
      fillNormal(values, 7n, tensor.name, 0.5);
      return tensor.role === "running_var" ? values.map((value) => value * value + 0.1) : values;
    },
  };
}

export function emitWith(architecture: Architecture, options: Partial<EmitOptions> = {}): EmittedModel {
  return emit(architecture, randomWeights(architecture), { ...defaults, ...options });
}

export function joined(model: EmittedModel): Uint8Array {
  return new Uint8Array(Buffer.concat([...model.chunks]));
}

export function decode(model: EmittedModel) {
  return onnx.ModelProto.decode(joined(model));
}

export type Decoded = ReturnType<typeof decode>;

export interface Result {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Runs the model on the CPU, which takes its input in a type; all outputs by name, in float32. */
export async function run(
  model: EmittedModel,
  { shape, data }: Result,
  type: "float32" | "float16" = "float32",
): Promise<Readonly<Record<string, Result>>> {
  const session = await ort.InferenceSession.create(joined(model), { intraOpNumThreads: 1, logSeverityLevel: 2 });
  try {
    const [name = ""] = session.inputNames;
    const results = await session.run(feedsOf(ort, { name, shape, data, type }));
    const entries = Object.entries(results).map(([key, value]) => {
      return [key, { shape: value.dims, data: numbersOf(key, value.data) }] as const;
    });
    return Object.fromEntries(entries);
  } finally {
    await session.release();
  }
}

/** The shape that ONNX Runtime infers for every tensor of a graph that states none of them. */
export async function inferredShapes(model: EmittedModel): Promise<ReadonlyMap<string, readonly (number | string)[]>> {
  const proto = decode(model);
  const { graph } = proto;
  if (!graph) throw new Error("no graph");
  graph.output = (graph.node ?? []).map((node) => ({ name: node.output?.[0] ?? "" }));
  graph.valueInfo = [];
  const isWeight = ({ dataType, rawData }: onnxProto.onnx.ITensorProto) =>
    dataType === onnx.TensorProto.DataType.FLOAT && (rawData?.length ?? 0) > largestConstant;
  const weights = (graph.initializer ?? []).filter(isWeight);
  graph.initializer = (graph.initializer ?? []).filter((one) => !isWeight(one));
  graph.input = [...(graph.input ?? []), ...weights.map(asInput)];
  const bytes = onnx.ModelProto.encode(proto).finish();
  const session = await ort.InferenceSession.create(bytes, {
    graphOptimizationLevel: "disabled",
    intraOpNumThreads: 1,
  });
  try {
    const shapes = session.outputMetadata.map((one) => [one.name, "shape" in one ? one.shape : []] as const);
    return new Map(shapes);
  } finally {
    await session.release();
  }
}

/** Large weights are passed as inputs, so that no copy of them is made; no shape depends on their values. */
const largestConstant = 4096;

function asInput({ name, dims }: onnxProto.onnx.ITensorProto): onnxProto.onnx.IValueInfoProto {
  const shape = { dim: (dims ?? []).map((dimValue) => ({ dimValue })) };
  return { name: name ?? "", type: { tensorType: { elemType: onnx.TensorProto.DataType.FLOAT, shape } } };
}

/** The shapes that the file itself states, of every tensor that a node makes. */
export function statedShapes(model: EmittedModel): ReadonlyMap<string, readonly (number | string)[]> {
  const { graph } = decode(model);
  const infos = [...(graph?.valueInfo ?? []), ...(graph?.output ?? [])];
  return new Map(
    infos.map((info) => {
      const dims = info.type?.tensorType?.shape?.dim ?? [];
      return [info.name ?? "", dims.map((dim) => dim.dimParam || Number(dim.dimValue))] as const;
    }),
  );
}

/** A batch of inputs whose values are all different. */
export function sample(shape: readonly number[]): Result {
  const data = new Float32Array(elementsOf(shape));
  fillNormal(data, 3n, "input", 1);
  return { shape, data };
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] as number) - (b[i] as number));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
