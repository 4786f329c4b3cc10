import { constants, type FileHandle, open } from "node:fs/promises";
import { blockBytes } from "../../emit/pieces.ts";
import { newMemory, pageBytes } from "../../weights/webassembly/module.ts";
import { type Output, Writer } from "../writer.ts";

/** The memory of what is written. */
export interface Lender {
  /** Whether the bytes lie in memory that begins where a page of the machine does. */
  owns(bytes: Uint8Array): boolean;
  /** Told of bytes that are not needed any more. */
  release(bytes: Uint8Array): void;
}

/**
 * Has a new file filled past the page cache of the system where it can be: to copy gigabytes there takes a good part of
 * the time that it takes to make them, and drives out what others need.
 */
export async function fillDirectly(
  handle: FileHandle,
  lender: Lender,
  fill: (output: Output) => Promise<void>,
): Promise<void> {
  const direct = await openDirectly(handle);
  if (direct === null) return fill(new Writer(handle, "file", (piece) => lender.release(piece)));
  try {
    await fill(new DirectWriter(handle, direct, lender));
  } finally {
    await direct.close();
  }
}

/** Null where the system or its file system has no such way. */
async function openDirectly({ fd }: FileHandle): Promise<FileHandle | null> {
  const { O_DIRECT, O_WRONLY } = constants as { readonly O_DIRECT?: number; readonly O_WRONLY: number };
  if (O_DIRECT === undefined) return null;
  return open(`/proc/self/fd/${fd}`, O_WRONLY | O_DIRECT).catch(() => null);
}

/**
 * Memory, places in the file and lengths have to be whole blocks. Bytes of which that is so are written from where they are;
 * the others are put together in pages of its own.
 */
export class DirectWriter implements Output {
  readonly #file: FileHandle;
  readonly #lender: Lender;
  readonly #writer: Writer;
  readonly #memory = newMemory((pages * stagedBytes) / pageBytes, false);
  /** Pages in which nothing is that is needed. */
  readonly #free = Array.from({ length: pages }, (_, i) => this.#pageAt(i * stagedBytes));
  /** Of the first of them, what is filled. */
  #filled = 0;
  #length = 0;

  constructor(file: FileHandle, direct: Pick<FileHandle, "writev">, lender: Lender) {
    this.#file = file;
    this.#lender = lender;
    this.#writer = new Writer(new AsAllowed(file, direct), "direct", (piece) => this.#release(piece));
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#length += bytes.length;
    const fits = this.#filled % blockBytes === 0 && bytes.byteOffset % blockBytes === 0 && this.#lender.owns(bytes);
    const whole = fits ? bytes.length - (bytes.length % blockBytes) : 0;
    // The memory may have been released when it is the turn of what is left.
    const rest = whole > 0 ? bytes.slice(whole) : bytes;
    if (whole > 0) {
      await this.#flush();
      await this.#writer.append(bytes.subarray(0, whole));
    }
    await this.#stage(rest);
    if (whole === 0) this.#lender.release(bytes);
  }

  async end(): Promise<void> {
    const beyond = this.#filled % blockBytes;
    if (beyond > 0) await this.#stage(new Uint8Array(blockBytes - beyond));
    await this.#flush();
    await this.#writer.end();
    await this.#file.truncate(this.#length);
  }

  async #stage(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length; ) {
      if (this.#free.length === 0) await this.#writer.settle();
      const part = bytes.subarray(from, from + stagedBytes - this.#filled);
      this.#free[0]?.set(part, this.#filled);
      this.#filled += part.length;
      from += part.length;
      if (this.#filled === stagedBytes) await this.#flush();
    }
  }

  async #flush(): Promise<void> {
    if (this.#filled === 0) return;
    const page = this.#free.shift() as Uint8Array;
    const filled = page.subarray(0, this.#filled);
    this.#filled = 0;
    await this.#writer.append(filled);
  }

  #release(piece: Uint8Array): void {
    if (piece.buffer === this.#memory.buffer) this.#free.push(this.#pageAt(piece.byteOffset));
    else this.#lender.release(piece);
  }

  #pageAt(offset: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, offset, stagedBytes);
  }
}

/** Two writes under way, and one that is being put together. */
const [pages, stagedBytes] = [12, 2 ** 20];

/** Writes through the cache from the moment on when the file system refuses what it has promised. */
class AsAllowed implements Pick<FileHandle, "writev" | "datasync"> {
  readonly #file: FileHandle;
  #current: Pick<FileHandle, "writev">;

  constructor(file: FileHandle, direct: Pick<FileHandle, "writev">) {
    this.#file = file;
    this.#current = direct;
  }

  readonly writev: FileHandle["writev"] = async (pieces, position) => {
    try {
      return await this.#current.writev(pieces, position);
    } catch (error) {
      if (this.#current === this.#file || (error as NodeJS.ErrnoException).code !== "EINVAL") throw error;
      this.#current = this.#file;
      return this.#file.writev(pieces, position);
    }
  };

  datasync(): Promise<void> {
    return this.#file.datasync();
  }
}
