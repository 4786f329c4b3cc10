import { WeightsFault } from "../fault.ts";
import type { Catalogue, ReadableFile } from "./catalogue.ts";
import { readHeader } from "./header.ts";
import { isIndex, joinShards, longestIndex, readIndex } from "./shards.ts";

/**
 * The tensors of a safetensors file, or of those that an index names, which `open` finds; null where there is no such
 * file. Of the values nothing is read. Throws a WeightsFault.
 *
 * @param readOne may say more of a file that is something else.
 */
export function readCatalogue(
  file: ReadableFile,
  open: (shard: string) => ReadableFile | null = () => null,
  readOne: (file: ReadableFile) => Catalogue = readHeader,
): Catalogue {
  if (!isIndex(file.read(0, Math.min(file.size, beginning)))) return readOne(file);
  if (file.size > longestIndex) {
    throw new WeightsFault("weights-index", `it has ${file.size} bytes; at most ${longestIndex} are read`);
  }
  return joinShards(readIndex(file.read(0, file.size)), (shard) => {
    const opened = open(shard);
    if (!opened) throw new WeightsFault("weights-shard", `it names ${shard}: there is no such file`);
    try {
      return readOne(opened);
    } catch (error) {
      if (!(error instanceof WeightsFault)) throw error;
      throw new WeightsFault(error.code, `${shard}: ${error.message}`, error.help);
    }
  });
}

/** As much of a file as tells an index from a header. */
const beginning = 16;
