import { madeHere, type Piece } from "../emit/pieces.ts";
import { noFiles, type ReadStretch } from "../weights/make.ts";
import { bytesOfTensor, encodeHeader, inFileOrder, type NewTensor } from "../weights/safetensors/write.ts";

/** A tensor to be saved, and its values as pieces of the file. */
export interface TensorToSave extends NewTensor {
  pieces(): Iterable<Piece>;
}

/** A safetensors file that is to be written. */
export interface SavedFile {
  /** How many it holds. */
  readonly tensors: number;
  readonly bytes: number;
  /** Of the values alone. */
  readonly tensorBytes: number;
  readonly data: null;
  file(): Iterable<Piece>;
  /** The bytes, one after another, made while they are read. */
  readonly chunks: Iterable<Uint8Array>;
}

/** Its metadata say that names and layouts are those of PyTorch, as readers of such files ask for. */
export function savedFile(tensors: readonly TensorToSave[], read: ReadStretch = noFiles): SavedFile {
  const ordered = inFileOrder(tensors);
  const header = encodeHeader(ordered, { format: "pt" });
  const tensorBytes = ordered.reduce((sum, tensor) => sum + bytesOfTensor(tensor), 0);
  function* file(): Generator<Piece> {
    yield { kind: "bytes", bytes: header };
    for (const tensor of ordered) yield* tensor.pieces();
  }
  const chunks = { [Symbol.iterator]: () => madeHere(file(), unhashed, read) };
  return { tensors: ordered.length, bytes: header.length + tensorBytes, tensorBytes, data: null, file, chunks };
}

/** The file states no hash of its values. */
const unhashed = { update() {}, digest: () => "" };
