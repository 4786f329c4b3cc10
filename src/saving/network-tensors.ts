import type { Architecture } from "../compiler/ir.ts";
import { type EmittedTensor, elementBytes, type Piece, stretchesOf } from "../emit/pieces.ts";
import { elementsOf, recipeOf, type Weights } from "../weights/weights.ts";
import { type SavedFile, savedFile, type TensorToSave } from "./saved-file.ts";

/** All tensors of a network as a safetensors file, with its counters and what only training needs. */
export function encodeWeights(architecture: Architecture, weights: Weights): SavedFile {
  return savedFile(
    architecture.tensors.map((tensor): TensorToSave => {
      const { name, shape, dtype } = tensor;
      const elements = elementsOf(shape);
      const bytes = elements * elementBytes[dtype];
      const emitted = { name, type: dtype, shape, recipe: recipeOf(weights, tensor), elements, bytes };
      return { name, dtype: dtype === "int64" ? "I64" : "F32", shape, pieces: () => piecesOf(emitted) };
    }),
    weights.read,
  );
}

function* piecesOf(tensor: EmittedTensor): Generator<Piece> {
  for (const stretch of stretchesOf(tensor)) yield { kind: "values", stretch, isWritten: true };
}
