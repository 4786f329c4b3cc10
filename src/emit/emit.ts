import type { Architecture } from "../compiler/ir.ts";
import { sizeName } from "../compiler/symbolic.ts";
import { noFiles } from "../weights/make.ts";
import { forRounding } from "../weights/recipe.ts";
import { elementsOf, type Weights } from "../weights/weights.ts";
import { type Beside, type DataFile, type External, placesOf } from "./beside.ts";
import { type Folding, foldBatchNormalisations } from "./fold.ts";
import type { Constant, Flowing, Graph } from "./graph.ts";
import { lower } from "./lower.ts";
import { metadataOf, type Provenance } from "./metadata.ts";
import { constantsOf, type GraphNames, nameGraph } from "./names.ts";
import {
  type EmittedTensor,
  elementBytes,
  madeHere,
  makeStretch,
  type Piece,
  type Sha256,
  stretchesOf,
} from "./pieces.ts";
import { type Dtype, inPrecision, type KeepIo } from "./precision.ts";
import {
  encodeGraphHead,
  encodeGraphTail,
  encodeModelHead,
  encodeModelTail,
  encodeTensorHead,
  type NamedNode,
  type NamedValue,
} from "./protobuf.ts";
import { isHalf } from "./range.ts";
import { fieldHead, Joined, lengthOf } from "./splice.ts";

export interface EmitOptions {
  /** 13 … 21 */
  readonly opset: number;
  /** Null: the batch stays open, as `N`. */
  readonly batch: number | null;
  /** Fold batch normalisations into the convolutions before them. */
  readonly fold: boolean;
  readonly dtype: Dtype;
  /** With `f16`, the type of the input and the outputs. */
  readonly keepIo: KeepIo;
  readonly provenance: Provenance;
  /** Begins a SHA-256, as `createHash("sha256")` of Node.js does; that of the tensors' values is written into the model. */
  readonly sha256: () => Sha256;
  /** Null: all values are in the model, whatever its size. */
  readonly external: External | null;
}

export interface EmittedModel {
  readonly nodes: number;
  /** Null where nothing was to be folded. */
  readonly folding: Folding | null;
  /** Of the values of all initializers, wherever they lie. */
  readonly tensorBytes: number;
  /** Of the file of the model. */
  readonly bytes: number;
  /** The file beside it; null where it has all values itself. */
  readonly data: DataFile | null;
  /** The file of the model. With data beside it, these are made first, and what was learnt then seals it. */
  file(seal: Seal | null): Iterable<Piece>;
  /**
   * Of a model in one file, the bytes, one after another. They are made while they are read, anew each time: a tensor
   * is asked for when it is its turn, and its chunk shares memory with the weights.
   */
  readonly chunks: Iterable<Uint8Array>;
}

