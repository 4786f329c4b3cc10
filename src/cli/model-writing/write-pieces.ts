import type { Encoded } from "../../emit/encode.ts";
import type { Piece, Sha256 } from "../../emit/pieces.ts";
import type { RangeCheck } from "../../emit/range.ts";
import type { Output } from "../writer.ts";
import type { StretchMakers } from "./stretch-makers.ts";

/** What goes along with the writing of pieces. */
export interface Following {
  /** Takes all values in turn, also those that are not written. */
  readonly hash: Sha256;
  /** Takes all that is written, where that is wanted. */
  readonly fileHash: { update(bytes: Uint8Array): unknown } | null;
  readonly range: RangeCheck;
  /** Called once all is made, before anything has its name; what it throws keeps it from that. */
  readonly confirm?: () => void;
  /** Told how many bytes have been made so far. */
  reach(bytes: number): void;
}

/**
 * Writes pieces one after another; while they are made and written, those to come are being made. Throws
 * ValuesTooLarge once all is made that the element types of tensors cannot hold.
 */
export async function writePieces(
  output: Output,
  pieces: Iterable<Piece>,
  makers: StretchMakers,
  { hash, fileHash, range, confirm, reach }: Following,
): Promise<void> {
  const write = async (bytes: Uint8Array) => {
    fileHash?.update(bytes);
    await output.append(bytes);
  };
  let done = 0;
  const tell = (bytes: number) => {
    done += bytes;
    reach(done);
  };
  for await (const { piece, made } of ahead(pieces, makers)) {
    switch (piece.kind) {
      case "bytes":
        await write(piece.bytes);
        if (piece.areValues) tell(piece.bytes.length);
        break;
      case "seal":
        await write(piece.bytes(hash.digest("hex")));
        break;
      case "values": {
        const { bytes } = made as Encoded;
        range.add(piece.stretch.tensor, made as Encoded);
        hash.update(bytes);
        if (piece.isWritten) await write(bytes);
        tell(bytes.length);
      }
    }
  }
  range.refuse();
  confirm?.();
  await output.end();
}

interface Ready {
  readonly piece: Piece;
  /** Of values. */
  readonly made: Encoded | null;
}

/** The pieces in their order, their values made; those that threads make are asked for some while before. */
async function* ahead(pieces: Iterable<Piece>, makers: StretchMakers): AsyncGenerator<Ready> {
  const waiting: (readonly [piece: Piece, made: Promise<Encoded> | Encoded | null])[] = [];
  let asked = 0;
  for (const piece of pieces) {
    const made = piece.kind === "values" ? makers.make(piece.stretch) : null;
    if (made instanceof Promise) {
      asked++;
      // Told where it is awaited; that may be never, when an earlier one fails.
      made.catch(() => {});
    }
    waiting.push([piece, made]);
    while (asked > makers.ahead || (asked === 0 && waiting.length > 0)) {
      const [first, promised] = waiting.shift() as (typeof waiting)[number];
      if (promised instanceof Promise) asked--;
      yield { piece: first, made: await promised };
    }
  }
  for (const [piece, promised] of waiting) yield { piece, made: await promised };
}
