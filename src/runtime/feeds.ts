import type * as Ort from "onnxruntime-node";
import { roundToFloat16, widenFloat16 } from "../weights/half.ts";
import type { JobInput } from "./device.ts";

/** The input of a job as a session takes it. */
export function feedsOf(ort: typeof Ort, { name, shape, data, type }: JobInput): Ort.InferenceSession.FeedsType {
  const values = type === "float16" ? roundToFloat16(data).bits : data;
  return { [name]: new ort.Tensor(type as "float32", values as Float32Array, [...shape]) };
}

/** What a session has made, in float32. Float16 comes as its bits, or as numbers where JavaScript has such arrays. */
export function numbersOf(name: string, data: Ort.Tensor.DataType): Float32Array {
  if (data instanceof Float32Array) return data;
  if (data instanceof Uint16Array) return widenFloat16(data);
  if (Object.prototype.toString.call(data) === "[object Float16Array]")
    return Float32Array.from(data as ArrayLike<number>);
  throw new Error(`${name} is neither float32 nor float16`);
}
