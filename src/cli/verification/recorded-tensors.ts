import { count } from "../../compiler/count.ts";
import type { Architecture } from "../../compiler/ir.ts";
import { type NamedTensor, tensorsOf } from "../../emit/emit.ts";
import { metadataOf } from "../../emit/metadata.ts";
import type { Comparison, Difference } from "../../inspect/compare.ts";
import type { Graph, Model } from "../../inspect/model.ts";
import type { StoredTensor } from "../../inspect/stored-tensor.ts";
import { kindOfName } from "../../weights/init.ts";
import { initialise } from "../../weights/initialise.ts";
import { loadSha256 } from "../hashes.ts";
import { counted } from "../render.ts";
import { writtenPrecision } from "../written-precision.ts";

const hashKey = "dnetc.tensors.sha256";

/**
 * Compares what a model of dnetc records of itself with the network and, unless its weights may be any, with its own
 * values. Where these came from a seed, they are made again, and the first tensor that is another is named. A model
 * that records nothing is of another maker, and nothing is expected of it.
 */
export async function checkRecorded(
  model: Model,
  architecture: Architecture,
  comparison: Comparison,
  anyWeights: boolean,
): Promise<readonly Difference[]> {
  const isOurs = model.producer === "dnetc" || [...model.metadata.keys()].some((key) => key.startsWith("dnetc."));
  if (!isOurs) return [];
  const others = otherMetadata(model, architecture, comparison);
  return anyWeights ? others : [...others, ...(await otherValues(model, architecture, comparison))];
}

const valueKeys = ["dnetc.init", "dnetc.seed", hashKey];

/** The hash is that of the values in the order of the network; the file may hold them in another, with their names. */
async function otherValues(
  model: Model,
  architecture: Architecture,
  { folded, precision }: Comparison,
): Promise<readonly Difference[]> {
  const { graph, metadata, opset } = model;
  const missing = valueKeys.filter((key) => !metadata.has(key));
  if (missing.length > 0) return missing.map((key) => metadataDifference(`does not record ${key}`));
  const { init, seed, kind } = recordedOrigin(metadata);
  const weights = initialise(architecture, { ...(kind ?? { init: "zeros" }), seed });
  const tensors = tensorsOf(architecture, weights, { opset, fold: folded.size > 0, ...writtenPrecision(precision) });
  const stored = [...graph.initializers.values()];
  const known = new Set(tensors.map(({ name }) => name));
  const ordered = [
    ...tensors.flatMap(({ name }) => graph.initializers.get(name) ?? []),
    ...stored.filter(({ name }) => !known.has(name)),
  ];
  const isAsRecorded = (await hashOf(ordered)) === metadata.get(hashKey);
  const changed = kind ? changedTensors(graph, tensors) : [];
  if (isAsRecorded) return changed.length > 0 ? [falseOrigin(init, seed, changed)] : [];
  const moved = stored.find(({ name }, i) => name !== ordered[i]?.name);
  if (moved && changed.length === 0 && (await hashOf(stored)) === metadata.get(hashKey)) {
    return [{ kind: "values", where: moved.name, problem: "is stored in the place of another tensor" }];
  }
  return [changedValues(changed)];
}

/** How the values came about, as the model says; only what dnetc makes of a seed has a kind, and can be made anew. */
function recordedOrigin(metadata: Model["metadata"]) {
  const [init = "", seed = ""] = [metadata.get("dnetc.init"), metadata.get("dnetc.seed")];
  const isWhole = /^\d+$/.test(seed);
  return { init, seed: isWhole ? BigInt(seed) : 0n, kind: isWhole ? kindOfName(init) : null };
}

async function hashOf(tensors: readonly StoredTensor[]): Promise<string> {
  const hash = (await loadSha256())();
  for (const tensor of tensors) hash.update(tensor.bytes());
  return hash.digest("hex");
}

/** That one has another shape is told elsewhere. */
function changedTensors({ initializers }: Graph, tensors: readonly NamedTensor[]): readonly string[] {
  const changed = tensors.filter(({ name, bytes }) => {
    const stored = initializers.get(name)?.bytes();
    const made = bytes();
    return stored !== undefined && stored.length === made.length && !isEqual(made, stored);
  });
  return changed.map(({ name }) => name);
}

function changedValues([first = "the model", ...others]: readonly string[]): Difference {
  const hold = others.length === 0 ? "holds" : `and ${counted(others.length, "other")} hold`;
  const problem = `${hold} other values than were written (the recorded SHA-256 of the tensors differs)`;
  return { kind: "values", where: first, problem };
}

function falseOrigin(init: string, seed: bigint, [first = "", ...others]: readonly string[]): Difference {
  const more = others.length === 0 ? "" : ` and ${counted(others.length, "other")}`;
  const origin = `${init} as dnetc.init and ${seed} as dnetc.seed`;
  return metadataDifference(`records ${origin}, which make other values of ${first}${more}`);
}

function metadataDifference(problem: string): Difference {
  return { kind: "metadata", where: "the model", problem };
}

function isEqual(some: Uint8Array, others: Uint8Array): boolean {
  return Buffer.from(some.buffer, some.byteOffset, some.byteLength).equals(others);
}

/** What a network determines of its metadata; how its weights came about and who wrote it may be any. */
const determined = ["dnetc.network", "dnetc.parameters", "dnetc.params", "dnetc.macs", "dnetc.dtype"];

function otherMetadata(
  { metadata, graph }: Model,
  architecture: Architecture,
  { precision }: Comparison,
): readonly Difference[] {
  const { params, macs } = count(architecture);
  const provenance = { version: "", sourceHash: "", init: "", seed: 0, params, macs };
  const written = new Map(metadataOf(architecture, { provenance, ...writtenPrecision(precision) }, ""));
  const recorded = new Map([...metadata, ["the name of the graph", graph.name]]);
  const expected = determined.map((key) => [key, written.get(key)] as const);
  return [...expected, ["the name of the graph", architecture.name] as const].flatMap(([key, value]) => {
    if (recorded.get(key) === value) return [];
    const problem = `records ${recorded.get(key) ?? "nothing"} as ${key}, and should record ${value ?? "nothing"}`;
    return [metadataDifference(problem)];
  });
}
