import type { Architecture } from "../compiler/ir.ts";
import { sizeName } from "../compiler/symbolic.ts";
import { bytesOf, elementsOf, type TensorData, type Weights } from "../weights/weights.ts";
import { foldBatchNormalisations } from "./fold.ts";
import type { Constant, Flowing, Graph } from "./graph.ts";
import { lower } from "./lower.ts";
import { metadataOf, type Provenance } from "./metadata.ts";
import { constantsOf, type GraphNames, nameGraph } from "./names.ts";
import {
  encodeGraphHead,
  encodeGraphTail,
  encodeModelHead,
  encodeModelTail,
  encodeTensorHead,
  type NamedNode,
  type NamedValue,
} from "./protobuf.ts";
import { fieldHead, Joined, lengthOf } from "./splice.ts";

export interface EmitOptions {
  /** 13 … 21 */
  readonly opset: number;
  /** Null: the batch stays open, as `N`. */
  readonly batch: number | null;
  /** Fold batch normalisations into the convolutions before them. */
  readonly fold: boolean;
  readonly provenance: Provenance;
  /** Begins a SHA-256, as `createHash("sha256")` of Node.js does; that of the tensors' values is written into the model. */
  readonly sha256: () => Sha256;
}

export interface Sha256 {
  update(bytes: Uint8Array): unknown;
  digest(form: "hex"): string;
}

export interface EmittedModel {
  /**
   * One after another they are the model. They are made while they are read, anew each time: a tensor is asked for when
   * it is its turn, and its chunk shares memory with the weights.
   */
  readonly chunks: Iterable<Uint8Array>;
  readonly bytes: number;
  /** Of `bytes`, the values of the initializers. */
  readonly tensorBytes: number;
  readonly nodes: number;
}

/** A model that protobuf cannot hold in one file: nothing has been made of it. */
export class ModelTooLarge extends Error {
  readonly bytes: number;

  constructor(bytes: number) {
    super(`the model would have ${bytes} bytes, and an ONNX file ends at ${largestModel}`);
    this.bytes = bytes;
  }
}

/** Protobuf counts the bytes of a message in a signed integer of 32 bits. */
export const largestModel = 0x7fff_ffff;

/** The ONNX model of a network. Throws `ModelTooLarge`, before any weight is asked for. */
export function emit(architecture: Architecture, weights: Weights, options: EmitOptions): EmittedModel {
  const { graph, constants, names } = named(architecture, weights, options);
  const doc = architecture.doc ?? "";
  const graphHead = encodeGraphHead(namedNodes(graph, names), architecture.name);
  const graphTail = encodeTail(graph, names, doc, options.batch);
  refuseTooLarge(constants, lengthOf([graphHead, graphTail]));

  const { heads, tensors } = encodeTensors(constants, names);
  const producer = { producerName: "dnetc", producerVersion: options.provenance.version };
  const tensorBytes = tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
  const bodyBytes = graphHead.length + heads.length + tensorBytes + graphTail.length;
  const modelHead = [encodeModelHead({ irVersion, ...producer, doc }), fieldHead(graphField, bodyBytes)];
  const tail = (hash: string) => encodeModelTail(options.opset, metadataOf(architecture, options.provenance, hash));
  function* chunks(): Generator<Uint8Array> {
    const hash = options.sha256();
    yield* modelHead;
    yield graphHead;
    for (const tensor of tensors) {
      yield heads.subarray(tensor.from, tensor.to);
      const values = valuesOf(tensor);
      hash.update(values);
      yield values;
    }
    yield graphTail;
    yield tail(hash.digest("hex"));
  }
  const bytes = lengthOf(modelHead) + bodyBytes + tail("0".repeat(64)).length;
  return { chunks: { [Symbol.iterator]: chunks }, bytes, tensorBytes, nodes: graph.nodes.length };
}

