import type { Activation, Architecture, Op } from "../compiler/ir.ts";

/**
 * How far a correct float32 model may be from the float64 reference, relative to the greatest value of a tensor.
 *
 * A sum of K products has a rounding error of about √K·u, u = 2^−24 (Higham and Mary, "A New Approach to Probabilistic
 * Rounding Error Analysis", 2019); the errors of the layers on a path add up like independent ones. So the error of an
 * output is about u·√ΣK over the layers that reach it on its longest path; `margin` times that is allowed, and never
 * less than `floor`.
 */
export function tolerances(architecture: Architecture): ReadonlyMap<Activation, number> {
  const lengths = new Map<Activation, number>([[architecture.input.activation, 0]]);
  for (const op of architecture.ops) {
    const longest = Math.max(...op.inputs.map((input) => lengths.get(input) ?? 0));
    lengths.set(op.output, longest + reductionOf(op));
  }
  return new Map(
    [...lengths].map(([activation, total]) => [activation, Math.max(floor, margin * u * Math.sqrt(total))]),
  );
}

const u = 2 ** -24;
const margin = 8;
/** Of a tensor of few values the greatest may be what is left of a difference. */
const floor = 1e-4;

/** How many numbers are summed up for one value of the output; 1 where each is made by itself. */
export function reductionOf(op: Op): number {
  switch (op.kind) {
    case "conv":
      return (op.settings.inChannels / op.settings.groups) * op.settings.kernel[0] * op.settings.kernel[1];
    case "deconv":
      return (op.settings.inChannels / op.settings.groups) * op.settings.kernel[0] * op.settings.kernel[1];
    case "linear":
      return op.settings.inFeatures;
    case "scatter":
      return op.settings.inChannels;
    default:
      return 1;
  }
}
