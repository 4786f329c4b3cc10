import { Application, fault, type Operand } from "./application.ts";
import { ModelFault } from "./fault.ts";
import type { Graph } from "./model.ts";
import type { Node } from "./node.ts";
import { rules } from "./shape-rules.ts";
import { highestRank, type StoredTensor } from "./stored-tensor.ts";
import { valuesOf } from "./values.ts";

/** The shape of every tensor of a graph. */
export type Shapes = ReadonlyMap<string, readonly number[]>;

/**
 * Infers every shape of a graph from the shape of its input alone, by the rules of the ONNX operators
 * (https://onnx.ai/onnx/operators/); what the file states of the tensors in between is not looked at. Throws a
 * ModelFault for an operator that dnetc does not write and for shapes that do not fit one another.
 */
export function inferShapes(graph: Graph, input: readonly number[]): Shapes {
  const known = new Map<string, Operand>([[requireInput(graph), { shape: input, values: null }]]);
  for (const [name, tensor] of graph.initializers) {
    const values = maySayShape(tensor) ? [...valuesOf(tensor)] : null;
    known.set(name, { shape: tensor.shape, values, isBeside: tensor.place !== null });
  }
  const names = new Set<string>();
  for (const node of graph.nodes) {
    const [output, more] = node.outputs;
    if (output === undefined || more !== undefined) throw fault(node, "has not one output");
    if (known.has(output)) throw fault(node, `makes ${output}, which is there already`);
    if (names.has(node.name)) throw new ModelFault("model-inconsistent", `it has two nodes of the name ${node.name}`);
    if (node.name !== "") names.add(node.name);
    known.set(output, infer(node, known));
  }
  for (const { name } of graph.outputs) {
    if (!known.has(name)) throw new ModelFault("model-inconsistent", `no node makes the output ${name}`);
  }
  return new Map([...known].map(([name, { shape }]) => [name, shape]));
}

function requireInput({ inputs, initializers }: Graph): string {
  const stored = inputs.find(({ name }) => initializers.has(name));
  if (stored) throw new ModelFault("model-foreign", `it lists ${stored.name}, which it stores, among its inputs`);
  const [first, ...others] = inputs;
  if (first && others.length === 0) return first.name;
  throw new ModelFault("model-foreign", `it has ${inputs.length} inputs, not one`);
}

function infer(node: Node, known: ReadonlyMap<string, Operand>): Operand {
  const rule = rules.get(node.type);
  if (!rule)
    throw new ModelFault("model-foreign", `${node.name || "a node"} is ${node.type}, which dnetc does not write`);
  const operands = node.inputs.map((name) => {
    if (name === "") return null;
    const operand = known.get(name);
    if (!operand) throw fault(node, `reads ${name}, which nothing before it makes`);
    return operand;
  });
  const result = rule(new Application(node, operands));
  if (result.shape.length > highestRank) throw fault(node, `makes a tensor of ${result.shape.length} dimensions`);
  if (!result.shape.every((size) => Number.isSafeInteger(size) && size >= 1)) {
    throw fault(node, `makes the shape [${result.shape.join(", ")}]`);
  }
  return result;
}

/** Whole numbers, and the few factors of a resize. */
function maySayShape({ dtype, shape }: StoredTensor): boolean {
  return dtype === "int64" || (shape.length === 1 && (shape[0] ?? 0) <= 4);
}
