import type { Constant, ElementType, Flowing, Graph, Node, Value } from "./graph.ts";
import { elementTypeNumbers } from "./protobuf.ts";

/**
 * In which type a model holds its numbers. `f16`: the weights and all that flows are float16. `bf16`: the weights are
 * stored as bfloat16, and computed with as float32, since no operator takes them.
 */
export type Dtype = "f32" | "f16" | "bf16";

/** `f32`: the input and the outputs are float32 whatever lies between. `none`: they are of its type. */
export type KeepIo = "f32" | "none";

export function inPrecision(graph: Graph, dtype: Dtype, keepIo: KeepIo): Graph {
  switch (dtype) {
    case "f32":
      return graph;
    case "f16": {
      const half = new Halved().graph(graph);
      return keepIo === "f32" ? withFloatBorders(half, graph) : half;
    }
    case "bf16":
      return withStoredBfloat16(graph);
  }
}

/** A graph with float16 in the place of float32. */
class Halved {
  readonly #halves = new Map<Value, Value>();

  graph({ input, outputs, nodes }: Graph): Graph {
    return {
      input: this.#half(input),
      outputs: outputs.map(({ name, value }) => ({ name, value: this.#half(value) })),
      nodes: nodes.map((node) => this.#node(node)),
    };
  }

  #node(node: Node): Node {
    const inputs = node.inputs.map((input, i) => {
      return input === null || (node.type === "Resize" && i === scalesOfResize) ? input : this.#half(input);
    });
    return { ...node, inputs, output: this.#half(node.output) };
  }

  #half<V extends Value>(value: V): V {
    if (value.type !== "float32") return value;
    const half = this.#halves.get(value) ?? { ...value, type: "float16" };
    this.#halves.set(value, half);
    return half as V;
  }
}

/** They are float32, whatever is resized. */
const scalesOfResize = 2;

/** What flows between the border and a graph of another type is cast there. */
function withFloatBorders(graph: Graph, { input }: Graph): Graph {
  const begin = cast(input, graph.input.type, `${input.wish}.${graph.input.type}`);
  const ends = graph.outputs.map(({ name, value }) => ({ name, node: cast(value, "float32", name) }));
  const inside = graph.nodes.map((node) => {
    return { ...node, inputs: node.inputs.map((one) => (one === graph.input ? begin.output : one)) };
  });
  return {
    input,
    outputs: ends.map(({ name, node }) => ({ name, value: node.output })),
    nodes: [begin, ...inside, ...ends.map(({ node }) => node)],
  };
}

/** A graph whose tensors of float32 are stored as bfloat16, each with a cast before its first reader. */
function withStoredBfloat16(graph: Graph): Graph {
  const widened = new Map<Value, Flowing>();
  const nodes: Node[] = [];
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => {
      if (input?.kind !== "constant" || !input.stored || input.type !== "float32") return input;
      const known = widened.get(input);
      if (known) return known;
      const stored: Constant = { ...input, type: "bfloat16" };
      const widening = cast(stored, "float32", `${input.wish}.float32`);
      nodes.push(widening);
      widened.set(input, widening.output);
      return widening.output;
    });
    nodes.push({ ...node, inputs });
  }
  return { ...graph, nodes };
}

function cast(value: Value, type: ElementType, wish: string): Node {
  const batched = value.kind === "flowing" && value.batched;
  const output: Flowing = { kind: "flowing", wish, type, shape: value.shape, batched };
  return { type: "Cast", wish, main: false, inputs: [value], output, attributes: { to: elementTypeNumbers[type] } };
}
