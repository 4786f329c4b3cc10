import { WeightsFault } from "../fault.ts";
import type { Catalogue, SavedTensor } from "./catalogue.ts";
import { strictJson } from "./strict-json.ts";

/** Which file of several holds each tensor, as `model.safetensors.index.json` says it. */
export type WeightMap = ReadonlyMap<string, string>;

/**
 * Whether a file begins as an index does, and not with the length of a header, which `{` could begin, too. One that is
 * called an index is taken for one where it is too short to be something else, or begins as JSON.
 */
export function isIndex(beginning: Uint8Array, name: string): boolean {
  if (beginning[8] === 0x7b) return false;
  if (beginning[0] === 0x7b) return true;
  return name.endsWith(".index.json") && (beginning.length < 10 || /^\s*[[{]/.test(decoder.decode(beginning)));
}

const decoder = new TextDecoder();

/** Longer indexes are not read. */
export const longestIndex = 25_000_000;
/** The metadata may be anything. */
const deepest = 32;

/** Throws a WeightsFault. */
export function readIndex(bytes: Uint8Array): WeightMap {
  const json = strictJson(bytes, deepest);
  if (json === null) throw new WeightsFault("weights-index", "it is no JSON in UTF-8");
  const { value, duplicate } = json;
  if (duplicate !== null) throw new WeightsFault("weights-index", `it has the key ${JSON.stringify(duplicate)} twice`);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new WeightsFault("weights-index", "it is no JSON object with a weight_map");
  }
  const index = value as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(index).find((key) => key !== "metadata" && key !== "weight_map");
  if (unknown !== undefined) {
    throw new WeightsFault("weights-index", `it has a key ${JSON.stringify(unknown)} beside metadata and weight_map`);
  }
  const { weight_map: map } = index;
  if (typeof map !== "object" || map === null || Array.isArray(map)) {
    throw new WeightsFault("weights-index", "it has no weight_map, which says in which file each tensor is");
  }
  const shards = Object.entries(map);
  const wrong = shards.find(([, shard]) => typeof shard !== "string" || shard === "" || shard.includes("\0"));
  if (wrong) throw new WeightsFault("weights-index", `the file of ${wrong[0]} is ${JSON.stringify(wrong[1])}`);
  return new Map(shards as [string, string][]);
}

/**
 * The tensors of all files of an index. Each has to be in the file that the index names, and in no other; a file with
 * more than that belongs to another index. Throws a WeightsFault.
 */
export function joinShards(map: WeightMap, read: (shard: string) => Catalogue): Catalogue {
  const joined = new Map<string, SavedTensor>();
  for (const [shard, named] of namesByShard(map)) {
    const held = read(shard);
    refuseDifference(
      shard,
      "the index names",
      "it does not have",
      named.filter((name) => !held.has(name)),
    );
    refuseDifference(
      shard,
      "it has",
      "the index does not name there",
      [...held.keys()].filter((name) => map.get(name) !== shard),
    );
    for (const [name, tensor] of held) joined.set(name, tensor);
  }
  return joined;
}

function namesByShard(map: WeightMap): ReadonlyMap<string, readonly string[]> {
  const shards = new Map<string, string[]>();
  for (const [name, shard] of map) {
    const names = shards.get(shard);
    if (names) names.push(name);
    else shards.set(shard, [name]);
  }
  return shards;
}

function refuseDifference(shard: string, has: string, lacks: string, names: readonly string[]): void {
  if (names.length === 0) return;
  const [first = "", ...others] = names;
  const more = others.length === 0 ? "" : ` and ${others.length.toLocaleString("en-US")} more`;
  throw new WeightsFault("weights-shard", `${shard}: ${has} ${first}${more}, which ${lacks}`);
}
