import { type FSWatcher, realpathSync, statSync, watch } from "node:fs";
import path from "node:path";
import { codeOf, exitCodes, Failure, reasonOf } from "./failure.ts";

/**
 * Tells that something has happened to files, through the folders they are in: a file that is replaced by a rename, that
 * is deleted and made again or that is not there yet is known by its name only. Node.js alone does this; libraries wait
 * longer to tell a replaced file from a deleted one than a whole check takes.
 */
export class FolderWatcher {
  readonly #folders = new Map<string, { readonly watcher: FSWatcher; readonly inode: number }>();
  #names: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  readonly #onEvent: () => void;
  readonly #onFailure: (failure: unknown) => void;

  constructor(onEvent: () => void, onFailure: (failure: unknown) => void) {
    this.#onEvent = onEvent;
    this.#onFailure = onFailure;
  }

  /** Watches for these files and no others; to be called again after an event, as folders come and go, too. */
  follow(files: Iterable<string>): void {
    this.#names = namesByFolder(files);
    for (const [folder, { watcher, inode }] of this.#folders) {
      if (this.#names.has(folder) && inodeOf(folder) === inode) continue;
      watcher.close();
      this.#folders.delete(folder);
    }
    for (const folder of this.#names.keys()) if (!this.#folders.has(folder)) this.#open(folder);
  }

  close(): void {
    for (const { watcher } of this.#folders.values()) watcher.close();
    this.#folders.clear();
  }

  #open(folder: string): void {
    const inode = inodeOf(folder);
    if (inode === null) return;
    try {
      const watcher = watch(folder, (_, name) => {
        // What happens to the folder itself is told under its own name.
        if (name === null || this.#names.get(folder)?.has(name) || name === path.basename(folder)) this.#onEvent();
      });
      // On Windows a folder that is deleted is an error of its watcher.
      watcher.on("error", (error) => {
        if (inodeOf(folder) === inode) this.#onFailure(watchFailure(folder, error));
        else this.#onEvent();
      });
      this.#folders.set(folder, { watcher, inode });
    } catch (error) {
      throw watchFailure(folder, error);
    }
  }
}

/** What to look for in which folder: each file, where its link leads, or the first folder on the way that is missing. */
function namesByFolder(files: Iterable<string>): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const file of files) {
    for (const way of new Set([path.resolve(file), realPathOf(file)])) {
      let at = way;
      while (inodeOf(path.dirname(at)) === null && path.dirname(at) !== at) at = path.dirname(at);
      const folder = path.dirname(at);
      names.set(folder, (names.get(folder) ?? new Set()).add(path.basename(at)));
    }
  }
  return names;
}

function realPathOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return path.resolve(file);
  }
}

/** What tells a folder from another of the same name; null where there is none. */
function inodeOf(folder: string): number | null {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found?.isDirectory() ? found.ino : null;
}

function watchFailure(folder: string, error: unknown): unknown {
  const reason = reasonOf(error);
  if (reason === null) return error;
  // What the system means by these is not files on the disk, but watchers.
  const isUsedUp = ["ENOSPC", "EMFILE"].includes(codeOf(error) ?? "");
  return new Failure(
    exitCodes.inputOutput,
    `cannot watch ${folder}: ${isUsedUp ? "the system allows no more watchers" : reason}`,
    isUsedUp ? "on Linux, raise fs.inotify.max_user_watches or fs.inotify.max_user_instances" : "",
  );
}
