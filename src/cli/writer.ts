import type { FileHandle } from "node:fs/promises";

/** What takes bytes one after another. */
export interface Output {
  append(bytes: Uint8Array): Promise<void>;
  /** Once all of them are written. */
  end(): Promise<void>;
}

/** `direct`: past the page cache of the system, to where nothing waits to be written. */
export type Way = "file" | "direct" | "stream";

/**
 * Writes pieces one after another to an open file, put together to what is worth a write; some are under way while the
 * next are made. What has been given away must stay as it is until `done` is told of it.
 */
export class Writer implements Output {
  readonly #handle: Pick<FileHandle, "writev" | "datasync">;
  readonly #way: Way;
  readonly #done: (piece: Uint8Array) => void;
  #gathered: Uint8Array[] = [];
  #length = 0;
  /** Where the gathered pieces begin; null in what has no places, as a pipe. */
  #position: number | null;
  /** From the earliest to the latest. */
  readonly #underWay: Promise<void>[] = [];
  /** Of bytes that have been written, those that the disk has not been asked for. */
  #unasked = 0;
  #flushing: Promise<void> | null = null;

  constructor(handle: Pick<FileHandle, "writev" | "datasync">, way: Way, done: (piece: Uint8Array) => void = () => {}) {
    this.#handle = handle;
    this.#way = way;
    this.#position = way === "stream" ? null : 0;
    this.#done = done;
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length; from += mostBytes) {
      const piece = bytes.subarray(from, from + mostBytes);
      this.#gathered.push(piece);
      this.#length += piece.length;
      if (this.#length >= mostBytes || this.#gathered.length === mostPieces) await this.#begin();
    }
  }

  /** All that has been given away is written. */
  async settle(): Promise<void> {
    if (this.#length > 0) await this.#begin();
    await Promise.all(this.#underWay);
  }

  async end(): Promise<void> {
    await this.settle();
    await this.#flushing;
  }

  async #begin(): Promise<void> {
    if (this.#underWay.length === atOnce[this.#way]) await this.#underWay.shift();
    const [pieces, position] = [this.#gathered, this.#position];
    if (this.#position !== null) this.#position += this.#length;
    this.#gathered = [];
    this.#length = 0;
    const writing = this.#write(pieces, position);
    this.#underWay.push(writing);
    // What goes wrong is told where it is awaited; that may be never, when no more pieces can be made.
    writing.catch(() => {});
  }

  /** A write may take less than it was given. */
  async #write(pieces: readonly Uint8Array[], position: number | null): Promise<void> {
    let [rest, at] = [pieces, position];
    while (rest.length > 0) {
      const { bytesWritten } = await this.#handle.writev(rest, at ?? undefined);
      rest = after(rest, bytesWritten);
      if (at !== null) at += bytesWritten;
    }
    for (const piece of pieces) {
      this.#done(piece);
      this.#unasked += piece.length;
    }
    if (this.#way === "file" && this.#unasked >= worthAFlush) this.#flush();
  }

  /** Has the disk begin: the system would let gigabytes wait until the end, when there is nothing else to do. */
  #flush(): void {
    if (this.#flushing) return;
    this.#unasked = 0;
    this.#flushing = this.#handle.datasync().then(() => {
      this.#flushing = null;
    });
    this.#flushing.catch(() => {});
  }
}

// The system takes at most 1024 pieces at a time; and between two writes a signal can be heard.
const mostPieces = 1024;
const mostBytes = 4 * 1024 * 1024;

/** A disk takes now less and now more: what is made meanwhile waits for it. */
const atOnce: Readonly<Record<Way, number>> = { file: 2, direct: 2, stream: 1 };

const worthAFlush = 128 * 1024 * 1024;

function after(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let skip = bytes;
  let index = 0;
  while (index < pieces.length && skip >= (pieces[index]?.length ?? 0)) skip -= pieces[index++]?.length ?? 0;
  const [first, ...rest] = pieces.slice(index);
  return first ? [first.subarray(skip), ...rest] : [];
}
