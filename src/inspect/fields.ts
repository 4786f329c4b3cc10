import { ModelFault } from "./fault.ts";
import { type Field, fieldsOf, varintsIn } from "./wire.ts";

export function numberOf(field: Field): number {
  if (field.kind === "varint") return field.value;
  throw new ModelFault("model-not-onnx", `it is no ONNX model: field ${field.number} should be a number`);
}

export function bytesOf(field: Field): Uint8Array {
  if (field.kind !== "varint") return field.bytes;
  throw new ModelFault("model-not-onnx", `it is no ONNX model: field ${field.number} should be a message or a text`);
}

/** Repeated numbers may lie in one packed field or in several. */
export function numbersOf(field: Field): readonly number[] {
  return field.kind === "varint" ? [field.value] : varintsIn(field.bytes);
}

export function textOf(field: Field): string {
  const bytes = bytesOf(field);
  try {
    return decoder.decode(bytes);
  } catch {
    throw new ModelFault("model-not-onnx", `it is no ONNX model: field ${field.number} should be a text`);
  }
}

const decoder = new TextDecoder("utf-8", { fatal: true });

export function floatsIn(bytes: Uint8Array): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getFloat32(4 * i, true));
}

/** The message in a field of a message; empty where it is absent. */
export function inner(bytes: Uint8Array, number: number): Uint8Array {
  let found: Uint8Array = new Uint8Array();
  for (const field of fieldsOf(bytes)) if (field.number === number) found = bytesOf(field);
  return found;
}

/** A key and a value. */
export function readEntry(bytes: Uint8Array): [string, string] {
  let [key, value] = ["", ""];
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) key = textOf(field);
    else if (field.number === 2) value = textOf(field);
  }
  return [key, value];
}

export function append(values: readonly number[], to: number[]): void {
  for (const value of values) to.push(value);
}
