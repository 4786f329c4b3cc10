import type { Activation, Architecture } from "../compiler/ir.ts";
import type { Precision } from "../inspect/casts.ts";
import { evaluateSteps, type Outputs, type Step } from "../reference/evaluate.ts";
import type { Sample } from "../reference/sample.ts";
import type { Weights } from "../weights/weights.ts";
import type { RandomInput } from "./input.ts";

/** Why the weights that a model holds cannot show what it computes. */
export type Unfit =
  /** In the reference itself, the first layer with a value beyond the range of what flows, or with one that is no number. */
  | { readonly kind: "overflow" | "not-a-number"; readonly layer: string }
  /**
   * Every output is one number everywhere, as of many networks; or the layer, the first of such, makes one number of
   * inputs that are not, and so hides all that only it reads.
   */
  | { readonly kind: "constant"; readonly layer: string | null };

export type OwnOutcome =
  | { readonly kind: "evaluated"; readonly outputs: Outputs }
  | { readonly kind: "unfit"; readonly unfit: Unfit };

/** What the reference makes of a network with given weights, op by op, as far as the type of what flows can follow it. */
export function* ownSteps(
  architecture: Architecture,
  weights: Weights,
  { samples }: RandomInput,
  sizes: ReadonlyMap<string, number>,
  flow: Precision["flow"],
): Generator<Step, OwnOutcome, void> {
  const steps = evaluateSteps(architecture, weights, samples, { sizes });
  const constant = new Set<Activation>();
  let hiding: string | null = null;
  for (;;) {
    const next = steps.next();
    if (next.done) return outcomeOf(next.value, hiding);
    const { op, outputs } = next.value;
    const kind = beyond(outputs, greatest[flow]);
    if (kind !== null) return { kind: "unfit", unfit: { kind, layer: op.name } };
    if (isOneNumber(outputs)) {
      constant.add(op.output);
      // What does so without weights does it with any.
      if (op.tensors.length > 0 && !op.inputs.every((input) => constant.has(input))) hiding ??= op.name;
    }
    yield next.value;
  }
}

function outcomeOf(outputs: Outputs, hiding: string | null): OwnOutcome {
  const isNothing = [...outputs.values()].every(isOneNumber);
  if (!isNothing && hiding === null) return { kind: "evaluated", outputs };
  return { kind: "unfit", unfit: { kind: "constant", layer: isNothing ? null : hiding } };
}

/** A single value is one only where it is 0. */
function isOneNumber(samples: readonly Sample[]): boolean {
  const [first] = samples;
  const value = samples.length === 1 && first?.data.length === 1 ? 0 : first?.data[0];
  return samples.every(({ data }) => data.every((one) => one === value));
}

/** What cannot be held where `greatest` is the greatest number; null where every value can. */
function beyond(samples: readonly Sample[], greatest: number): "overflow" | "not-a-number" | null {
  for (const { data } of samples) {
    for (let i = 0; i < data.length; i++) {
      const value = data[i] as number;
      if (Math.abs(value) <= greatest) continue;
      return Number.isNaN(value) ? "not-a-number" : "overflow";
    }
  }
  return null;
}

const greatest: Readonly<Record<Precision["flow"], number>> = {
  float32: (2 - 2 ** -23) * 2 ** 127,
  float16: (2 - 2 ** -10) * 2 ** 15,
};
