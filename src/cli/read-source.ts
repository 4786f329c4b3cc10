import { closeSync, openSync, readSync, realpathSync } from "node:fs";
import type { Source } from "../compiler/source.ts";
import { codeOf, inputOutputFailure, reasonOf } from "./failure.ts";
import { notProgram } from "./not-program.ts";
import type { Terminal } from "./terminal.ts";
import { decodeUtf8 } from "./utf8.ts";

/** How messages name standard input. */
export const stdinPath = "<stdin>";

/**
 * The text of a file, or of standard input for `-`, exactly as it is there. Of one that is longer than `limit` bytes
 * only so much is read that the compiler sees that it is too long. Throws a Failure where it cannot be read.
 */
export async function readSource(file: string, limit: number, terminal: Terminal): Promise<Source> {
  const path = file === "-" ? stdinPath : file;
  if (file !== "-") terminal.onRead?.(file);
  let bytes: Uint8Array;
  try {
    bytes = file === "-" ? await readStream(terminal.input, enough(limit)) : readBytes(file, enough(limit));
  } catch (error) {
    throw inputOutputFailure(`read ${path}`, error);
  }
  const decoded = decodeUtf8(bytes, bytes.length < enough(limit));
  if (decoded.text === null) throw notProgram(path, bytes, decoded.reason);
  return { path, text: decoded.text };
}

/** Reads what a program imports. Only .dnet files are read: nothing else can get into a message. */
export class Imports {
  /** The files that were read. */
  readonly paths: string[] = [];
  /** Why others were not; a file that does not exist is not among them. */
  readonly refusals: string[] = [];
  readonly #limit: number;
  readonly #onRead: Terminal["onRead"];

  constructor(limit: number, { onRead }: Pick<Terminal, "onRead">) {
    this.#limit = limit;
    this.#onRead = onRead;
  }

  /** The text of a file; null where there is none that can be imported. */
  readonly load = (path: string): string | null => {
    this.#onRead?.(path);
    try {
      if (!isDnet(path) || !isDnet(realpathSync(path))) return this.#refuse(path, "only .dnet files can be imported");
      const bytes = readBytes(path, enough(this.#limit));
      const decoded = decodeUtf8(bytes, bytes.length < enough(this.#limit));
      if (decoded.text === null) return this.#refuse(path, decoded.reason);
      this.paths.push(path);
      return decoded.text;
    } catch (error) {
      const reason = reasonOf(error);
      if (reason === null) throw error;
      return codeOf(error) === "ENOENT" ? null : this.#refuse(path, reason);
    }
  };

  #refuse(path: string, reason: string): null {
    this.refusals.push(`cannot read ${path}: ${reason}`);
    return null;
  }
}

function isDnet(path: string): boolean {
  return path.endsWith(".dnet");
}

// A character cut in two at the end is dropped, and the rest must still be too long.
function enough(limit: number): number {
  return limit + 4;
}

function readBytes(path: string, most: number): Uint8Array {
  const file = openSync(path, "r");
  try {
    const chunks: Uint8Array[] = [];
    let total = 0;
    while (total < most) {
      const chunk = new Uint8Array(Math.min(most - total, 64 * 1024));
      const read = readSync(file, chunk);
      if (read === 0) break;
      chunks.push(chunk.subarray(0, read));
      total += read;
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(file);
  }
}

async function readStream(stream: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    total += chunk.length;
    if (total >= most) break;
  }
  return Buffer.concat(chunks).subarray(0, most);
}
