import { bitsOf, type Dtype, dtypes } from "./dtypes.ts";

/** A tensor that is to be written. */
export interface NewTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
}

/**
 * The tensors in the order of the reference implementation: those of larger values first, so that every value lies at
 * a multiple of its size, and of one type by name. Files of the same tensors are the same, whatever came before.
 */
export function inFileOrder<T extends NewTensor>(tensors: readonly T[]): readonly T[] {
  return tensors.toSorted(
    (a, b) => dtypes.indexOf(b.dtype) - dtypes.indexOf(a.dtype) || compareCodePoints(a.name, b.name),
  );
}

export function bytesOfTensor({ dtype, shape }: NewTensor): number {
  return shape.reduce((product, size) => product * size, bitsOf[dtype] / 8);
}

/** What comes before the values, for tensors in their order; they follow one another without a gap. */
export function encodeHeader(tensors: readonly NewTensor[], metadata: Readonly<Record<string, string>>): Uint8Array {
  let at = 0;
  const entries = tensors.map((tensor) => {
    const { name, dtype, shape } = tensor;
    const from = at;
    at += bytesOfTensor(tensor);
    return `${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [from, at] })}`;
  });
  const text = new TextEncoder().encode(`{${[`"__metadata__":${JSON.stringify(metadata)}`, ...entries].join(",")}}`);
  const length = Math.ceil(text.length / alignment) * alignment;
  const header = new Uint8Array(lengthBytes + length).fill(0x20, lengthBytes);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(text, lengthBytes);
  return header;
}

const lengthBytes = 8;
/** The header ends at a multiple of this, filled up with spaces, so that the values begin there. */
const alignment = 8;

/** As bytes of UTF-8 are compared: UTF-16 would put the surrogates before the last characters of its first plane. */
function compareCodePoints(a: string, b: string): number {
  const [one, other] = [Array.from(a), Array.from(b)];
  for (const [i, character] of one.entries()) {
    const difference = (character.codePointAt(0) as number) - (other[i]?.codePointAt(0) ?? -1);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}
