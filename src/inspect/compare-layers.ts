import { concreteShape } from "../compiler/concrete.ts";
import { behindIdentities, isIdentity } from "../compiler/identity.ts";
import type { Activation, Architecture, Op } from "../compiler/ir.ts";
import type { Precision } from "./casts.ts";
import type { CompareOptions, Difference } from "./compare.ts";
import { foldedPattern, patternOf } from "./layer-patterns.ts";
import { Matcher } from "./match.ts";
import type { Matched } from "./match-layers.ts";
import type { Model } from "./model.ts";
import type { Shapes } from "./shapes.ts";

/** What is wrong with the nodes of a model, before anything is known of their shapes. */
export interface ComparedNodes {
  /** By layer. */
  readonly ofLayers: ReadonlyMap<Op, Difference>;
  /** What belongs to no layer. */
  readonly others: readonly Difference[];
}

export function compareNodes(
  { graph, opset }: Pick<Model, "graph" | "opset">,
  architecture: Architecture,
  matched: Matched,
  { flow }: Precision,
): ComparedNodes {
  const layers = new Layers(architecture, matched);
  const matcher = new Matcher(graph, flow);
  const ofLayers = new Map<Op, Difference>();
  for (const op of architecture.ops) {
    const name = matched.made.get(op);
    if (name === undefined) {
      const where = matched.folded.get(op)?.name ?? op.name;
      if (layers.needsNode(op)) ofLayers.set(op, { kind: "shape", where, problem: "has no node in the model" });
      continue;
    }
    const { maker, pattern } = layers.patternOf(op, opset);
    const reads = { path: maker.name, inputs: maker.inputs.map((input) => layers.nameOf(input)) };
    const problem = matcher.problemAt(name, pattern, reads);
    if (problem !== null) ofLayers.set(op, { kind: "node", where: maker.name, problem });
  }
  const { nodes, tensors } = matcher.unplaced;
  const strange = nodes.map(({ name, type, outputs }): Difference => {
    return { kind: "node", where: name || (outputs[0] ?? ""), problem: `(${type}) is there, and belongs to no layer` };
  });
  const unread = tensors.map((name): Difference => {
    return { kind: "tensor", where: name, problem: "is stored, and no layer reads it" };
  });
  // A layer that is wrong leaves what it should read without a place.
  return { ofLayers, others: ofLayers.size > 0 ? [] : [...strange, ...unread] };
}

/** Layer by layer what comes out and, where that is right, the nodes that make it; then what belongs to no layer. */
export function compareLayers(
  { ofLayers, others }: ComparedNodes,
  architecture: Architecture,
  { made }: Matched,
  shapes: Shapes,
  { batch, sizes }: CompareOptions,
): readonly Difference[] {
  const wrong = architecture.ops.flatMap((op): readonly Difference[] => {
    const wrongNodes = ofLayers.get(op);
    const name = made.get(op);
    if (name === undefined) return wrongNodes ? [wrongNodes] : [];
    const problem = shapeProblem([batch, ...concreteShape(op.output.shape, sizes)], shapes.get(name));
    if (problem !== null) return [{ kind: "shape", where: op.name, problem }];
    return wrongNodes ? [wrongNodes] : [];
  });
  return [...wrong, ...others];
}

class Layers {
  readonly #architecture: Architecture;
  readonly #matched: Matched;
  /** What is left of a convolution is in the normalisation that is folded into it. */
  readonly #swallowed: ReadonlySet<Op | null>;

  constructor(architecture: Architecture, matched: Matched) {
    this.#architecture = architecture;
    this.#matched = matched;
    const before = [...matched.folded.keys()].map((op) => behindIdentities(op.inputs[0] as Activation).maker);
    this.#swallowed = new Set(before);
  }

  /** A layer that does nothing at inference needs none. */
  needsNode(op: Op): boolean {
    return !isIdentity(op) && !this.#swallowed.has(op);
  }

  nameOf(activation: Activation): string {
    const { maker } = behindIdentities(activation);
    return maker ? (this.#matched.made.get(maker) ?? maker.name) : this.#architecture.input.name;
  }

  patternOf(op: Op, opset: number) {
    const convolution = this.#matched.folded.get(op);
    return convolution
      ? { maker: convolution, pattern: foldedPattern(convolution, opset) }
      : { maker: op, pattern: patternOf(op, opset) };
  }
}

function shapeProblem(expected: readonly number[], found: readonly number[] = []): string | null {
  if (String(found) === String(expected)) return null;
  return `makes [${found.join(", ")}] in the model, and should make [${expected.join(", ")}]`;
}
