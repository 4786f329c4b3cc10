import { closeSync, constants, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import { count } from "../compiler/count.ts";
import type { Architecture } from "../compiler/ir.ts";
import { emit, tensorsOf } from "../emit/emit.ts";
import type { Matched } from "../inspect/match-layers.ts";
import { readModel } from "../inspect/model.ts";
import type { Place, StoredTensor } from "../inspect/stored-tensor.ts";
import { bytesOf, type Weights } from "../weights/weights.ts";
import { openBeside } from "./external-data.ts";
import { dataFileNames } from "./model-writing/data-files.ts";
import { writeModel } from "./model-writing/write-model.ts";
import { loadSha256 } from "./recorded-tensors.ts";
import { version } from "./version.ts";

/** How a model is written. */
export interface Written {
  readonly seed: bigint;
  readonly opset: number;
  readonly fold: boolean;
}

/** Writes the model of a network with verification weights. */
export async function writeVerificationModel(
  file: string,
  architecture: Architecture,
  weights: Weights,
  { seed, opset, fold }: Written,
): Promise<void> {
  const { params, macs } = count(architecture);
  const provenance = { version, sourceHash: "", init: "verification", seed, params, macs };
  const sha256 = await loadSha256();
  const external = { when: "auto", location: await dataFileNames(file) } as const;
  const model = emit(architecture, weights, { opset, batch: null, fold, provenance, sha256, external });
  await writeModel(file, model, { sha256, sha1: null, found() {}, reach() {} });
}

/**
 * Writes the model in `given` once more to `file`, with other weights of the same network, folded alike; its nodes and
 * all else stay as they are. False where its own weights do not lie in it, or beside it, as plain bytes.
 */
export function writeWithWeights(
  file: string,
  given: string,
  { architecture, weights, matched, opset }: OtherWeights,
): boolean {
  const model = readFileSync(given);
  const { initializers } = readModel(model, openBeside(path.dirname(given))).graph;
  const names = weightNames(architecture, matched);
  const made = new Map(
    tensorsOf(architecture, weights, { opset, fold: matched.folded.size > 0 }).map((one) => [one.name, one]),
  );
  for (const stored of initializers.values()) {
    const other = names.has(stored.name) ? made.get(stored.name) : undefined;
    if (stored.place) writeBeside(path.dirname(file), stored.place, other ? bytesOf(other.data()) : stored.bytes());
    else if (other && !writeInside(model, stored, bytesOf(other.data()))) return false;
  }
  writeFileSync(file, model);
  return true;
}

export interface OtherWeights {
  readonly architecture: Architecture;
  readonly weights: Weights;
  readonly matched: Matched;
  readonly opset: number;
}

function writeInside(model: Buffer, stored: StoredTensor, values: Uint8Array): boolean {
  const place = stored.bytes();
  if (place.buffer !== model.buffer || place.length !== values.length) return false;
  place.set(values);
  return true;
}

function writeBeside(folder: string, { location, offset }: Place, values: Uint8Array): void {
  const file = path.join(folder, location);
  mkdirSync(path.dirname(file), { recursive: true });
  // Made where it is not there, and left as it is where another tensor has been written.
  const open = openSync(file, constants.O_WRONLY | constants.O_CREAT);
  try {
    for (let at = 0; at < values.length; ) at += writeSync(open, values, at, values.length - at, offset + at);
  } finally {
    closeSync(open);
  }
}

/** A convolution that a normalisation is folded into has a bias, also where the network gives it none. */
function weightNames({ ops }: Architecture, { folded }: Matched): ReadonlySet<string> {
  const own = ops.flatMap(({ tensors }) => tensors.map(({ name }) => name));
  const added = [...folded.values()].map(({ name }) => `${name}.bias`);
  return new Set([...own, ...added]);
}
