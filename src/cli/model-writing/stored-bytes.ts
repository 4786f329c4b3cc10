import { closeSync, openSync, readSync } from "node:fs";
import type { ReadStretch } from "../../weights/make.ts";

/** Reads stretches of files, each of which stays open from the first stretch on. */
export class StoredBytes {
  readonly #open = new Map<string, number>();

  readonly read: ReadStretch = (file, offset, length, into = new Uint8Array(length)) => {
    try {
      this.#read(file, offset, into);
      return into;
    } catch (error) {
      // Whoever writes what was read has to tell the one file from the other.
      throw Object.assign(error as Error, { readFrom: file });
    }
  };

  #read(file: string, offset: number, bytes: Uint8Array): void {
    const { length } = bytes;
    let handle = this.#open.get(file);
    if (handle === undefined) {
      handle = openSync(file, "r");
      this.#open.set(file, handle);
    }
    for (let at = 0; at < length; ) {
      const read = readSync(handle, bytes, at, length - at, offset + at);
      if (read === 0) throw new FileEnded(file, offset + length);
      at += read;
    }
  }

  close(): void {
    for (const handle of this.#open.values()) closeSync(handle);
    this.#open.clear();
  }
}

/** A file became shorter while it was read. Its mark is there in a copy from another thread, too. */
export class FileEnded extends Error {
  readonly hasEnded = true;

  constructor(file: string, needed: number) {
    super(`${file} ends before byte ${needed}, which it had when it was looked at`);
  }
}
