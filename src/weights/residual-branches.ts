import { isIdentity } from "../compiler/identity.ts";
import type { Architecture, Op } from "../compiler/ir.ts";

/** The normalisations with a weight whose output goes straight into the sum of a `residual`, or is dropped on the way. */
export function closingNormalisations({ residualBranches }: Architecture): ReadonlySet<Op> {
  const closing = new Set<Op>();
  for (const { input, output } of residualBranches) {
    let at = output;
    while (at !== input && at.maker && (isIdentity(at.maker) || at.maker.kind === "droppath")) {
      at = at.maker.inputs[0] ?? input;
    }
    if (at !== input && at.maker && hasWeight(at.maker)) closing.add(at.maker);
  }
  return closing;
}

function hasWeight(op: Op): boolean {
  return op.kind === "groupnorm" || (op.kind === "batchnorm" && op.settings.affine);
}
