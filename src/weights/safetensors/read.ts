import { WeightsFault } from "../fault.ts";
import type { Catalogue, ReadableFile } from "./catalogue.ts";
import { readHeader } from "./header.ts";
import { isIndex, joinShards, longestIndex, readIndex, type WeightMap } from "./shards.ts";

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
  if (!isIndex(file.read(0, Math.min(file.size, beginning)), file.file)) return readOne(file);
  if (file.size > longestIndex) {
    const [size, most] = [file.size, longestIndex].map((bytes) => bytes.toLocaleString("en-US"));
    throw new WeightsFault("weights-index", `it has ${size} bytes; at most ${most} are read`);
  }
  const map = readIndex(file.read(0, file.size));
  const shards = openAll(map, open);
  return joinShards(map, (shard) => {
    try {
      return readOne(shards.get(shard) as ReadableFile);
    } catch (error) {
      if (!(error instanceof WeightsFault)) throw error;
      throw new WeightsFault(error.code, `${shard}: ${error.message}`, error.help);
    }
  });
}

/** All of them, before one is read: that a file is missing explains why others do not hold what they should. */
function openAll(map: WeightMap, open: (shard: string) => ReadableFile | null): ReadonlyMap<string, ReadableFile> {
  const opened = new Map<string, ReadableFile>();
  for (const shard of new Set(map.values())) {
    const file = open(shard);
    if (!file) throw new WeightsFault("weights-shard", `it names ${shard}: there is no such file`);
    opened.set(shard, file);
  }
  return opened;
}

/** As much of a file as tells an index from a header. */
const beginning = 16;
