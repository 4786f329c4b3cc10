import type { SavedTensor } from "../safetensors/catalogue.ts";

/** A saved tensor by the name that mappings give it. */
export interface MappedTensor {
  /** After all mappings. */
  readonly name: string;
  readonly saved: SavedTensor;
}
