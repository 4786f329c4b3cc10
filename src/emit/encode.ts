import { roundToBfloat16, roundToFloat16 } from "../weights/half.ts";
import type { ValueType } from "../weights/make.ts";
import { bytesOf, type TensorData } from "../weights/weights.ts";
import type { ElementType } from "./graph.ts";

/** What the values of a tensor are made as, before they become what the file holds. */
export const valueTypes: Readonly<Record<ElementType, ValueType>> = {
  float32: "float32",
  float16: "float32",
  bfloat16: "float32",
  int64: "int64",
};

export interface Encoded {
  readonly bytes: Uint8Array;
  /** How many finite values have become infinite, since the type is too narrow for them. */
  readonly overflowed: number;
  /** How many have become 0 that are not. */
  readonly vanished: number;
}

/** Values as a file holds them, little-endian. */
export function encode(values: TensorData, type: ElementType): Encoded {
  if (type === "float32" || type === "int64" || !(values instanceof Float32Array)) {
    return { bytes: bytesOf(values), overflowed: 0, vanished: 0 };
  }
  const { bits, overflows, vanished } = type === "float16" ? roundToFloat16(values) : roundToBfloat16(values);
  return { bytes: bytesOf(bits), overflowed: overflows, vanished };
}
