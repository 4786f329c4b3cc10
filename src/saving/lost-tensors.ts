import { ModelFault } from "../inspect/fault.ts";
import type { Graph } from "../inspect/model.ts";

/** What of a node's inputs is a tensor of its layer. */
const roles = ["weight", "bias", "running_mean", "running_var"] as const;

/** Which operators have such tensors, and how many; they follow what is computed with. */
const tensorsOf: ReadonlyMap<string, number> = new Map([
  ["Conv", 2],
  ["ConvTranspose", 2],
  ["Gemm", 2],
  ["GroupNormalization", 2],
  ["BatchNormalization", 4],
]);

/** The ones and zeros of a normalisation that has learnt no others. */
const fillings = /\.(?:ones|zeros)(?:_\d+)?$/;

/**
 * Throws a ModelFault where a layer reads a stored tensor that has no name of a weight: another program has named it,
 * and by that name nobody would find it.
 */
export function refuseLost({ nodes, initializers }: Graph, isWeight: (name: string) => boolean): void {
  const lost = nodes.flatMap((node) => {
    const stored = node.inputs.slice(1, 1 + (tensorsOf.get(node.type) ?? 0));
    return stored.flatMap((name, i) => {
      const isLost = initializers.has(name) && !isWeight(name) && !fillings.test(name);
      return isLost ? [{ name, role: roles[i], layer: node.name || node.outputs[0] }] : [];
    });
  });
  const [first] = lost;
  if (!first) return;
  const others = new Set(lost.map(({ name }) => name)).size - 1;
  const more = others === 0 ? "" : `, and ${others.toLocaleString("en-US")} more`;
  const whose = `the ${first.role} of ${first.layer} is called ${first.name}`;
  throw new ModelFault(
    "model-foreign",
    `${whose}, a name that dnetc does not give: another program has renamed it${more}`,
  );
}
