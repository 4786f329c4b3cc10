import { lstatSync, readdirSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import { beforeSignal } from "./signals.ts";

/**
 * Fills a file of a name of its own and, when all of it is on the disk, gives it to `use`, which puts it in its place.
 * Nothing stays under that name, whatever ends the work. `mode` is that of a file whose place it takes.
 */
export async function inTemporaryFile<Filled, Result>(
  folder: string,
  mode: number | null,
  fill: (handle: FileHandle) => Promise<Filled>,
  use: (temporary: string, filled: Filled) => Promise<Result>,
): Promise<Result> {
  return underTemporaryName(folder, async (temporary) => use(temporary, await filled(temporary, mode, fill)));
}

/** Gives a path that nothing has and where nothing stays. */
export async function underTemporaryName<Result>(
  folder: string,
  use: (temporary: string, mark: string) => Promise<Result>,
): Promise<Result> {
  const { newMark } = await import("./process-mark.ts");
  const mark = newMark();
  const temporary = path.join(folder, `${start}${mark}${end}`);
  const release = beforeSignal(() => remove(temporary));
  try {
    return await use(temporary, mark);
  } finally {
    release();
    remove(temporary);
  }
}

const [start, end] = [".dnetc-", ".tmp"];

async function filled<Filled>(
  temporary: string,
  mode: number | null,
  fill: (handle: FileHandle) => Promise<Filled>,
): Promise<Filled> {
  const handle = await open(temporary, "wx", mode === null ? 0o666 : 0o600);
  try {
    if (mode !== null) await handle.chmod(mode & 0o7777);
    const result = await fill(handle);
    await handle.sync();
    return result;
  } finally {
    await handle.close();
  }
}

/** Removes what processes that were killed have left in a folder under such names. */
export async function removeLeftTemporaries(folder: string): Promise<void> {
  const names = namesIn(folder).filter((name) => name.startsWith(start) && name.endsWith(end));
  if (names.length === 0) return;
  const { isMark, isOfDeadProcess } = await import("./process-mark.ts");
  for (const name of names) {
    const mark = name.slice(start.length, -end.length);
    const file = path.join(folder, name);
    if (isMark(mark) && (isOfDeadProcess(mark) || isLongUnwritten(file))) remove(file);
  }
}

/** None where it cannot be read, though it may be written. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Of a process that is not seen from here; it would be told that its file is gone, and write nothing. */
function isLongUnwritten(file: string): boolean {
  try {
    return Date.now() - lstatSync(file).mtimeMs > longTime;
  } catch {
    return false;
  }
}

/** A day, in milliseconds: also where the clocks of two machines differ by hours. */
const longTime = 86_400_000;

/** As far as it can be done: what else is to be told matters more. */
function remove(file: string): void {
  try {
    rmSync(file, { recursive: true, force: true });
  } catch {}
}
