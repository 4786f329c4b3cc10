/**
 * An ONNX file with further outputs, named like the tensors they publish; their types are left to the runtime. A
 * message that comes twice in protobuf is merged field by field, so a second graph that holds nothing but outputs is put
 * at the end, and nothing is read or written anew.
 */
export function withOutputs(file: Uint8Array, names: readonly string[]): Uint8Array {
  const outputs = names.map((name) => field(outputField, field(nameField, new TextEncoder().encode(name))));
  return concatenated([file, field(graphField, concatenated(outputs))]);
}

// Field numbers of onnx.proto: ModelProto.graph, GraphProto.output, ValueInfoProto.name.
const graphField = 7;
const outputField = 12;
const nameField = 1;

function field(number: number, bytes: Uint8Array): Uint8Array {
  return concatenated([Uint8Array.of(number * 8 + 2, ...varint(bytes.length)), bytes]);
}

function varint(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 0x80))];
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
