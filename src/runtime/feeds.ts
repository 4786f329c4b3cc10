import type * as Ort from "onnxruntime-node";
import { roundToFloat16, widenFloat16 } from "../weights/half.ts";
import type { JobInput } from "./device.ts";

/** The input of a job as a session takes it. */
export function feedsOf(ort: typeof Ort, { name, shape, data, type }: JobInput): Ort.InferenceSession.FeedsType {
  const tensor =
    type === "float16" ? float16Tensor(ort, roundToFloat16(data).bits, shape) : new ort.Tensor(data, shape);
  return { [name]: tensor };
}

/**
 * A tensor of float16 by its bits. Where JavaScript has arrays of float16, as since Node.js 24, ONNX Runtime 1.30 makes
 * one of them and then finds no bytes in it; so the bits take its place.
 */
export function float16Tensor(ort: typeof Ort, bits: Uint16Array, shape: readonly number[]): Ort.Tensor {
  return Object.defineProperty(new ort.Tensor("float16", bits, shape), "data", { value: bits });
}

/** What a session has made, in float32. Float16 comes as its bits, or as numbers where JavaScript has such arrays. */
export function numbersOf(name: string, data: Ort.Tensor.DataType): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof Uint16Array) return widenFloat16(data);
  if (Object.prototype.toString.call(data) === "[object Float16Array]")
    return Float32Array.from(data as ArrayLike<number>);
  throw new Error(`${name} is neither float32 nor float16`);
}
