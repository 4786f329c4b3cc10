import type { AboutValues } from "../../saving/model-tensors.ts";
import { exactly } from "../figures.ts";
import { counted } from "../render.ts";

/** In what the weights that were written from a model differ from those of its network. */
export function modelNotes({ held, recorded, mayBeFolded, standardised }: AboutValues): readonly string[] {
  const notes: string[] = [];
  if (recorded !== null && recorded !== held) {
    const why = mayBeFolded
      ? "layers of training, and batch normalisations that were folded, are not in it; folded weights fit no network that has these normalisations"
      : "layers of training are not in it";
    notes.push(`the model holds ${exactly(held)} of ${exactly(recorded)} parameters: ${why}`);
  }
  if (standardised > 0) {
    const are = standardised === 1 ? "is" : "are";
    notes.push(`${counted(standardised, "weight")} of the model ${are} standardised, and written so`);
  }
  return notes;
}
