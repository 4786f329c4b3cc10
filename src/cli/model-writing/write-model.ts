import { type FileHandle, statfs } from "node:fs/promises";
import path from "node:path";
import type { DataFile } from "../../emit/beside.ts";
import type { EmittedModel, Seal } from "../../emit/emit.ts";
import { madeHere, type Sha256 } from "../../emit/pieces.ts";
import { RangeCheck } from "../../emit/range.ts";
import { exitCodes, Failure, outputFailure } from "../failure.ts";
import { outputCodes } from "../output-codes.ts";
import { inTemporaryFile, removeLeftTemporaries } from "../temporary-file.ts";
import { refuseProtected, resolveTarget, type Target, writeOutput } from "../write-output.ts";
import { Writer } from "../writer.ts";
import { fillDirectly } from "./direct-writer.ts";
import { endFailure } from "./end-failure.ts";
import { putInPlace } from "./put-in-place.ts";
import { StoredBytes } from "./stored-bytes.ts";
import { StretchMakers, usualThreads } from "./stretch-makers.ts";
import { type Following, writePieces } from "./write-pieces.ts";

export interface Writing extends Pick<Following, "range" | "confirm" | "reach"> {
  readonly sha256: () => Sha256;
  /** Begins a SHA-1 where the model is to state that of its data file. */
  readonly sha1: (() => Sha256) | null;
}

/** What is written of a model; other files of tensors are written in the same way. */
export type WritableModel = Pick<EmittedModel, "bytes" | "tensorBytes" | "data" | "file">;

/** For files that state no hash of their values. */
export const unhashed: Sha256 = { update() {}, digest: () => "" };

/**
 * Writes a model whole or not at all, and returns the name of the file of values beside it, or null. That file comes
 * first and has a name of its own for every content; the model, which refers to it, is renamed into place last, so that
 * at every moment what is there is the old model with its values or the new one with its own. Then the values of the
 * old one go, if dnetc wrote them. Throws a Failure.
 */
export async function writeModel(target: string, model: WritableModel, writing: Writing): Promise<string | null> {
  try {
    const to = await resolveTarget(target);
    if (to.isStream) {
      await writeStream(target, model, writing);
      return null;
    }
    const folder = path.dirname(to.file);
    await removeLeftTemporaries(folder);
    await refuseFullDisk(target, folder, model);
    // Told now, and not after gigabytes have been written.
    await refuseProtected(to.file, to.existing);
    return model.data ? await writeBoth(to, model, model.data, writing) : await writeOne(to, model, writing);
  } catch (error) {
    throw outputFailure(target, endFailure(error));
  }
}

async function writeStream(target: string, model: WritableModel, { sha256, range, reach }: Writing): Promise<void> {
  const stored = new StoredBytes();
  try {
    const chunks = madeHere(model.file(null), sha256(), stored.read, range);
    await writeOutput(target, inSight(chunks, model, reach));
  } finally {
    stored.close();
  }
}

/** Tells how many bytes have been taken, as a share of those of the tensors: what else there is counts for little. */
export function* inSight(
  chunks: Iterable<Uint8Array>,
  { tensorBytes }: Pick<WritableModel, "tensorBytes">,
  reach: (bytes: number) => void,
): Generator<Uint8Array> {
  let done = 0;
  for (const chunk of chunks) {
    yield chunk;
    done += chunk.length;
    reach(Math.min(done, tensorBytes));
  }
}

/** What is smaller is made before threads have begun. */
const worthThreads = 2 ** 26;

async function writeOne({ file, existing }: Target, model: WritableModel, writing: Writing): Promise<null> {
  await withMakers(model.tensorBytes < worthThreads ? 0 : usualThreads, (makers) => {
    const following = { ...writing, hash: writing.sha256(), fileHash: null };
    return inTemporaryFile(
      path.dirname(file),
      existing?.mode ?? null,
      (handle) => writePieces(cached(handle, makers), model.file(null), makers, following),
      (temporary) => putInPlace(file, temporary, null),
    );
  });
  return null;
}

/** Nothing has its name before all is written. What holds the values is as open to others as the model. */
async function writeBoth(
  { file, existing }: Target,
  model: WritableModel,
  data: DataFile,
  writing: Writing,
): Promise<string> {
  const [folder, mode] = [path.dirname(file), existing?.mode ?? null];
  return withMakers(usualThreads, (makers) => {
    const fillModel = (seal: Seal) => (handle: FileHandle) => {
      const following = { ...writing, hash: writing.sha256(), fileHash: null, range: new RangeCheck(), reach() {} };
      return writePieces(cached(handle, makers), model.file(seal), makers, following);
    };
    return inTemporaryFile(
      folder,
      mode,
      (handle) => fillData(handle, data, makers, writing),
      async (temporary, seal) => {
        const name = data.location(seal.digest);
        await inTemporaryFile(folder, mode, fillModel(seal), (whole) => putInPlace(file, whole, { temporary, name }));
        return name;
      },
    );
  });
}

function cached(handle: FileHandle, makers: StretchMakers): Writer {
  return new Writer(handle, "file", (piece) => makers.release(piece));
}

async function fillData(handle: FileHandle, data: DataFile, makers: StretchMakers, writing: Writing): Promise<Seal> {
  const [hash, fileHash] = [writing.sha256(), writing.sha1?.() ?? null];
  const following = { ...writing, hash, fileHash };
  await fillDirectly(handle, makers, (output) => writePieces(output, data.pieces, makers, following));
  return { digest: hash.digest("hex"), checksum: fileHash?.digest("hex") ?? null };
}

async function withMakers<Result>(threads: number, use: (makers: StretchMakers) => Promise<Result>): Promise<Result> {
  const makers = new StretchMakers(threads);
  try {
    return await use(makers);
  } finally {
    await makers.end();
  }
}

/** Before gigabytes are made for nothing; what others write meanwhile is still told when it comes to that. */
async function refuseFullDisk(target: string, folder: string, { bytes, data }: WritableModel): Promise<void> {
  const needed = bytes + (data?.bytes ?? 0);
  if (needed < worthThreads) return;
  const { bavail, blocks, bsize } = await statfs(folder);
  const free = bavail * bsize;
  // Some file systems do not tell their size: they say that they have none.
  if (free >= needed || blocks === 0) return;
  const [most, least] = [needed, free].map((size) => size.toLocaleString("en-US"));
  const message = `cannot write ${target}: ${most} bytes are to be written, and ${least} are free`;
  throw new Failure(exitCodes.inputOutput, message, "", outputCodes.full);
}
