import { readFileSync } from "node:fs";
import path from "node:path";
import { count } from "../compiler/count.ts";
import type { Architecture } from "../compiler/ir.ts";
import { emit, largestModel } from "../emit/emit.ts";
import type { Matched } from "../inspect/match-layers.ts";
import { readModel } from "../inspect/model.ts";
import { elementsOf, type Weights } from "../weights/weights.ts";
import { openBeside } from "./external-data.ts";
import { exitCodes, Failure } from "./failure.ts";
import { loadSha256 } from "./recorded-tensors.ts";
import { version } from "./version.ts";

/** How a model is written. */
export interface Written {
  readonly seed: bigint;
  readonly opset: number;
  readonly fold: boolean;
}

/** The chunks of a model of a network with verification weights. */
export async function verificationModel(
  architecture: Architecture,
  weights: Weights,
  { seed, opset, fold }: Written,
): Promise<Iterable<Uint8Array>> {
  const { params, macs } = count(architecture);
  const provenance = { version, sourceHash: "", init: "verification", seed, params, macs };
  const options = { opset, batch: null, fold, provenance, sha256: await loadSha256(), external: null };
  return emit(architecture, weights, options).chunks;
}

/** Refuses, before anything is evaluated, a network whose weights leave one ONNX file no room for its structure. */
export function refuseBeyondOneFile({ name, tensors }: Architecture): void {
  const bytes = tensors.reduce((sum, { shape, dtype }) => sum + elementsOf(shape) * (dtype === "int64" ? 8 : 4), 0);
  if (bytes < largestModel - roomForStructure) return;
  throw new Failure(
    exitCodes.limit,
    `the model of ${name} would have ${bytes} bytes, and an ONNX file ends at ${largestModel}`,
  );
}

const roomForStructure = 2 ** 26;

/**
 * The bytes of the model in `file` with the weights of another, of the same network and folded alike; its nodes and
 * all else stay as they are. Null where its own weights do not lie in the file as plain bytes.
 */
export function withWeightsOf(
  file: string,
  other: Iterable<Uint8Array>,
  matched: Matched,
  architecture: Architecture,
): Uint8Array | null {
  const copy = readFileSync(file);
  const places = readModel(copy, openBeside(path.dirname(file))).graph.initializers;
  const sources = readModel(Buffer.concat([...other])).graph.initializers;
  for (const name of weightNames(architecture, matched)) {
    const [place, source] = [places.get(name)?.bytes(), sources.get(name)?.bytes()];
    if (!place || !source) continue;
    if (place.buffer !== copy.buffer || place.length !== source.length) return null;
    place.set(source);
  }
  return copy;
}

/** A convolution that a normalisation is folded into has a bias, also where the network gives it none. */
function weightNames({ ops }: Architecture, { folded }: Matched): ReadonlySet<string> {
  const own = ops.flatMap(({ tensors }) => tensors.map(({ name }) => name));
  const added = [...folded.values()].map(({ name }) => `${name}.bias`);
  return new Set([...own, ...added]);
}
