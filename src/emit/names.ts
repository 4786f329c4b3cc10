import type { Constant, Graph, Node, Value } from "./graph.ts";

export interface GraphNames {
  readonly values: ReadonlyMap<Value, string>;
  readonly nodes: ReadonlyMap<Node, string>;
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
  for (const constant of constants) if (constant.stored) values.name(constant, constant.wish);
  for (const node of graph.nodes) if (node.main) values.name(node.output, node.output.wish);
  for (const node of graph.nodes) values.name(node.output, node.output.wish);
  for (const constant of constants) values.name(constant, constant.wish);

  const nodes = new Naming<Node>();
  for (const node of graph.nodes) if (node.main) nodes.name(node, node.wish);
  for (const node of graph.nodes) nodes.name(node, node.wish);
  return { values: values.names, nodes: nodes.names };
}

/** The constants that nodes read, in the order of the nodes. */
export function constantsOf(graph: Graph): readonly Constant[] {
  const constants = new Set<Constant>();
  for (const node of graph.nodes) for (const input of node.inputs) if (input?.kind === "constant") constants.add(input);
  return [...constants];
}

class Naming<Thing> {
  readonly names = new Map<Thing, string>();
  readonly #taken = new Set<string>();

  /** Does nothing for what has its name. */
  name(thing: Thing, wish: string): void {
    if (this.names.has(thing)) return;
    let name = wish;
    for (let i = 2; this.#taken.has(name); i++) name = `${wish}_${i}`;
    this.#taken.add(name);
    this.names.set(thing, name);
  }
}
