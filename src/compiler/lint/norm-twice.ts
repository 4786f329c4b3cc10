import { onlyNormalised } from "./bias-before-norm.ts";
import { plainRule } from "./rule.ts";

/** Two batchnorms in a row are one: each channel is scaled and shifted twice. */
export const normTwice = plainRule({
  code: "lint-norm-twice",
  *find(network) {
    const normalised = onlyNormalised(network);
    for (const op of network.ops) {
      const [input] = op.inputs;
      if (op.kind !== "batchnorm" || input?.maker?.kind !== "batchnorm" || !normalised.has(input)) continue;
      yield { op, fact: {} };
    }
  },
});
