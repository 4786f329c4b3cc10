import { realpathSync, statSync } from "node:fs";
import path from "node:path";
import { seemingKind } from "../../inspect/seeming-kind.ts";
import { WeightsFault } from "../../weights/fault.ts";
import type { ReadStretch } from "../../weights/make.ts";
import type { Catalogue, ReadableFile } from "../../weights/safetensors/catalogue.ts";
import { readHeader } from "../../weights/safetensors/header.ts";
import { isIndex, joinShards, longestIndex, readIndex } from "../../weights/safetensors/shards.ts";
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
  try {
    const file = readable(named, read);
    const beginning = file.read(0, Math.min(file.size, sniffed));
    if (!isIndex(beginning)) return { catalogue: readOne(file), files: [named] };
    if (file.size > longestIndex)
      throw new WeightsFault("weights-index", `it has ${file.size} bytes; at most ${longestIndex} are read`);
    const map = readIndex(file.read(0, file.size));
    const folder = path.dirname(named);
    const catalogue = joinShards(map, (shard) => {
      onShard(path.join(folder, shard));
      return readShard(folder, shard, read);
    });
    return { catalogue, files: [named, ...[...new Set(map.values())].map((shard) => path.join(folder, shard))] };
  } catch (error) {
    throw weightsFailure(error, named);
  }
}

/** What may be thrown for a file of weights, as a Failure. */
export function weightsFailure(error: unknown, file: string): unknown {
  if (!(error instanceof WeightsFault)) return endFailure(inputOutputFailure(`read ${file}`, error));
  return new Failure(exitCodes.diagnostics, `${file}: ${error.message}`, error.help, error.code);
}

function readable(named: string, read: ReadStretch): ReadableFile {
  const file = realpathSync(named);
  const stats = statSync(file);
  if (stats.isDirectory()) {
    const help = "name the .safetensors file in it, or where there are several, their .index.json";
    throw new Failure(exitCodes.inputOutput, `cannot read ${named}: it is a folder, not a file`, help);
  }
  if (!stats.isFile()) throw new Failure(exitCodes.inputOutput, `cannot read ${named}: it is no ordinary file`);
  return { file, size: stats.size, read: (offset, length) => read(file, offset, length) };
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

function readShard(folder: string, shard: string, read: ReadStretch): Catalogue {
  const named = lookUpInside(folder, shard);
  switch (named.kind) {
    case "file":
      try {
        const { real, stats } = named;
        return readOne({ file: real, size: stats.size, read: (offset, length) => read(real, offset, length) });
      } catch (error) {
        if (!(error instanceof WeightsFault)) throw error;
        throw new WeightsFault(error.code, `${shard}: ${error.message}`, error.help);
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
