import type { Activation, Op } from "../ir.ts";
import { roles } from "./role.ts";
import { plainRule } from "./rule.ts";

/** A convolution without bias, from which every way leads to an activation or an output without a shift. */
export const bareConv = plainRule({
  code: "lint-bare-conv",
  *find({ ops }) {
    const shifted = shiftedLater(ops);
    for (const op of ops) {
      if ((op.kind === "conv" || op.kind === "deconv") && !op.settings.bias && !shifted.has(op.output)) {
        yield { op, fact: { kind: op.kind } };
      }
    }
  },
});

/** The tensors from which some way leads to a bias or a normalisation before it leads to an activation. */
function shiftedLater(ops: readonly Op[]): ReadonlySet<Activation> {
  const shifted = new Set<Activation>();
  for (const op of ops.toReversed()) {
    const passes = roles[op.kind] !== "activation" && shifted.has(op.output);
    if (shifts(op) || passes) for (const input of op.inputs) shifted.add(input);
  }
  return shifted;
}

function shifts(op: Op): boolean {
  if (op.kind === "conv" || op.kind === "deconv" || op.kind === "linear") return op.settings.bias;
  if (op.kind === "scale") return op.settings.shift !== 0;
  return roles[op.kind] === "norm";
}
