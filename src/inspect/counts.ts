import type { Graph } from "./model.ts";
import type { Node } from "./node.ts";
import type { Shapes } from "./shapes.ts";

export interface Counts {
  /** Learnable values: weights and biases, γ and β. */
  readonly params: number;
  /** Running statistics. */
  readonly buffers: number;
  /** Of one sample: convolutions and linear layers, without bias. */
  readonly macs: number;
}

/** Counts what a graph stores and multiplies, from its nodes, its initializers and the shapes between them. */
export function countGraph(graph: Graph, shapes: Shapes): Counts {
  const params = new Set<string>();
  const buffers = new Set<string>();
  let macs = 0;
  for (const node of graph.nodes) {
    const isStored = (name: string | undefined): name is string => name !== undefined && graph.initializers.has(name);
    for (const name of learnt(node).filter(isStored)) params.add(name);
    if (node.type === "BatchNormalization") for (const name of node.inputs.slice(3).filter(isStored)) buffers.add(name);
    macs += macsOf(node, graph, shapes);
  }
  const elements = (names: ReadonlySet<string>) => [...names].reduce((sum, name) => sum + product(shapes.get(name)), 0);
  return { params: elements(params), buffers: elements(buffers), macs };
}

/**
 * The inputs that training would change. A batch normalisation without γ and β, and the instance normalisation inside
 * a group normalisation, read constants in their place; they bear other names.
 */
function learnt({ type, inputs }: Node): readonly string[] {
  switch (type) {
    case "Conv":
    case "ConvTranspose":
    case "Gemm":
      return inputs.slice(1);
    case "BatchNormalization":
      return inputs.slice(1, 3).filter((name) => !/\.(ones|zeros)(_\d+)?$/.test(name));
    case "Unsqueeze":
      return inputs.slice(0, 1);
    default:
      return [];
  }
}

/** A convolution whose weight other nodes make of a table only moves channels, and counts as no multiplication. */
function macsOf({ type, inputs, outputs }: Node, graph: Graph, shapes: Shapes): number {
  const weight = shapes.get(inputs[1] ?? "") ?? [];
  if (!graph.initializers.has(inputs[1] ?? "")) return 0;
  const sample = (name: string | undefined) => product((shapes.get(name ?? "") ?? []).slice(1));
  switch (type) {
    case "Conv":
      return sample(outputs[0]) * product(weight.slice(1));
    case "ConvTranspose":
      return sample(inputs[0]) * product(weight.slice(1));
    case "Gemm":
      return product(weight);
    default:
      return 0;
  }
}

function product(shape: readonly number[] = []): number {
  return shape.reduce((all, size) => all * size, 1);
}
