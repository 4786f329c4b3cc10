import type { Dtype } from "./dtypes.ts";

/** Where the values of a tensor lie, and what they are. */
export interface SavedTensor {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** As it is opened. */
  readonly file: string;
  /** From the start of the file. */
  readonly offset: number;
  readonly bytes: number;
}

/** The tensors of one or more files by their names, in the order of the files. */
export type Catalogue = ReadonlyMap<string, SavedTensor>;

/** A file that is read in stretches, never whole. */
export interface ReadableFile {
  readonly file: string;
  readonly size: number;
  /** `length` bytes from `offset` on; throws where there are fewer. */
  read(offset: number, length: number): Uint8Array;
}
