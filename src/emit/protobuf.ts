import onnxProto from "onnx-proto";
import { type Attributes, type ElementType, FloatAttribute } from "./graph.ts";
import { Joined } from "./splice.ts";

// onnx-proto is CommonJS: a named import passes the type check and fails in Node.
const { onnx } = onnxProto;

/**
 * The structure of a model through onnx-proto, piece by piece. It has two silent traps, for which this is its only
 * user: a bigint in an int64 field is written as 0, and a string in a bytes field is taken for base64.
 */

export interface NamedNode {
  readonly type: string;
  readonly name: string;
  /** An empty name is an optional input left out. */
  readonly inputs: readonly string[];
  readonly output: string;
  readonly attributes: Attributes;
}

export interface NamedValue {
  readonly name: string;
  readonly type: ElementType;
  /** A string names a size that is not known. */
  readonly shape: readonly (number | string)[];
}

export interface ModelHead {
  readonly irVersion: number;
  readonly producerName: string;
  readonly producerVersion: string;
  readonly doc: string;
}

/** ModelProto without graph, opset and metadata: what comes before the graph. */
export function encodeModelHead({ irVersion, producerName, producerVersion, doc }: ModelHead): Uint8Array {
  const head = { irVersion: int64(irVersion), producerName, producerVersion, ...documented(doc) };
  return onnx.ModelProto.encode(head).finish();
}

/** ModelProto with opset and metadata only: what comes after the graph. */
export function encodeModelTail(
  opset: number,
  metadata: readonly (readonly [key: string, value: string])[],
): Uint8Array {
  const opsetImport = [{ domain: "", version: int64(opset) }];
  return onnx.ModelProto.encode({
    opsetImport,
    metadataProps: metadata.map(([key, value]) => ({ key, value })),
  }).finish();
}

/** GraphProto with nodes and name only: what comes before the initializers. */
export function encodeGraphHead(nodes: Iterable<NamedNode>, name: string): Uint8Array {
  const head = new Joined();
  appendGroups(head, nodes, (group) => ({ node: group.map(nodeProto) }));
  head.append(encodeGraph({ name }));
  return head.bytes;
}

/** GraphProto without nodes, name and initializers: what comes after the initializers. */
export function encodeGraphTail(
  doc: string,
  input: NamedValue,
  outputs: readonly NamedValue[],
  between: Iterable<NamedValue>,
): Uint8Array {
  const tail = new Joined();
  tail.append(encodeGraph({ ...documented(doc), input: [valueProto(input)], output: outputs.map(valueProto) }));
  appendGroups(tail, between, (group) => ({ valueInfo: group.map(valueProto) }));
  return tail.bytes;
}

/** Where the values of a tensor lie beside the model. */
export interface Place {
  readonly location: string;
  readonly offset: number;
  readonly length: number;
  /** The SHA-1 of that file, where it is stated. */
  readonly checksum: string | null;
}

/** TensorProto with the place of its values; or, where that is null, without them, and they follow it as `raw_data`. */
export function encodeTensorHead(
  name: string,
  type: ElementType,
  shape: readonly number[],
  place: Place | null,
): Uint8Array {
  const described = { dims: shape.map(int64), dataType: elementTypeNumbers[type], name };
  if (place === null) return onnx.TensorProto.encode(described).finish();
  const { location, offset, length, checksum } = place;
  const entries = {
    location,
    offset: String(offset),
    length: String(length),
    ...(checksum === null ? {} : { checksum }),
  };
  const externalData = Object.entries(entries).map(([key, value]) => ({ key, value }));
  return onnx.TensorProto.encode({ ...described, externalData, dataLocation }).finish();
}

const dataLocation = onnx.TensorProto.DataLocation.EXTERNAL;

/** A number for an int64 field. Throws for what would be written as something else. */
export function int64(value: number): number {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${typeof value} ${value} is no number for an int64 field`);
  return value;
}

/** Text for a bytes field. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const { DataType } = onnx.TensorProto;

/** The element types as ONNX numbers them. */
export const elementTypeNumbers: Readonly<Record<ElementType, number>> = {
  float32: DataType.FLOAT,
  float16: DataType.FLOAT16,
  bfloat16: DataType.BFLOAT16,
  int64: DataType.INT64,
};

const { AttributeType } = onnx.AttributeProto;

type GraphFields = Parameters<typeof onnx.GraphProto.encode>[0];

function encodeGraph(fields: GraphFields): Uint8Array {
  return onnx.GraphProto.encode(fields).finish();
}

/**
 * A repeated field group by group: one after another they are the same bytes as all at once, and the objects that the
 * library makes of each value do not have to be in memory together.
 */
function appendGroups<T>(to: Joined, all: Iterable<T>, fieldsOf: (group: readonly T[]) => GraphFields): void {
  let group: T[] = [];
  for (const one of all) {
    group.push(one);
    if (group.length < 64) continue;
    to.append(encodeGraph(fieldsOf(group)));
    group = [];
  }
  to.append(encodeGraph(fieldsOf(group)));
}

function documented(doc: string) {
  return doc === "" ? {} : { docString: doc };
}

function nodeProto({ type, name, inputs, output, attributes }: NamedNode) {
  const attribute = Object.entries(attributes).map(([key, value]) => ({ name: key, ...attributeValue(value) }));
  return { input: [...inputs], output: [output], name, opType: type, attribute };
}

function attributeValue(value: Attributes[string]) {
  if (value instanceof FloatAttribute) return { f: value.value, type: AttributeType.FLOAT };
  if (typeof value === "string") return { s: bytes(value), type: AttributeType.STRING };
  if (typeof value === "number") return { i: int64(value), type: AttributeType.INT };
  return { ints: value.map(int64), type: AttributeType.INTS };
}

function valueProto({ name, type, shape }: NamedValue) {
  const dim = shape.map((size) => (typeof size === "string" ? { dimParam: size } : { dimValue: int64(size) }));
  return { name, type: { tensorType: { elemType: elementTypeNumbers[type], shape: { dim } } } };
}
