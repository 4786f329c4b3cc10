import type { Architecture } from "../../compiler/ir.ts";
import { type EmittedTensor, elementBytes, type Piece, stretchesOf } from "../../emit/pieces.ts";
import { elementsOf, recipeOf, type Weights } from "../../weights/weights.ts";
import type { TensorToSave } from "./saved-file.ts";

/** All tensors of a network, with its counters and what only training needs. */
export function networkTensors(architecture: Architecture, weights: Weights): readonly TensorToSave[] {
  return architecture.tensors.map((tensor) => {
    const { name, shape, dtype } = tensor;
    const elements = elementsOf(shape);
    const bytes = elements * elementBytes[dtype];
    const emitted = { name, type: dtype, shape, recipe: recipeOf(weights, tensor), elements, bytes };
    return { name, dtype: dtype === "int64" ? "I64" : "F32", shape, pieces: () => piecesOf(emitted) };
  });
}

function* piecesOf(tensor: EmittedTensor): Generator<Piece> {
  for (const stretch of stretchesOf(tensor)) yield { kind: "values", stretch, isWritten: true };
}
