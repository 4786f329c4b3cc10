import { access, constants, stat, statfs } from "node:fs/promises";
import path from "node:path";
import type { DataFile } from "../../emit/beside.ts";
import type { EmittedModel, Seal } from "../../emit/emit.ts";
import { madeHere, type Sha256 } from "../../emit/pieces.ts";
import { RangeCheck } from "../../emit/range.ts";
import { exitCodes, Failure, outputFailure } from "../failure.ts";
import { outputCodes } from "../output-codes.ts";
import { fillThenRename, replaceFile, resolveTarget, type Target, writeOutput } from "../write-output.ts";
import { dataFileOf, removeDataFile } from "./data-files.ts";
import { endFailure } from "./end-failure.ts";
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
    if (to.existing !== null && !to.existing.isFile()) {
      await writeStream(target, model, writing);
      return null;
    }
    const folder = path.dirname(to.file);
    const old = to.existing === null ? null : await dataFileOf(to.file);
    await refuseFullDisk(target, folder, model);
    const written = model.data ? await writeBoth(to, model, model.data, writing) : await writeOne(to, model, writing);
    if (old !== null && old !== written) removeDataFile(path.join(folder, old));
    return written;
  } catch (error) {
    throw outputFailure(target, endFailure(error));
  }
}

async function writeStream(target: string, model: WritableModel, { sha256, range }: Writing): Promise<void> {
  const stored = new StoredBytes();
  try {
    await writeOutput(target, madeHere(model.file(null), sha256(), stored.read, range));
  } finally {
    stored.close();
  }
}

/** What is smaller is made before threads have begun. */
const worthThreads = 2 ** 26;

async function writeOne({ file, existing }: Target, model: WritableModel, writing: Writing): Promise<null> {
  await withMakers(model.tensorBytes < worthThreads ? 0 : usualThreads, (makers) => {
    const following = { ...writing, hash: writing.sha256(), fileHash: null };
    return replaceFile(file, existing, (handle) => writePieces(handle, model.file(null), makers, following));
  });
  return null;
}

async function writeBoth(
  { file, existing }: Target,
  model: WritableModel,
  data: DataFile,
  writing: Writing,
): Promise<string> {
  // Told now, and not after gigabytes have been written.
  if (existing !== null) await access(file, constants.W_OK);
  return withMakers(usualThreads, async (makers) => {
    const {
      file: dataFile,
      seal,
      name,
      isNew,
    } = await writeData(path.dirname(file), existing?.mode ?? null, data, makers, writing);
    const following = { ...writing, hash: writing.sha256(), fileHash: null, range: new RangeCheck(), reach() {} };
    try {
      await replaceFile(file, existing, (handle) => writePieces(handle, model.file(seal), makers, following));
    } catch (error) {
      if (isNew) removeDataFile(dataFile);
      throw error;
    }
    return name;
  });
}

interface WrittenData {
  readonly file: string;
  readonly seal: Seal;
  readonly name: string;
  /** False where a file of the same content was there already, which may belong to the old model. */
  readonly isNew: boolean;
}

/** What holds the values is as open to others as the model whose place is taken. */
async function writeData(
  folder: string,
  mode: number | null,
  data: DataFile,
  makers: StretchMakers,
  writing: Writing,
): Promise<WrittenData> {
  const [hash, fileHash] = [writing.sha256(), writing.sha1?.() ?? null];
  return fillThenRename(folder, mode, async (handle) => {
    await writePieces(handle, data.pieces, makers, { ...writing, hash, fileHash });
    const digest = hash.digest("hex");
    const name = data.location(digest);
    const file = path.join(folder, name);
    const isNew = await stat(file).then(
      () => false,
      () => true,
    );
    return { file, seal: { digest, checksum: fileHash?.digest("hex") ?? null }, name, isNew };
  });
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
