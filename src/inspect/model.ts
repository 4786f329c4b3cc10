import { ModelFault } from "./fault.ts";
import { bytesOf, inner, numberOf, readEntry, textOf } from "./fields.ts";
import { type Node, readNode } from "./node.ts";
import { seemingKind } from "./seeming-kind.ts";
import { nothingBeside, type OpenPlace, readTensor, type StoredTensor } from "./stored-tensor.ts";
import { type Field, fieldsOf } from "./wire.ts";

/** An ONNX file as it says itself, and no more. */
export interface Model {
  readonly irVersion: number;
  readonly opset: number;
  /** Domains that it takes operators from, beside ONNX's own. */
  readonly otherDomains: readonly string[];
  readonly producer: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly graph: Graph;
}

export interface Graph {
  readonly name: string;
  readonly nodes: readonly Node[];
  /** In the order of the file. */
  readonly initializers: ReadonlyMap<string, StoredTensor>;
  readonly inputs: readonly NamedShape[];
  readonly outputs: readonly NamedShape[];
  /** What the file states of the tensors between its nodes. */
  readonly stated: readonly NamedShape[];
}

export interface NamedShape {
  readonly name: string;
  /** TensorProto.DataType of onnx.proto; 0 where none is said. */
  readonly type: number;
  /** A name stands for an open size; null for one of which nothing is said, or for a shape of which nothing is. */
  readonly shape: readonly (number | string | null)[] | null;
}

/**
 * Reads an ONNX file. It shares no code with what writes one: the numbers of the fields are those of onnx.proto
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). Throws a ModelFault, and nothing else. The values share
 * memory with `file`; `open` reads those that lie beside it.
 */
export function readModel(file: Uint8Array, open: OpenPlace = nothingBeside): Model {
  try {
    return readFields(file, open);
  } catch (error) {
    if (!(error instanceof ModelFault) || !(error.code === "model-not-onnx" || error.code === "model-truncated")) {
      throw error;
    }
    const kind = seemingKind(file);
    throw kind === null ? error : new ModelFault("model-not-onnx", `it is no ONNX model: it seems to be ${kind}`);
  }
}

function readFields(file: Uint8Array, open: OpenPlace): Model {
  let [irVersion, producer] = [0, ""];
  let graph: Uint8Array | null = null;
  const opsets: Opset[] = [];
  const metadata = new Map<string, string>();
  for (const field of modelFields(file)) {
    if (field.number === 1) irVersion = numberOf(field);
    else if (field.number === 2) producer = textOf(field);
    else if (field.number === graphField) {
      if (graph) throw new ModelFault("model-foreign", "it holds its graph in several pieces");
      graph = bytesOf(field);
    } else if (field.number === opsetField) opsets.push(readOpset(bytesOf(field)));
    else if (field.number === 14) metadata.set(...readEntry(bytesOf(field)));
    else if (field.number === 20) throw new ModelFault("model-foreign", "it says how it is to be trained");
    else if (field.number === 25) throw new ModelFault("model-foreign", "it has functions of its own");
  }
  if (!graph || irVersion < 1) {
    throw new ModelFault("model-not-onnx", "it holds no graph: this is no ONNX model, or the beginning of one");
  }
  const own = opsets.filter(({ domain }) => isOwn(domain)).map(({ version }) => version);
  const otherDomains = opsets.map(({ domain }) => domain).filter((domain) => !isOwn(domain));
  const opset = requireOpset(own);
  return { irVersion, opset, otherDomains, producer, metadata, graph: readGraph(graph, open) };
}

/** The versions of the operators that dnetc writes. */
const [oldestOpset, newestOpset] = [13, 21];

