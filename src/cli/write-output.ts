import { constants, type Stats, unlinkSync } from "node:fs";
import { access, type FileHandle, lstat, open, readlink, realpath, rename, stat } from "node:fs/promises";
import path from "node:path";
import { codeOf, exitCodes, Failure, outputFailure, usageFailure } from "./failure.ts";
import { beforeSignal } from "./signals.ts";

export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Writes a file whole or not at all: whatever goes wrong, what was there before is still there. Devices and pipes are
 * written as they stand; of a symbolic link, the file that it leads to is replaced. Throws a Failure.
 */
export async function writeOutput(target: string, chunks: Chunks): Promise<void> {
  try {
    const { file, existing } = await resolveTarget(target);
    if (existing !== null && !existing.isFile()) await writeThrough(file, chunks);
    else await replaceFile(file, existing, (handle) => writeAll(handle, chunks));
  } catch (error) {
    throw outputFailure(target, error);
  }
}

/** Refuses to overwrite what was read: throws where `target` is one of `inputs`, by whatever path. */
export async function refuseOverwrite(target: string, inputs: readonly string[]): Promise<void> {
  // What cannot be looked at cannot have been read, or is told of by the one who writes.
  const output = await stat(target).catch(() => null);
  for (const input of inputs) {
    const read = await stat(input).catch(() => null);
    if (output !== null && read !== null && output.isFile() && output.dev === read.dev && output.ino === read.ino) {
      throw usageFailure(`the output ${target} is the input ${input}`, "give another file after -o");
    }
  }
}

/** Whether the target is there and is neither a file nor a folder: a device, a pipe. */
export async function isSpecialFile(target: string): Promise<boolean> {
  const found = await stat(target).catch(() => null);
  return found !== null && !found.isFile() && !found.isDirectory();
}

export interface Target {
  /** Symbolic links followed. */
  readonly file: string;
  /** Null where a new file is to be made. */
  readonly existing: Stats | null;
}

// What the shell has opened is written where it stands, as far as it was written; there is nothing to replace.
const descriptor = /^\/(?:dev\/(?:stdout|stderr|fd\/\d+)|proc\/(?:self|\d+)\/fd\/\d+)$/;

/** Where an output goes. Throws a Failure for a folder, and where there is no folder for it. */
export async function resolveTarget(target: string): Promise<Target> {
  const existing = await statOrNull(target);
  if (existing?.isDirectory()) throw new Failure(exitCodes.inputOutput, `cannot write ${target}: it is a folder`);
  if (existing?.isFile() && !descriptor.test(target)) return { file: await realpath(target), existing };
  if (existing !== null) return { file: target, existing };
  const file = await followLinks(target);
  if ((await statOrNull(path.dirname(file))) === null) {
    throw new Failure(exitCodes.inputOutput, `cannot write ${target}: the folder ${path.dirname(file)} does not exist`);
  }
  return { file, existing: null };
}

/** Where a chain of links leads whose end does not exist yet; a circle has already been refused by `stat`. */
async function followLinks(target: string): Promise<string> {
  let file = target;
  while ((await lstatOrNull(file))?.isSymbolicLink()) file = path.resolve(path.dirname(file), await readlink(file));
  return file;
}

/** Puts a file, new or with the rights of the `existing` one, where `file` says, once it is filled. */
export async function replaceFile(
  file: string,
  existing: Stats | null,
  fill: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  if (existing !== null) await access(file, constants.W_OK);
  await fillThenRename(path.dirname(file), existing?.mode ?? null, async (handle) => {
    await fill(handle);
    return file;
  });
}

/**
 * Fills a file of a name of its own and, when all of it is on the disk, gives it the name that `fill` returns. Nothing
 * of it stays where that fails. `mode` is that of a file whose place it takes.
 */
export async function fillThenRename(
  folder: string,
  mode: number | null,
  fill: (handle: FileHandle) => Promise<string>,
): Promise<void> {
  const { randomUUID } = await import("node:crypto");
  const temporary = path.join(folder, `.dnetc-${randomUUID()}.tmp`);
  const release = beforeSignal(() => remove(temporary));
  try {
    await rename(temporary, await filled(temporary, mode, fill));
  } catch (error) {
    remove(temporary);
    throw error;
  } finally {
    release();
  }
}

async function filled(
  temporary: string,
  mode: number | null,
  fill: (handle: FileHandle) => Promise<string>,
): Promise<string> {
  const handle = await open(temporary, "wx", mode === null ? 0o666 : 0o600);
  try {
    if (mode !== null) await handle.chmod(mode & 0o7777);
    const name = await fill(handle);
    await handle.sync();
    return name;
  } finally {
    await handle.close();
  }
}

async function writeThrough(file: string, chunks: Chunks): Promise<void> {
  const handle = await open(file, constants.O_WRONLY);
  try {
    await writeAll(handle, chunks);
  } finally {
    await handle.close();
  }
}

// The system takes at most 1024 pieces at a time; and between two writes a signal can be heard.
const mostPieces = 1024;
const mostBytes = 4 * 1024 * 1024;

/** While some pieces are being written, the next are made. */
async function writeAll(handle: FileHandle, chunks: Chunks): Promise<void> {
  let writing = Promise.resolve();
  for await (const pieces of gathered(chunks)) {
    await writing;
    writing = writePieces(handle, pieces);
    // What goes wrong is told where it is awaited; that may be never, when no more pieces can be made.
    writing.catch(() => {});
  }
  await writing;
}

/** The chunks in groups that are worth a write. */
async function* gathered(chunks: Chunks): AsyncGenerator<readonly Uint8Array[]> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; from += mostBytes) {
      const piece = chunk.subarray(from, from + mostBytes);
      waiting.push(piece);
      bytes += piece.length;
      if (waiting.length < mostPieces && bytes < mostBytes) continue;
      yield waiting;
      waiting = [];
      bytes = 0;
    }
  }
  if (waiting.length > 0) yield waiting;
}

/** A write may take less than it was given. */
async function writePieces(handle: FileHandle, pieces: readonly Uint8Array[]): Promise<void> {
  let rest = pieces;
  while (rest.length > 0) {
    const { bytesWritten } = await handle.writev(rest);
    rest = after(rest, bytesWritten);
  }
}

function after(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let skip = bytes;
  let index = 0;
  while (index < pieces.length && skip >= (pieces[index]?.length ?? 0)) skip -= pieces[index++]?.length ?? 0;
  const [first, ...rest] = pieces.slice(index);
  return first ? [first.subarray(skip), ...rest] : [];
}

/** As far as it can be done: the reason why the file is not wanted matters more. */
function remove(file: string): void {
  try {
    unlinkSync(file);
  } catch {}
}

async function statOrNull(file: string): Promise<Stats | null> {
  return orNull(stat(file));
}

async function lstatOrNull(file: string): Promise<Stats | null> {
  return orNull(lstat(file));
}

async function orNull(result: Promise<Stats>): Promise<Stats | null> {
  try {
    return await result;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}
