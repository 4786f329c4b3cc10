import type { Architecture } from "../compiler/ir.ts";
import { compareWithArchitecture } from "../inspect/compare.ts";
import type { Model } from "../inspect/model.ts";
import { evaluate } from "../reference/evaluate.ts";
import type { Weights } from "../weights/weights.ts";
import type { RandomInput } from "./input.ts";
import { weightsOfModel } from "./model-weights.ts";
import type { Evaluated } from "./verification-weights.ts";
import type { Subject } from "./verify-model.ts";

/**
 * Reads the structure of a model against the network and prepares what it computes: with `known`, the weights it was
 * written with and what the reference makes of them; otherwise with the weights that it holds. Where the structure
 * differs, the model is not evaluated.
 */
export function prepareSubject(
  architecture: Architecture,
  model: Model,
  given: { readonly file: string; readonly input: RandomInput; readonly sizes: ReadonlyMap<string, number> },
  known: Evaluated | null,
): Subject {
  const { file, input, sizes } = given;
  const comparison = compareWithArchitecture(model, architecture, { batch: input.samples.length, sizes });
  const weights: Weights = known?.weights ?? weightsOfModel(model.graph, architecture);
  const isSame = comparison.differences.length === 0;
  const reference = known?.outputs ?? (isSame ? evaluate(architecture, weights, input.samples, { sizes }) : new Map());
  return { architecture, file, comparison, weights, input, sizes, reference };
}
