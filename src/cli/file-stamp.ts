import { type BigIntStats, statSync } from "node:fs";
import { exitCodes, Failure } from "./failure.ts";

/** Null where there is nothing, or where it cannot be known. */
export function findFile(file: string): BigIntStats | null {
  try {
    return statSync(file, { bigint: true });
  } catch {
    return null;
  }
}

/** What tells a file from what it is after a change; empty where there is none. */
export function stampOf(file: string): string {
  const found = findFile(file);
  return found ? `${found.ino} ${found.size} ${found.mtimeNs}` : "";
}

/** Files that are read more than once, and have to be the same each time. */
export class SteadyFiles {
  readonly #stamps = new Map<string, string>();

  /** Before a file is read first. */
  look(file: string): void {
    this.#stamps.set(file, stampOf(file));
  }

  /** After it has been read last. Throws a Failure where one is not as it was: what was read is of two files. */
  refuseChange(): void {
    for (const [file, stamp] of this.#stamps) {
      if (stampOf(file) === stamp) continue;
      const message = `${file} has changed while it was read`;
      throw new Failure(exitCodes.inputOutput, message, "let nothing write the file while it is read");
    }
  }
}
