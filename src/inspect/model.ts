import { ModelFault } from "./fault.ts";
import { type Field, fieldsOf, varintsIn } from "./wire.ts";

/** An ONNX file as it says itself, and no more. */
export interface Model {
  readonly irVersion: number;
  readonly opset: number;
  readonly producer: string;
  readonly metadata: ReadonlyMap<string, string>;
  readonly graph: Graph;
}

export interface Graph {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly initializers: ReadonlyMap<string, StoredTensor>;
  readonly inputs: readonly NamedShape[];
  readonly outputs: readonly NamedShape[];
  /** What the file states of the tensors between its nodes. */
  readonly stated: readonly NamedShape[];
}

export interface Node {
  readonly name: string;
  readonly type: string;
  /** An optional input that is left out has the name "". */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

export type Attribute = number | readonly number[] | string;

/** A name stands for an open size; null for one of which nothing is said. */
export interface NamedShape {
  readonly name: string;
  readonly shape: readonly (number | string | null)[];
}

export interface StoredTensor {
  readonly name: string;
  readonly dtype: "float32" | "int64";
  readonly shape: readonly number[];
  /** The values, little-endian; or where they lie beside the file. */
  readonly data:
    | { readonly kind: "inside"; readonly bytes: Uint8Array }
    | { readonly kind: "external"; readonly location: string; readonly offset: number; readonly length: number | null };
}

/**
 * Reads an ONNX file. It shares no code with what writes one: the numbers of the fields are those of onnx.proto
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). Throws a ModelFault. The values share memory with `file`.
 */
export function readModel(file: Uint8Array): Model {
  let [irVersion, opset, producer] = [0, 0, ""];
  let graph: Graph | null = null;
  const metadata = new Map<string, string>();
  for (const field of fieldsOf(file)) {
    if (field.number === 1) irVersion = numberOf(field);
    else if (field.number === 2) producer = textOf(field);
    else if (field.number === 7) graph = readGraph(bytesOf(field));
    else if (field.number === 8) opset = Math.max(opset, defaultOpset(bytesOf(field)));
    else if (field.number === 14) metadata.set(...readEntry(bytesOf(field)));
    else if (field.number === 25) throw new ModelFault("model-foreign", "it has functions of its own");
  }
  if (!graph || irVersion < 1) throw new ModelFault("model-not-onnx", "it holds no graph: this is no ONNX model");
  return { irVersion, opset, producer, metadata, graph };
}

function readGraph(bytes: Uint8Array): Graph {
  let name = "";
  const nodes: Node[] = [];
  const initializers = new Map<string, StoredTensor>();
  const [inputs, outputs, stated]: [NamedShape[], NamedShape[], NamedShape[]] = [[], [], []];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) nodes.push(readNode(bytesOf(field)));
    else if (field.number === 2) name = textOf(field);
    else if (field.number === 5) addTensor(readTensor(bytesOf(field)), initializers);
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

function readNode(bytes: Uint8Array): Node {
  let [name, type, domain] = ["", "", ""];
  const [inputs, outputs]: [string[], string[]] = [[], []];
  const attributes = new Map<string, Attribute>();
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) inputs.push(textOf(field));
    else if (field.number === 2) outputs.push(textOf(field));
    else if (field.number === 3) name = textOf(field);
    else if (field.number === 4) type = textOf(field);
    else if (field.number === 5) attributes.set(...readAttribute(bytesOf(field)));
    else if (field.number === 7) domain = textOf(field);
  }
  if (domain !== "" && domain !== "ai.onnx") {
    throw new ModelFault("model-foreign", `${name || type} is an operator of the domain ${domain}`);
  }
  return { name, type, inputs, outputs, attributes };
}

function readAttribute(bytes: Uint8Array): [string, Attribute] {
  let name = "";
  let single: number | string | null = null;
  const many: number[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) name = textOf(field);
    else if (field.number === 2) single = floatsIn(bytesOf(field))[0] ?? 0;
    else if (field.number === 3) single = numberOf(field);
    else if (field.number === 4) single = textOf(field);
    else if (field.number === 7) many.push(...floatsIn(bytesOf(field)));
    else if (field.number === 8) many.push(...numbersOf(field));
    else if (field.number !== 20 && field.number !== 13) {
      throw new ModelFault("model-foreign", `the attribute ${name} is of a kind that dnetc does not write`);
    }
  }
  return [name, single ?? many];
}

