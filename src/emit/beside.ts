import { type EmittedTensor, type Piece, type Sha256, stretchesOf } from "./pieces.ts";

/** When values lie in a file of their own, beside the model. */
export interface External {
  /** `auto`: where the model would have more than `largestWhole` bytes with them. */
  readonly when: "auto" | "always";
  /** Whether the model states the SHA-1 of that file. */
  readonly checksum: boolean;
  /** The name of that file, given a digest of what it holds; always of one length. */
  location(digest: string): string;
}

/** The file of values beside a model. */
export interface DataFile {
  readonly bytes: number;
  readonly pieces: Iterable<Piece>;
  /** What the file is called, given the digest of all values. */
  location(digest: string): string;
}

/** A data file, and where in it each of its tensors begins. */
export interface Beside extends DataFile {
  readonly offsets: ReadonlyMap<EmittedTensor, number>;
}

/**
 * Gives every large tensor a place in the data file. The places begin where memory can be mapped to them on every
 * system, Windows included; small tensors stay in the model, since what would lie between them is more than they are.
 * Null where none is large.
 */
export function placesOf(tensors: readonly EmittedTensor[], external: External, sha256: () => Sha256): Beside | null {
  const offsets = new Map<EmittedTensor, number>();
  let bytes = 0;
  for (const tensor of tensors) {
    if (tensor.bytes < alignment) continue;
    const offset = Math.ceil(bytes / alignment) * alignment;
    offsets.set(tensor, offset);
    bytes = offset + tensor.bytes;
  }
  if (offsets.size === 0) return null;
  function* pieces(): Generator<Piece> {
    let at = 0;
    for (const tensor of tensors) {
      const offset = offsets.get(tensor);
      if (offset !== undefined && offset > at) yield { kind: "bytes", bytes: new Uint8Array(offset - at) };
      for (const stretch of stretchesOf(tensor)) yield { kind: "values", stretch, isWritten: offset !== undefined };
      if (offset !== undefined) at = offset + tensor.bytes;
    }
  }
  const layout = [...offsets].map(([tensor, offset]) => `${offset} ${tensor.bytes}\n`).join("");
  return {
    offsets,
    bytes,
    pieces: { [Symbol.iterator]: pieces },
    // What lies in the file follows from all values in turn, and from where each tensor begins.
    location(digest) {
      const hash = sha256();
      hash.update(new TextEncoder().encode(`${digest}\n${layout}`));
      return external.location(hash.digest("hex"));
    },
  };
}

const alignment = 65_536;