export interface Seal {
  /** The SHA-256 of all values, in hexadecimal digits. */
  readonly digest: string;
  /** The SHA-1 of the data file, where the model is to state it. */
  readonly checksum: string | null;
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

/** 1.5 GiB: with more, `auto` has the values beside the model. */
export const largestWhole = 1.5 * 2 ** 30;

/** The ONNX model of a network. Throws `ModelTooLarge`, before any weight is asked for. */
export function emit(architecture: Architecture, weights: Weights, options: EmitOptions): EmittedModel {
  const { graphHead, tensors, graphTail, beside, insideBytes, ...about } = layOut(architecture, weights, options);
  const { provenance, opset } = options;
  const producer = { producerName: "dnetc", producerVersion: provenance.version, doc: architecture.doc ?? "" };
  const recorded = { provenance, dtype: recordedDtype(tensors, options) };
  const tail = (digest: string) => encodeModelTail(opset, metadataOf(architecture, recorded, digest));
  const before = (seal: Seal) => {
    const { heads, ends } = encodeTensorHeads(tensors, beside, seal);
    const bodyBytes = graphHead.length + heads.length + insideBytes + graphTail.length;
    const modelHead = [encodeModelHead({ irVersion, ...producer }), fieldHead(graphField, bodyBytes)];
    return { heads, ends, start: [...modelHead, graphHead], bytes: lengthOf(modelHead) + bodyBytes };
  };
  const unsealed = lengthOfSeal(options);
  const unsealedBegin = before(unsealed);
  function* file(seal: Seal | null): Generator<Piece> {
    const { heads, ends, start } = seal ? before(seal) : unsealedBegin;
    for (const bytes of start) yield { kind: "bytes", bytes };
    for (const [i, tensor] of tensors.entries()) {
      yield { kind: "bytes", bytes: heads.subarray(ends[i - 1] ?? 0, ends[i]) };
      if (beside?.offsets.has(tensor)) continue;
      for (const stretch of stretchesOf(tensor)) yield { kind: "values", stretch, isWritten: true };
    }
    yield { kind: "bytes", bytes: graphTail };
    if (seal) yield { kind: "bytes", bytes: tail(seal.digest) };
    else yield { kind: "seal", bytes: tail };
  }
  const chunks = {
    [Symbol.iterator]() {
      if (beside) throw new Error("the model has values beside it");
      return madeHere(file(null), options.sha256(), weights.read);
    },
  };
  return { ...about, bytes: unsealedBegin.bytes + tail(unsealed.digest).length, data: beside, file, chunks };
}

/** What a model is put together from. Throws `ModelTooLarge`. */
function layOut(architecture: Architecture, weights: Weights, options: EmitOptions) {
  const { graph, constants, names, folding } = named(architecture, weights, options);
  const graphHead = encodeGraphHead(namedNodes(graph, names), architecture.name);
  const graphTail = encodeTail(graph, names, architecture.doc ?? "", options.batch);
  const tensors = constants.map((constant) => emittedTensor(constant, names));
  const tensorBytes = tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
  // Generously, what is not yet encoded: the heads of the initializers and of the model.
  const rest = tensors.reduce((sum, { name }) => sum + name.length * 4 + 128, 65_536);
  const structure = lengthOf([graphHead, graphTail]) + rest;
  const beside = besideOf(tensors, structure + tensorBytes, options);
  const insideBytes = tensors.reduce((sum, tensor) => sum + (beside?.offsets.has(tensor) ? 0 : tensor.bytes), 0);
  if (insideBytes + structure > largestModel) throw new ModelTooLarge(insideBytes + structure - rest);
  return { graphHead, tensors, graphTail, beside, insideBytes, tensorBytes, nodes: graph.nodes.length, folding };
}

/** What has nothing to store in bfloat16 is a model in float32. */
function recordedDtype(tensors: readonly EmittedTensor[], { dtype }: EmitOptions): Dtype {
  return dtype === "bf16" && tensors.every(({ type }) => type !== "bfloat16") ? "f32" : dtype;
}

/** As long as the seal will be. */
function lengthOfSeal({ external }: EmitOptions): Seal {
  return { digest: "0".repeat(64), checksum: external?.checksum ? "0".repeat(40) : null };
}

/** A tensor of a model. */
export interface NamedTensor {
  readonly name: string;
  /** The values as the file holds them. */
  bytes(): Uint8Array;
}

/** The tensors of the model of a network in the order of the file; their values are made when they are asked for. */
export function tensorsOf(
  architecture: Architecture,
  weights: Weights,
  options: StructureOptions,
): readonly NamedTensor[] {
  const { constants, names } = named(architecture, weights, options);
  return constants.map((constant) => {
    const tensor = emittedTensor(constant, names);
    return {
      name: tensor.name,
      bytes: () => makeStretch({ tensor, from: 0, to: tensor.elements }, weights.read ?? noFiles).bytes,
    };
  });
}

/** What decides on the nodes and the tensors. */
type StructureOptions = Pick<EmitOptions, "opset" | "fold" | "dtype" | "keepIo">;

function named(architecture: Architecture, weights: Weights, { opset, fold, dtype, keepIo }: StructureOptions) {
  const lowered = lower(architecture, weights, opset);
  // What is folded is rounded once.
  const { graph: whole, folding } = fold ? foldBatchNormalisations(lowered) : { graph: lowered, folding: null };
  const graph = inPrecision(whole, dtype, keepIo);
  const constants = constantsOf(graph);
  return { graph, constants, names: nameGraph(graph, constants), folding };
}

/** What onnx-proto describes, and every ONNX Runtime since 1.10 reads, with each of the opsets. */
const irVersion = 8;

// Field numbers of onnx.proto: ModelProto.graph, GraphProto.initializer, TensorProto.raw_data.
const graphField = 7;
const initializerField = 5;
const rawDataField = 9;

function emittedTensor(constant: Constant, names: GraphNames): EmittedTensor {
  const { type, shape } = constant;
  const recipe = isHalf(type) ? forRounding(constant.recipe) : constant.recipe;
  const elements = elementsOf(shape);
  return { name: names.ofValue(constant), type, shape, recipe, elements, bytes: elements * elementBytes[type] };
}

function besideOf(tensors: readonly EmittedTensor[], whole: number, { external, sha256 }: EmitOptions): Beside | null {
  if (external === null || (external.when === "auto" && whole <= largestWhole)) return null;
  return placesOf(tensors, external, sha256);
}

/** What comes before the values of each tensor, one after another, and where each ends. */
function encodeTensorHeads(tensors: readonly EmittedTensor[], beside: Beside | null, seal: Seal) {
  const heads = new Joined();
  const ends = tensors.map((tensor) => {
    const { name, type, shape, bytes } = tensor;
    const offset = beside?.offsets.get(tensor);
    if (beside && offset !== undefined) {
      const place = { location: beside.location(seal.digest), offset, length: bytes, checksum: seal.checksum };
      const described = encodeTensorHead(name, type, shape, place);
      heads.append(fieldHead(initializerField, described.length), described);
    } else {
      const [described, rawHead] = [encodeTensorHead(name, type, shape, null), fieldHead(rawDataField, bytes)];
      heads.append(fieldHead(initializerField, described.length + rawHead.length + bytes), described, rawHead);
    }
    return heads.length;
  });
  return { heads: heads.bytes, ends };
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
