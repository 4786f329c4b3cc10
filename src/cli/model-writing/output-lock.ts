import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { codeOf } from "../failure.ts";
import { isOfDeadProcess } from "../process-mark.ts";
import { underTemporaryName } from "../temporary-file.ts";

/** What one process at a time has, of those that put a model in one place. */
export interface OutputLock {
  /** What has been noted by processes that were killed while they had it. */
  readonly noted: readonly string[];
  /** Keeps lines for whoever comes after, should this process be killed. */
  note(lines: readonly string[]): void;
  /** False where others have taken this process for dead, as one that was stopped for long. */
  isHeld(): boolean;
}

/**
 * Does something for the output `file` while no other process does. `act` takes no more than moments, and no signal
 * comes between its steps.
 *
 * The lock is a folder beside the output, in which lies one file, named after its holder: a folder with something in it
 * cannot be replaced by a rename, so of several processes one gets its own there. That of a dead process is taken over
 * by renaming the file in it, where again but one can succeed; what it has noted stays.
 */
export async function withOutputLock<Result>(file: string, act: (lock: OutputLock) => Result): Promise<Result> {
  const { createHash } = await import("node:crypto");
  const digits = createHash("sha256").update(path.basename(file)).digest("hex").slice(0, 16);
  const place = path.join(path.dirname(file), `.dnetc-${digits}.lock`);
  return underTemporaryName(path.dirname(file), async (temporary, mark) => {
    mkdirSync(temporary);
    writeFileSync(path.join(temporary, mark), "");
    const held = path.join(place, mark);
    const isStale = staleness();
    while (!take(temporary, place, held, isStale)) await setTimeout(pause);
    try {
      return act({
        noted: readFileSync(held, "utf8").split("\n").filter(Boolean),
        note: (lines) => appendFileSync(held, lines.map((line) => `${line}\n`).join("")),
        isHeld: () => existsSync(held),
      });
    } finally {
      release(place, held);
    }
  });
}

/** In milliseconds. */
const pause = 10;

function take(temporary: string, place: string, held: string, isStale: (holder: string) => boolean): boolean {
  try {
    renameSync(temporary, place);
    return true;
  } catch (error) {
    if (!isTaken(codeOf(error), place)) throw error;
  }
  try {
    const [holder] = readdirSync(place);
    // Where a rename replaces no empty folder either.
    if (holder === undefined) rmdirSync(place);
    else if (isStale(holder)) {
      renameSync(path.join(place, holder), held);
      return true;
    }
  } catch (error) {
    // Others were faster.
    if (!["ENOENT", "ENOTEMPTY", "EEXIST"].includes(codeOf(error) ?? "")) throw error;
  }
  return false;
}

/** Windows says EPERM where a folder is in the way. */
function isTaken(code: string | null, place: string): boolean {
  return code === "ENOTEMPTY" || code === "EEXIST" || (code === "EPERM" && existsSync(place));
}

/**
 * A holder that has died; or one that cannot be looked for, as it is of another machine, and has not come to an end of
 * what takes moments.
 */
function staleness(): (holder: string) => boolean {
  let seen = { holder: "", since: 0 };
  return (holder) => {
    const now = performance.now();
    if (holder !== seen.holder) seen = { holder, since: now };
    return isOfDeadProcess(holder) || now - seen.since > longTime;
  };
}

/** In milliseconds. */
const longTime = 30_000;

/** What cannot be removed is taken over by whoever comes next. */
function release(place: string, held: string): void {
  try {
    unlinkSync(held);
    rmdirSync(place);
  } catch {}
}
