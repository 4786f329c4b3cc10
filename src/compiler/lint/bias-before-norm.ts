import type { Activation } from "../ir.ts";
import { type Linted, plainRule } from "./rule.ts";

/** A bias that reaches nothing but batchnorm, which takes the mean of each channel away. */
export const biasBeforeNorm = plainRule({
  code: "lint-bias-before-norm",
  *find(network) {
    const normalised = onlyNormalised(network);
    for (const op of network.ops) {
      const { kind } = op;
      if (kind !== "conv" && kind !== "deconv" && kind !== "linear") continue;
      if (!op.settings.bias || !normalised.has(op.output)) continue;
      yield { op, fact: { kind, parameters: kind === "linear" ? op.settings.features : op.settings.channels } };
    }
  },
});

/** The tensors that batchnorm reads, and nothing else. */
export function onlyNormalised({ ops, published }: Linted): ReadonlySet<Activation> {
  const found = new Set<Activation>();
  for (const op of ops) if (op.kind === "batchnorm") for (const input of op.inputs) found.add(input);
  for (const op of ops) if (op.kind !== "batchnorm") for (const input of op.inputs) found.delete(input);
  for (const output of published) found.delete(output);
  return found;
}