function requireOpset(opsets: readonly number[]): number {
  const [opset, ...others] = opsets;
  if (opset === undefined) {
    throw new ModelFault("model-opset", "it does not say its opset: the file is cut off, or not written by dnetc");
  }
  if (others.length > 0) throw new ModelFault("model-opset", `it names the opsets ${opsets.join(" and ")}`);
  if (opset >= oldestOpset && opset <= newestOpset) return opset;
  throw new ModelFault("model-opset", `it has opset ${opset}, and dnetc reads ${oldestOpset} to ${newestOpset}`);
}

function readGraph(bytes: Uint8Array, open: OpenPlace): Graph {
  let name = "";
  const nodes: Node[] = [];
  const initializers = new Map<string, StoredTensor>();
  const [inputs, outputs, stated]: [NamedShape[], NamedShape[], NamedShape[]] = [[], [], []];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) nodes.push(readNode(bytesOf(field)));
    else if (field.number === 2) name = textOf(field);
    else if (field.number === 5) addTensor(readTensor(bytesOf(field), open), initializers);
    else if (field.number === 11) inputs.push(readNamedShape(bytesOf(field)));
    else if (field.number === 12) outputs.push(readNamedShape(bytesOf(field)));
    else if (field.number === 13) stated.push(readNamedShape(bytesOf(field)));
    else if (field.number === 15) throw new ModelFault("model-foreign", "it has sparse tensors");
  }
  return { name, nodes, initializers, inputs, outputs, stated };
}

function addTensor(tensor: StoredTensor, to: Map<string, StoredTensor>): void {
  if (to.has(tensor.name)) throw new ModelFault("model-inconsistent", `it stores ${tensor.name} twice`);
  to.set(tensor.name, tensor);
}

function readNamedShape(bytes: Uint8Array): NamedShape {
  let name = "";
  let type: Uint8Array = new Uint8Array();
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) name = textOf(field);
    else if (field.number === 2) type = bytesOf(field);
  }
  const tensor = inner(type, 1);
  return { name, type: readElementType(tensor), shape: readShape(tensor) };
}

/** Of a TypeProto.Tensor. */
function readElementType(type: Uint8Array): number {
  let found = 0;
  for (const field of fieldsOf(type)) if (field.number === 1) found = numberOf(field);
  return found;
}

/** Of a TypeProto.Tensor. */
function readShape(type: Uint8Array): NamedShape["shape"] {
  let shape: (number | string | null)[] | null = null;
  for (const field of fieldsOf(type)) {
    if (field.number !== 2) continue;
    shape = [];
    for (const dimension of fieldsOf(bytesOf(field))) {
      if (dimension.number === 1) shape.push(readSize(bytesOf(dimension)));
    }
  }
  return shape;
}

function readSize(dimension: Uint8Array): number | string | null {
  let size: number | string | null = null;
  for (const part of fieldsOf(dimension)) {
    if (part.number === 1) size = numberOf(part);
    else if (part.number === 2) size = textOf(part);
  }
  return size;
}

/** The fields of a whole model; what is wrong after its graph and its opset is at its end. */
function* modelFields(file: Uint8Array): Generator<Field> {
  const seen = new Set<number>();
  try {
    for (const field of fieldsOf(file)) {
      yield field;
      seen.add(field.number);
    }
  } catch (error) {
    if (!(error instanceof ModelFault) || !seen.has(graphField) || !seen.has(opsetField)) throw error;
    const problem =
      "after its graph come bytes that make no whole field: its end is cut off, or something was appended";
    throw new ModelFault("model-truncated", problem);
  }
}

// Field numbers of onnx.proto: ModelProto.graph and ModelProto.opset_import.
const graphField = 7;
const opsetField = 8;

interface Opset {
  readonly domain: string;
  readonly version: number;
}

function readOpset(bytes: Uint8Array): Opset {
  let [domain, version] = ["", 0];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) domain = textOf(field);
    else if (field.number === 2) version = numberOf(field);
  }
  return { domain, version };
}

function isOwn(domain: string): boolean {
  return domain === "" || domain === "ai.onnx";
}