function readTensor(bytes: Uint8Array): StoredTensor {
  let [name, type, isExternal] = ["", 0, false];
  const shape: number[] = [];
  let raw: Uint8Array | null = null;
  const external = new Map<string, string>();
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) shape.push(...numbersOf(field));
    else if (field.number === 2) type = numberOf(field);
    else if (field.number === 8) name = textOf(field);
    else if (field.number === 9) raw = bytesOf(field);
    else if (field.number === 13) external.set(...readEntry(bytesOf(field)));
    else if (field.number === 14) isExternal = numberOf(field) === 1;
  }
  const dtype = dtypes.get(type);
  if (!dtype) throw new ModelFault("model-foreign", `${name} has the element type ${type}, not float32 or int64`);
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new ModelFault("model-inconsistent", `${name} has the shape [${shape.join(", ")}]`);
  }
  if (isExternal) return { name, dtype, shape, data: { kind: "external", ...readLocation(name, external) } };
  const data = raw ?? new Uint8Array();
  const expected = shape.reduce((product, size) => product * size, 1) * (dtype === "float32" ? 4 : 8);
  if (data.length !== expected) {
    throw new ModelFault("model-inconsistent", `${name} has ${data.length} bytes of values, not ${expected}`);
  }
  return { name, dtype, shape, data: { kind: "inside", bytes: data } };
}

const dtypes: ReadonlyMap<number, StoredTensor["dtype"]> = new Map([
  [1, "float32"],
  [7, "int64"],
]);

function readLocation(name: string, entries: ReadonlyMap<string, string>) {
  const location = entries.get("location");
  const [offset, length] = [Number(entries.get("offset") ?? 0), entries.get("length")];
  const isPlace = Number.isSafeInteger(offset) && offset >= 0 && (length === undefined || /^\d{1,15}$/.test(length));
  if (location === undefined || !isPlace) {
    throw new ModelFault("model-external", `${name} lies outside the file, but the file does not say where`);
  }
  return { location, offset, length: length === undefined ? null : Number(length) };
}

function readNamedShape(bytes: Uint8Array): NamedShape {
  let name = "";
  let shape: readonly (number | string | null)[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) name = textOf(field);
    else if (field.number === 2) shape = readShape(inner(inner(bytesOf(field), 1), 2));
  }
  return { name, shape };
}

function readShape(bytes: Uint8Array): readonly (number | string | null)[] {
  const shape: (number | string | null)[] = [];
  for (const field of fieldsOf(bytes)) {
    if (field.number !== 1) continue;
    let size: number | string | null = null;
    for (const part of fieldsOf(bytesOf(field))) {
      if (part.number === 1) size = numberOf(part);
      else if (part.number === 2) size = textOf(part);
    }
    shape.push(size);
  }
  return shape;
}

/** The message in a field of a message; empty where it is absent. */
function inner(bytes: Uint8Array, number: number): Uint8Array {
  for (const field of fieldsOf(bytes)) if (field.number === number) return bytesOf(field);
  return new Uint8Array();
}

function readEntry(bytes: Uint8Array): [string, string] {
  let [key, value] = ["", ""];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) key = textOf(field);
    else if (field.number === 2) value = textOf(field);
  }
  return [key, value];
}

/** The version of the default domain; 0 where the entry speaks of another. */
function defaultOpset(bytes: Uint8Array): number {
  let [domain, version] = ["", 0];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) domain = textOf(field);
    else if (field.number === 2) version = numberOf(field);
  }
  return domain === "" || domain === "ai.onnx" ? version : 0;
}

function numberOf(field: Field): number {
  if (field.kind === "varint") return field.value;
  throw new ModelFault("model-not-onnx", `it is no ONNX model: field ${field.number} should be a number`);
}

function bytesOf(field: Field): Uint8Array {
  if (field.kind !== "varint") return field.bytes;
  throw new ModelFault("model-not-onnx", `it is no ONNX model: field ${field.number} should be a message or a text`);
}

/** Repeated numbers may lie in one packed field or in several. */
function numbersOf(field: Field): readonly number[] {
  return field.kind === "varint" ? [field.value] : varintsIn(field.bytes);
}

function floatsIn(bytes: Uint8Array): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getFloat32(4 * i, true));
}

function textOf(field: Field): string {
  try {
    return decoder.decode(bytesOf(field));
  } catch (error) {
    if (error instanceof ModelFault) throw error;
    throw new ModelFault("model-not-onnx", `it is no ONNX model: field ${field.number} should be a text`);
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true });
