import type { SavedTensor } from "../safetensors/catalogue.ts";
import type { Layout } from "./layout.ts";

/** A saved tensor by the name that mappings give it. */
export interface MappedTensor {
  /** After all mappings. */
  readonly name: string;
  /** How it lies in the file, where a mapping says so; null: as a network has it. */
  readonly layout: Layout | null;
  readonly saved: SavedTensor;
}
