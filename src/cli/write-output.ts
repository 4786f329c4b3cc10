import { constants, type Stats } from "node:fs";
import { access, type FileHandle, lstat, open, readlink, realpath, rename, stat } from "node:fs/promises";
import path from "node:path";
import { codeOf, exitCodes, Failure, outputFailure, usageFailure } from "./failure.ts";
import { endFailure } from "./model-writing/end-failure.ts";
import { inTemporaryFile } from "./temporary-file.ts";
import type { Terminal } from "./terminal.ts";
import { Writer } from "./writer.ts";

export type Chunks = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * Writes a file whole or not at all: whatever goes wrong, what was there before is still there. Devices and pipes are
 * written as they stand; of a symbolic link, the file that it leads to is replaced. Throws a Failure.
 */
export async function writeOutput(target: string, chunks: Chunks): Promise<void> {
  try {
    const { file, existing, isStream } = await resolveTarget(target);
    if (isStream) await writeThrough(file, existing?.isFile() === true, chunks);
    else await replaceFile(file, existing, (handle) => writeAll(new Writer(handle, "file"), chunks));
  } catch (error) {
    throw outputFailure(target, endFailure(error));
  }
}

/** False where the reader has gone. */
export async function writeStandardOutput(
  chunks: Iterable<Uint8Array>,
  terminal: Pick<Terminal, "out">,
): Promise<boolean> {
  for (const chunk of chunks) {
    if (!(await terminal.out(chunk))) return false;
  }
  return true;
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

/** Whether an output is written as it stands, with nothing beside it; false where it cannot be looked at. */
export async function isStream(target: string): Promise<boolean> {
  return resolveTarget(target).then(
    (found) => found.isStream,
    () => false,
  );
}

export interface Target {
  /** Symbolic links followed. */
  readonly file: string;
  /** Null where a new file is to be made. */
  readonly existing: Stats | null;
  /** Devices, pipes and what the shell has opened: there is nothing to replace, and nothing beside it. */
  readonly isStream: boolean;
}

// What the shell has opened is written where it stands, as far as it was written.
const descriptor = /^\/(?:dev\/(?:stdout|stderr|fd\/\d+)|proc\/(?:self|\d+)\/fd\/\d+)$/;

/** Where an output goes. Throws a Failure for a folder, and where there is no folder for it. */
export async function resolveTarget(target: string): Promise<Target> {
  const existing = await statOrNull(target);
  if (existing?.isDirectory()) throw new Failure(exitCodes.inputOutput, `cannot write ${target}: it is a folder`);
  if (existing?.isFile() && !descriptor.test(target)) {
    return { file: await realpath(target), existing, isStream: false };
  }
  if (existing !== null) return { file: target, existing, isStream: true };
  const file = await followLinks(target);
  if ((await statOrNull(path.dirname(file))) === null) {
    throw new Failure(exitCodes.inputOutput, `cannot write ${target}: the folder ${path.dirname(file)} does not exist`);
  }
  return { file, existing: null, isStream: false };
}

/** Where a chain of links leads whose end does not exist yet; a circle has already been refused by `stat`. */
async function followLinks(target: string): Promise<string> {
  let file = target;
  while ((await lstatOrNull(file))?.isSymbolicLink()) file = path.resolve(path.dirname(file), await readlink(file));
  return file;
}

/** Puts a file, new or with the rights of the `existing` one, where `file` says, once it is filled. */
async function replaceFile(
  file: string,
  existing: Stats | null,
  fill: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  await refuseProtected(file, existing);
  await inTemporaryFile(path.dirname(file), existing?.mode ?? null, fill, (temporary) => rename(temporary, file));
}

/** A rename would replace what may not be written. */
export async function refuseProtected(file: string, existing: Stats | null): Promise<void> {
  if (existing !== null) await access(file, constants.W_OK);
}

async function writeThrough(file: string, isFile: boolean, chunks: Chunks): Promise<void> {
  const handle = await open(file, constants.O_WRONLY | (isFile ? constants.O_APPEND : 0));
  try {
    await writeAll(new Writer(handle, "stream"), chunks);
  } finally {
    await handle.close();
  }
}

async function writeAll(writer: Writer, chunks: Chunks): Promise<void> {
  for await (const chunk of chunks) await writer.append(chunk);
  await writer.end();
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
