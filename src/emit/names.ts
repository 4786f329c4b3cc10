import type { Constant, Graph, Node, Value } from "./graph.ts";

/** Most have the name that they wished for; the maps hold the others. */
export class GraphNames {
  readonly #values: ReadonlyMap<Value, string>;
  readonly #nodes: ReadonlyMap<Node, string>;

  constructor(values: ReadonlyMap<Value, string>, nodes: ReadonlyMap<Node, string>) {
    this.#values = values;
    this.#nodes = nodes;
  }

  ofValue(value: Value): string {
    return this.#values.get(value) ?? value.wish;
  }

  ofNode(node: Node): string {
    return this.#nodes.get(node) ?? node.wish;
  }
}

/**
 * Gives every value and every node a name of its own: ONNX allows a value one maker, and ONNX Runtime refuses nodes
 * of the same name. Names that others rely on come first: the input, the outputs, the stored tensors, the ops; what
 * then finds its name taken gets a suffix.
 */
export function nameGraph(graph: Graph, constants: readonly Constant[]): GraphNames {
  const values = new Naming<Value>();
  values.name(graph.input, graph.input.wish);
  for (const output of graph.outputs) values.name(output.value, output.name);
  const published = new Set<Value>(graph.outputs.map((output) => output.value));
  for (const constant of constants) if (constant.stored) values.name(constant, constant.wish);
  for (const isMain of [true, false]) {
    for (const { main, output } of graph.nodes) {
      if (main === isMain && !published.has(output)) values.name(output, output.wish);
    }
  }
  for (const constant of constants) if (!constant.stored) values.name(constant, constant.wish);

  const nodes = new Naming<Node>();
  for (const isMain of [true, false]) {
    for (const node of graph.nodes) if (node.main === isMain) nodes.name(node, node.wish);
  }
  return new GraphNames(values.others, nodes.others);
}

/** The constants that nodes read, in the order of the nodes. */
export function constantsOf(graph: Graph): readonly Constant[] {
  const constants = new Set<Constant>();
  for (const node of graph.nodes) for (const input of node.inputs) if (input?.kind === "constant") constants.add(input);
  return [...constants];
}

class Naming<Thing extends { readonly wish: string }> {
  /** The names of what has another than it wished for. */
  readonly others = new Map<Thing, string>();
  readonly #taken = new Set<string>();

  name(thing: Thing, wish: string): void {
    let name = wish;
    for (let i = 2; this.#taken.has(name); i++) name = `${wish}_${i}`;
    this.#taken.add(name);
    if (name !== thing.wish) this.others.set(thing, name);
  }
}
