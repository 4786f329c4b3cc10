import { existsSync, renameSync, statSync } from "node:fs";
import path from "node:path";
import { findFile } from "../file-stamp.ts";
import { dataFileOf, isDataFileOf, removeDataFile } from "./data-files.ts";
import { withOutputLock } from "./output-lock.ts";

/** A file of values that is wholly on the disk, and how it is to be called. */
export interface WrittenData {
  readonly temporary: string;
  readonly name: string;
}

/**
 * Gives a model that is wholly on the disk its name, after the values that it has beside it, and removes those of the
 * model before it. At every moment the model that is there has its values, whatever else writes to the same output: a
 * file that one process removes may be what another is about to name, so that only one at a time does either. What is
 * to be removed is noted first, and goes with the next model where the process is killed.
 */
export async function putInPlace(file: string, model: string, data: WrittenData | null): Promise<void> {
  const inFolder = (name: string) => path.join(path.dirname(file), name);
  await withOutputLock(file, (lock) => {
    const before = dataFileOf(file);
    const mine = data === null ? [] : [data.name];
    const others = before === null || before === data?.name ? [] : [before];
    const left = lock.noted.filter((name) => isDataFileOf(file, name) && name !== data?.name);
    if (mine.length + others.length > 0) lock.note([...others, ...mine]);
    const isNew = data !== null && !existsSync(inFolder(data.name));
    const { ino } = statSync(model, { bigint: true });
    try {
      if (data !== null) renameSync(data.temporary, inFolder(data.name));
      renameSync(model, file);
    } catch (error) {
      if (isNew && lock.isHeld()) removeDataFile(inFolder(data.name));
      throw error;
    }
    const isInPlace = () => findFile(file)?.ino === ino && lock.isHeld();
    for (const name of new Set([...others, ...left])) if (isInPlace()) removeDataFile(inFolder(name));
  });
}
