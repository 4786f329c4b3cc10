import type { Architecture } from "../compiler/ir.ts";
import type { Sha256 } from "../emit/emit.ts";
import type { Difference } from "../inspect/compare.ts";
import type { Model } from "../inspect/model.ts";
import { initialise } from "../weights/initialise.ts";
import { bytesOf } from "../weights/weights.ts";

/** Loaded when needed: most commands hash nothing. */
export async function loadSha256(): Promise<() => Sha256> {
  const { createHash } = await import("node:crypto");
  return () => createHash("sha256");
}

/**
 * Compares the values of a model's tensors with the hash that was recorded when it was written. Where the values came
 * from a seed, they are made again, and the first tensor that is another is named.
 */
export async function checkRecordedTensors(model: Model, architecture: Architecture): Promise<readonly Difference[]> {
  const recorded = model.metadata.get("dnetc.tensors.sha256");
  if (recorded === undefined) return [];
  const hash = (await loadSha256())();
  for (const tensor of model.graph.initializers.values()) hash.update(tensor.bytes());
  if (hash.digest("hex") === recorded) return [];
  const where = firstChanged(model, architecture) ?? "the model";
  return [
    {
      kind: "values",
      where,
      problem: "holds other values than were written (the recorded SHA-256 of the tensors differs)",
    },
  ];
}

function firstChanged({ graph, metadata }: Model, architecture: Architecture): string | null {
  const [init, seed] = [metadata.get("dnetc.init"), metadata.get("dnetc.seed") ?? ""];
  if ((init !== "he" && init !== "zeros") || !/^\d+$/.test(seed)) return null;
  const weights = initialise(architecture, { init, seed: BigInt(seed) });
  const changed = architecture.ops
    .flatMap((op) => op.tensors)
    .find((tensor) => {
      const stored = graph.initializers.get(tensor.name);
      return stored !== undefined && !Buffer.from(bytesOf(weights.data(tensor))).equals(stored.bytes());
    });
  return changed?.name ?? null;
}
