import type { Architecture } from "../../src/compiler/ir.ts";
import { evaluateSteps, type Outputs, type Step } from "../../src/reference/evaluate.ts";
import type { Sample } from "../../src/reference/sample.ts";
import { compareTensors } from "../../src/verification/differences.ts";
import { fillNormal } from "../../src/weights/normal.ts";
import type { Weights } from "../../src/weights/weights.ts";

/**
 * How far each output moves, relative to its greatest value, when every value that a layer makes is moved by as much as
 * a float32 is rounded. Of most networks that is nothing beside the tolerance; where a normalisation divides by a
 * deviation that is small beside the values, or a difference of great numbers is left, it shows how much of the result
 * can be known at all.
 */
export function roundingErrors(
  architecture: Architecture,
  weights: Weights,
  samples: readonly Sample[],
  sizes: ReadonlyMap<string, number>,
  expected: Outputs,
): ReadonlyMap<string, number> {
  const steps = evaluateSteps(architecture, weights, samples, { sizes });
  let step = steps.next();
  for (; !step.done; step = steps.next()) move(step.value);
  return new Map([...step.value].map(([name, moved]) => [name, errorOf(moved, expected.get(name) ?? [])]));
}

function move({ op, outputs }: Step): void {
  // ONNX Runtime reckons a sigmoid as precisely as its range is wide, not as it is near to 0.
  const least = op.kind === "sigmoid" ? 1 : 0;
  for (const [n, { data }] of outputs.entries()) {
    const noise = new Float32Array(data.length);
    fillNormal(noise, BigInt(n), op.name, 2 ** -24);
    for (const [i, by] of noise.entries()) {
      const value = data[i] as number;
      data[i] = value + by * Math.max(Math.abs(value), least);
    }
  }
}

/** Relative to the greatest value that is expected. */
export function errorOf(found: readonly Sample[], expected: readonly Sample[]): number {
  const values = Float32Array.from(found.flatMap(({ data }) => [...data]));
  return compareTensors(values, expected).maxRelError;
}
