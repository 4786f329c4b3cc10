import type * as Ort from "onnxruntime-node";
import { fillNormal } from "../weights/normal.ts";
import { elementsOf } from "../weights/weights.ts";
import { type InputDescription, Refused } from "./contender.ts";
import { float16Tensor } from "./feeds.ts";
import { memoryHere } from "./memory-here.ts";

/**
 * A tensor for an input: numbers from N(0, 1) by the seed and the name of the input, and of whole numbers zeros, which
 * are in range wherever they count something. Throws Refused where there is no such tensor, or no room for it.
 */
export function inputTensor(
  ort: typeof Ort,
  { name, dtype }: InputDescription,
  shape: readonly number[],
  seed: bigint,
): Ort.Tensor {
  const make = dtype === null ? undefined : makers[dtype];
  if (!make)
    throw refused(
      `its input ${name} is ${dtype === null ? "no tensor" : `of the type ${dtype}`}, which cannot be made up`,
    );
  const tooLarge = () => refused(`its input ${name} [${shape.join(", ")}] does not fit in memory`);
  const { values, bytes } = make;
  const size = elementsOf(shape);
  // The system would promise more than it has, and end the process when it is used.
  if (size * bytes > memoryHere()) throw tooLarge();
  try {
    const made = values(size, seed, name);
    if (dtype === "float16") return float16Tensor(ort, made as Uint16Array, shape);
    return new ort.Tensor(dtype as "float32", made as Float32Array, shape);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw tooLarge();
  }
}

function refused(reason: string): Refused {
  return new Refused({ kind: "failed", reason });
}

interface Maker {
  /** Of an element. */
  readonly bytes: number;
  values(size: number, seed: bigint, name: string): Ort.Tensor.DataType;
}

const makers: Readonly<Record<string, Maker>> = {
  float32: { bytes: 4, values: normal },
  float64: { bytes: 8, values: (size, seed, name) => Float64Array.from(normal(size, seed, name)) },
  // Ones, by their bits.
  float16: { bytes: 2, values: (size) => new Uint16Array(size).fill(0x3c00) },
  int8: zeros(Int8Array),
  uint8: zeros(Uint8Array),
  int16: zeros(Int16Array),
  uint16: zeros(Uint16Array),
  int32: zeros(Int32Array),
  uint32: zeros(Uint32Array),
  int64: zeros(BigInt64Array),
  uint64: zeros(BigUint64Array),
  bool: zeros(Uint8Array),
};

function zeros(type: { readonly BYTES_PER_ELEMENT: number; new (size: number): Ort.Tensor.DataType }): Maker {
  return { bytes: type.BYTES_PER_ELEMENT, values: (size) => new type(size) };
}

function normal(size: number, seed: bigint, name: string): Float32Array {
  const values = new Float32Array(size);
  fillNormal(values, seed, name, 1);
  return values;
}