/** A tensor of a model. */
export interface NamedTensor {
  readonly name: string;
  data(): TensorData;
}

/** The tensors of the model of a network in the order of the file; their values are made when they are asked for. */
export function tensorsOf(
  architecture: Architecture,
  weights: Weights,
  options: Pick<EmitOptions, "opset" | "fold">,
): readonly NamedTensor[] {
  const { constants, names } = named(architecture, weights, options);
  return constants.map((constant) => ({ name: names.ofValue(constant), data: constant.data }));
}

function named(architecture: Architecture, weights: Weights, { opset, fold }: Pick<EmitOptions, "opset" | "fold">) {
  const lowered = lower(architecture, weights, opset);
  const graph = fold ? foldBatchNormalisations(lowered) : lowered;
  const constants = constantsOf(graph);
  return { graph, constants, names: nameGraph(graph, constants) };
}

/** What onnx-proto describes, and every ONNX Runtime since 1.10 reads, with each of the opsets. */
const irVersion = 8;

// Field numbers of onnx.proto: ModelProto.graph, GraphProto.initializer, TensorProto.raw_data.
const graphField = 7;
const initializerField = 5;
const rawDataField = 9;

function refuseTooLarge(constants: readonly Constant[], structure: number): void {
  const values = constants.reduce((sum, { type, shape }) => sum + elementsOf(shape) * elementBytes[type], 0);
  // Generously, what is not yet encoded: the heads of the initializers and of the model.
  const rest = constants.reduce((sum, constant) => sum + constant.wish.length * 4 + 128, 65_536);
  if (values + structure + rest > largestModel) throw new ModelTooLarge(values + structure);
}

const elementBytes = { float32: 4, int64: 8 } as const;

/** What comes before the values of a tensor in the file is from `from` to `to` of the heads. */
interface EncodedTensor {
  readonly constant: Constant;
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
}

function encodeTensors(constants: readonly Constant[], names: GraphNames) {
  const heads = new Joined();
  const tensors = constants.map((constant): EncodedTensor => {
    const bytes = elementsOf(constant.shape) * elementBytes[constant.type];
    const described = encodeTensorHead(names.ofValue(constant), constant.type, constant.shape);
    const rawHead = fieldHead(rawDataField, bytes);
    const from = heads.length;
    heads.append(fieldHead(initializerField, described.length + rawHead.length + bytes), described, rawHead);
    return { constant, bytes, from, to: heads.length };
  });
  return { heads: heads.bytes, tensors };
}

function valuesOf({ constant, bytes }: EncodedTensor): Uint8Array {
  const values = bytesOf(constant.data());
  if (values.length !== bytes) throw new Error(`${constant.wish} has ${values.length} bytes, not ${bytes}`);
  return values;
}

function* namedNodes(graph: Graph, names: GraphNames): Generator<NamedNode> {
  for (const node of graph.nodes) {
    yield {
      type: node.type,
      name: names.ofNode(node),
      inputs: node.inputs.map((input) => (input ? names.ofValue(input) : "")),
      output: names.ofValue(node.output),
      attributes: node.attributes,
    };
  }
}

/** With the type and shape of every tensor between the nodes, so that no reader has to infer them. */
function encodeTail(graph: Graph, names: GraphNames, doc: string, batch: number | null): Uint8Array {
  const described = (value: Flowing): NamedValue => {
    const sizes = value.shape.map((size) => (typeof size === "number" ? size : sizeName(size)));
    const shape = value.batched ? [batch ?? "N", ...sizes] : sizes;
    return { name: names.ofValue(value), type: value.type, shape };
  };
  const published = new Set(graph.outputs.map((output) => output.value));
  const outputs = graph.outputs.map((output) => described(output.value));
  function* between(): Generator<NamedValue> {
    for (const { output } of graph.nodes) if (!published.has(output)) yield described(output);
  }
  return encodeGraphTail(doc, described(graph.input), outputs, between());
}
