import { closeSync, constants, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import { count } from "../../compiler/count.ts";
import type { Architecture } from "../../compiler/ir.ts";
import { emit, tensorsOf } from "../../emit/emit.ts";
import { RangeCheck } from "../../emit/range.ts";
import type { Comparison } from "../../inspect/compare.ts";
import { readModel } from "../../inspect/model.ts";
import type { Place, StoredTensor } from "../../inspect/stored-tensor.ts";
import type { Weights } from "../../weights/weights.ts";
import { openBeside } from "../external-data.ts";
import { loadSha256 } from "../hashes.ts";
import { dataFileNames } from "../model-writing/data-files.ts";
import { writeModel } from "../model-writing/write-model.ts";
import { version } from "../version.ts";
import { type WrittenPrecision, writtenPrecision } from "../written-precision.ts";

/** How a model is written. */
export interface Written extends WrittenPrecision {
  readonly seed: bigint;
  readonly opset: number;
  readonly fold: boolean;
}

/** Writes the model of a network with verification weights. */
export async function writeVerificationModel(
  file: string,
  architecture: Architecture,
  weights: Weights,
  { seed, ...written }: Written,
): Promise<void> {
  const { params, macs } = count(architecture);
  const provenance = { version, sourceHash: "", init: "verification", seed, params, macs };
  const sha256 = await loadSha256();
  const external = { when: "auto", checksum: false, location: await dataFileNames(file) } as const;
  const model = emit(architecture, weights, { ...written, batch: null, provenance, sha256, external });
  await writeModel(file, model, { sha256, sha1: null, range: new RangeCheck(), reach() {} });
}

/**
 * Writes the model in `given` once more to `file`, with other weights of the same network, folded alike; its nodes and
 * all else stay as they are. False where its own weights do not lie in it, or beside it, as plain bytes.
 */
export function writeWithWeights(
  file: string,
  given: string,
  { architecture, weights, comparison, opset }: OtherWeights,
): boolean {
  const model = readFileSync(given);
  const { initializers } = readModel(model, openBeside(path.dirname(given))).graph;
  const names = weightNames(architecture, comparison);
  const options = { opset, fold: comparison.folded.size > 0, ...writtenPrecision(comparison.precision) };
  const made = new Map(tensorsOf(architecture, weights, options).map((one) => [one.name, one]));
  for (const stored of initializers.values()) {
    const other = names.has(stored.name) ? made.get(stored.name) : undefined;
    if (stored.place) writeBeside(path.dirname(file), stored.place, other ? other.bytes() : stored.bytes());
    else if (other && !writeInside(model, stored, other.bytes())) return false;
  }
  writeFileSync(file, model);
  return true;
}

export interface OtherWeights {
  readonly architecture: Architecture;
  readonly weights: Weights;
  readonly comparison: Comparison;
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
function weightNames({ ops }: Architecture, { folded }: Comparison): ReadonlySet<string> {
  const own = ops.flatMap(({ tensors }) => tensors.map(({ name }) => name));
  const added = [...folded.values()].map(({ name }) => `${name}.bias`);
  return new Set([...own, ...added]);
}
