import { count } from "../compiler/count.ts";
import type { Architecture } from "../compiler/ir.ts";
import { type Sha256, tensorsOf } from "../emit/emit.ts";
import { metadataOf } from "../emit/metadata.ts";
import type { Comparison, Difference } from "../inspect/compare.ts";
import type { Graph, Model } from "../inspect/model.ts";
import { initialise } from "../weights/initialise.ts";
import { bytesOf } from "../weights/weights.ts";

/** Loaded when needed: most commands hash nothing. */
export async function loadSha256(): Promise<() => Sha256> {
  const { createHash } = await import("node:crypto");
  return () => createHash("sha256");
}

const hashKey = "dnetc.tensors.sha256";

/**
 * Compares what a model of dnetc records of itself with the network and with its own values. Where these came from a
 * seed, they are made again, and the first tensor that is another is named.
 */
export async function checkRecorded(
  model: Model,
  architecture: Architecture,
  comparison: Comparison,
): Promise<readonly Difference[]> {
  const isOurs = model.producer === "dnetc" || [...model.metadata.keys()].some((key) => key.startsWith("dnetc."));
  if (!isOurs) return [];
  const recorded = model.metadata.get(hashKey);
  if (recorded === undefined) return [{ kind: "metadata", where: "the model", problem: `does not record ${hashKey}` }];
  const hash = (await loadSha256())();
  for (const tensor of model.graph.initializers.values()) hash.update(tensor.bytes());
  const values =
    hash.digest("hex") === recorded ? outOfOrder(model.graph) : changedValues(model, architecture, comparison);
  return [...values, ...otherMetadata(model, architecture)];
}

function changedValues(model: Model, architecture: Architecture, comparison: Comparison): readonly Difference[] {
  const where = firstChanged(model, architecture, comparison) ?? "the model";
  const problem = "holds other values than were written (the recorded SHA-256 of the tensors differs)";
  return [{ kind: "values", where, problem }];
}

/** The hash is that of the values one after another; whose they are is told by the order in which nodes read them. */
function outOfOrder({ nodes, initializers }: Graph): readonly Difference[] {
  const read = new Set(nodes.flatMap(({ inputs }) => inputs.filter((name) => initializers.has(name))));
  const expected = [...read];
  const where = [...initializers.keys()].find((name, i) => name !== expected[i]);
  if (where === undefined) return [];
  return [{ kind: "values", where, problem: "is stored in the place of another tensor" }];
}

function firstChanged({ graph, metadata, opset }: Model, architecture: Architecture, { folded }: Comparison) {
  const [init, seed] = [metadata.get("dnetc.init"), metadata.get("dnetc.seed") ?? ""];
  if ((init !== "he" && init !== "zeros") || !/^\d+$/.test(seed)) return null;
  const weights = initialise(architecture, { init, seed: BigInt(seed) });
  const changed = tensorsOf(architecture, weights, { opset, fold: folded.size > 0 }).find(({ name, data }) => {
    const stored = graph.initializers.get(name);
    return stored !== undefined && !isEqual(bytesOf(data()), stored.bytes());
  });
  return changed?.name ?? null;
}

function isEqual(some: Uint8Array, others: Uint8Array): boolean {
  return Buffer.from(some.buffer, some.byteOffset, some.byteLength).equals(others);
}

/** What a network determines of its metadata; how its weights came about and who wrote it may be any. */
const determined = ["dnetc.network", "dnetc.parameters", "dnetc.params", "dnetc.macs"];

function otherMetadata({ metadata, graph }: Model, architecture: Architecture): readonly Difference[] {
  const { params, macs } = count(architecture);
  const any = { version: "", sourceHash: "", init: "", seed: 0, params, macs };
  const expected = new Map([...metadataOf(architecture, any, "")].filter(([key]) => determined.includes(key)));
  const recorded = new Map([...metadata, ["the name of the graph", graph.name]]);
  return [...expected, ["the name of the graph", architecture.name] as const].flatMap(([key, value]) => {
    if (recorded.get(key) === value) return [];
    const problem = `records ${recorded.get(key) ?? "nothing"} as ${key}, and should record ${value}`;
    return [{ kind: "metadata", where: "the model", problem }];
  });
}
