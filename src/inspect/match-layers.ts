import { behindIdentities, isIdentity } from "../compiler/identity.ts";
import type { Activation, Architecture, Op } from "../compiler/ir.ts";
import type { Uncast } from "./casts.ts";
import type { Graph } from "./model.ts";

export interface Matched {
  /** What each layer makes, by its name in the model; a layer is absent where the model has no such tensor. */
  readonly made: ReadonlyMap<Op, string>;
  /** Batch normalisations that are folded into the convolution before them: each, and that convolution. */
  readonly folded: ReadonlyMap<Op, Op>;
}

/**
 * The tensor of each layer is called like the output that publishes it, or like the layer. Where a normalisation is
 * folded into the convolution before it, what the convolution makes is what the normalisation should make.
 */
export function matchLayers({ graph, behind }: Uncast, architecture: Architecture): Matched {
  const published = publishedNames(architecture, behind);
  const nodes = new Set(graph.nodes.flatMap((node) => node.outputs));
  const names = new Set([
    ...[...architecture.outputs, ...graph.inputs].map(({ name }) => name),
    ...graph.initializers.keys(),
  ]);
  // A layer that bears the name of an output without being it, or of what no node makes: what it makes has another
  // name, its node has not.
  const ofNode = new Map(graph.nodes.map((node) => [node.name, node.outputs[0] ?? ""]));
  const ownName = ({ name }: Op) => (names.has(name) ? ofNode.get(name) : name);
  const made = new Map<Op, string>();
  const folded = new Map<Op, Op>();
  for (const op of architecture.ops.filter((one) => !isIdentity(one))) {
    const name = [published.get(op.output), ownName(op)].find((one) => one !== undefined && nodes.has(one));
    const before = behindIdentities(op.inputs[0] as Activation).maker;
    const convolution = before && (folded.get(before) ?? before);
    if (before && convolution && isFolded(op, convolution, graph)) {
      folded.set(op, convolution);
      const both = published.get(op.output) ?? made.get(before);
      made.delete(before);
      if (both !== undefined) made.set(op, both);
    } else if (name !== undefined) made.set(op, name);
  }
  return { made, folded };
}

/** Its statistics are gone, and the convolution has a bias. */
function isFolded(op: Op, convolution: Op, graph: Graph): boolean {
  if (op.kind !== "batchnorm" || (convolution.kind !== "conv" && convolution.kind !== "deconv")) return false;
  return !graph.initializers.has(`${op.name}.running_mean`) && graph.initializers.has(`${convolution.name}.bias`);
}

/** An output that a cast makes is not what the layer makes, but what the cast reads is. */
function publishedNames({ outputs }: Architecture, behind: Uncast["behind"]): ReadonlyMap<Activation, string> {
  return new Map(outputs.map(({ name, activation }) => [behindIdentities(activation), behind.get(name) ?? name]));
}
