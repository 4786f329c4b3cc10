import { realpathSync, statSync } from "node:fs";
import path from "node:path";
import { seemingKind } from "../../inspect/seeming-kind.ts";
import { WeightsFault } from "../../weights/fault.ts";
import type { ReadStretch } from "../../weights/make.ts";
import type { Catalogue, ReadableFile } from "../../weights/safetensors/catalogue.ts";
import { readHeader } from "../../weights/safetensors/header.ts";
import { readCatalogue } from "../../weights/safetensors/read.ts";
import { exitCodes, Failure, inputOutputFailure } from "../failure.ts";
import { lookUpInside } from "../inside.ts";
import { endFailure } from "../model-writing/end-failure.ts";

export interface OpenedWeights {
  readonly catalogue: Catalogue;
  /** All files that were read. */
  readonly files: readonly string[];
}

/**
 * The tensors of a safetensors file, or of those that an index names. The file itself may be a link; what an index
 * names has to lie in its folder, and is told before it is read. Throws a Failure.
 */
export function openWeights(
  named: string,
  read: ReadStretch,
  onShard: (file: string) => void = () => {},
): OpenedWeights {
  const folder = path.dirname(named);
  const files = [named];
  const open = (shard: string) => {
    const file = path.join(folder, shard);
    onShard(file);
    files.push(file);
    return openShard(folder, shard, read);
  };
  try {
    return { catalogue: readCatalogue(readable(named, read), open, readOne), files };
  } catch (error) {
    throw weightsFailure(error, named);
  }
}

/** What may be thrown for a file of weights, as a Failure. */
export function weightsFailure(error: unknown, file: string): unknown {
  if (!(error instanceof WeightsFault)) return endFailure(inputOutputFailure(`read ${file}`, error));
  return new Failure(exitCodes.diagnostics, `${file}: ${error.message}`, error.help, error.code, file);
}

function readable(named: string, read: ReadStretch): ReadableFile {
  if (named === "-") throw notStream("standard input");
  // A pipe is there, and has no path of its own.
  const stats = statSync(named);
  if (stats.isDirectory()) {
    const help = "name the .safetensors file in it, or where there are several, their .index.json";
    throw new Failure(exitCodes.inputOutput, `cannot read ${named}: it is a folder, not a file`, help, null, named);
  }
  if (!stats.isFile()) throw notStream(named);
  const file = realpathSync(named);
  return { file, size: stats.size, read: (offset, length) => read(file, offset, length) };
}

function notStream(named: string): Failure {
  const message = `cannot read weights from ${named}: it is no ordinary file`;
  const help = "put them into a file: they are read twice, and not from the beginning to the end";
  return new Failure(exitCodes.inputOutput, message, help, null, named);
}

/** As much of a file as says what it is. */
const sniffed = 4096;

function readOne(file: ReadableFile): Catalogue {
  try {
    return readHeader(file);
  } catch (error) {
    if (!(error instanceof WeightsFault) || error.code !== "weights-not-safetensors") throw error;
    const kind = seemingKind(file.read(0, Math.min(file.size, sniffed)));
    const message = kind === null ? error.message : `it is no safetensors file: it seems to be ${kind}`;
    const isModel = file.file.endsWith(".onnx");
    throw new WeightsFault(
      error.code,
      message,
      isModel ? "`dnetc weights` writes those of a model as such a file" : "",
    );
  }
}

function openShard(folder: string, shard: string, read: ReadStretch): ReadableFile {
  const named = lookUpInside(folder, shard);
  switch (named.kind) {
    case "file": {
      const { real, stats } = named;
      return { file: real, size: stats.size, read: (offset, length) => read(real, offset, length) };
    }
    case "outside":
      throw new WeightsFault(
        "weights-shard-outside",
        `it names ${shard}, ${named.isLink ? "a link that leads" : "which is"} outside its folder`,
        named.isLink ? "put the files themselves beside it" : "",
      );
    case "hard-link":
      throw new WeightsFault(
        "weights-shard-outside",
        `it names ${shard}, a file that has another name, too (a hard link)`,
      );
    case "not-file":
      throw new WeightsFault("weights-shard", `it names ${shard}, which is no ordinary file`);
    case "missing":
      throw new WeightsFault("weights-shard", `it names ${shard}: ${named.reason}`);
  }
}
