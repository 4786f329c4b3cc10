import type { Piece } from "../../emit/pieces.ts";
import { bytesOfTensor, encodeHeader, inFileOrder, type NewTensor } from "../../weights/safetensors/write.ts";
import type { WritableModel } from "../model-writing/write-model.ts";

/** A tensor to be saved, and its values as pieces of the file. */
export interface TensorToSave extends NewTensor {
  pieces(): Iterable<Piece>;
}

/** A safetensors file that is to be written. */
export interface SavedFile extends WritableModel {
  readonly tensors: number;
  readonly data: null;
  file(): Iterable<Piece>;
}

/** Its metadata say that names and layouts are those of PyTorch, as readers of such files ask for. */
export function savedFile(tensors: readonly TensorToSave[]): SavedFile {
  const ordered = inFileOrder(tensors);
  const header = encodeHeader(ordered, { format: "pt" });
  const tensorBytes = ordered.reduce((sum, tensor) => sum + bytesOfTensor(tensor), 0);
  function* file(): Generator<Piece> {
    yield { kind: "bytes", bytes: header };
    for (const tensor of ordered) yield* tensor.pieces();
  }
  return { tensors: ordered.length, bytes: header.length + tensorBytes, tensorBytes, data: null, file };
}
