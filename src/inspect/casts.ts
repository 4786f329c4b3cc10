import type { Architecture } from "../compiler/ir.ts";
import type { Graph } from "./model.ts";
import { type Node, withoutNumber } from "./node.ts";
import { type StoredType, typeName } from "./stored-tensor.ts";

/** In which types a model holds and computes its numbers. */
export interface Precision {
  /** Of the tensors of the network that are not whole numbers. */
  readonly weights: Exclude<StoredType, "int64">;
  /** Of what flows between the layers, and of the numbers that come of their settings. */
  readonly flow: "float32" | "float16";
  /** Of the input and the outputs. */
  readonly border: "float32" | "float16";
}

/**
 * What a model seems to be meant as: by most of its weights, so that what deviates is found to deviate; where it has
 * none, by what it states of its tensors.
 */
export function precisionOf({ initializers, inputs, outputs, stated }: Graph, { tensors }: Architecture): Precision {
  const counts = new Map<Precision["weights"], number>();
  for (const { name } of tensors) {
    const dtype = initializers.get(name)?.dtype ?? "int64";
    if (dtype !== "int64") counts.set(dtype, (counts.get(dtype) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a).map(([dtype]) => dtype);
  const isHalf = ({ type }: { readonly type: number }) => typeName(type) === "float16";
  const weights = most ?? ([...inputs, ...stated, ...outputs].some(isHalf) ? "float16" : "float32");
  const flow = weights === "float16" ? "float16" : "float32";
  return { weights, flow, border: flow === "float16" && inputs.some(isHalf) ? "float16" : "float32" };
}

export interface Uncast {
  /** Where the casts were, their readers read what those read. */
  readonly graph: Graph;
  /** By the name of an output that a cast makes, what that reads. */
  readonly behind: ReadonlyMap<string, string>;
}

/**
 * A graph without the casts that its precision needs, one each: of every weight that is stored in bfloat16, and of the
 * input and the outputs where only what lies between is float16. Other casts stay, and belong to no layer.
 */
export function withoutCasts(graph: Graph, precision: Precision): Uncast {
  const names = new Map<string, string>();
  const behind = new Map<string, string>();
  const outputs = new Set(graph.outputs.map(({ name }) => name));
  const seen = new Set<string>();
  const isNeeded = (node: Node): boolean => {
    const [from, made] = [node.inputs[0] ?? "", node.outputs[0] ?? ""];
    const isOutput = outputs.has(made);
    const to = castTo(node);
    if (to === null || (seen.has(from) && !isOutput)) return false;
    if (isOutput) return precision.border !== precision.flow && to === precision.border;
    if (graph.initializers.get(from)?.dtype === "bfloat16") return precision.weights === "bfloat16" && to === "float32";
    return graph.inputs[0]?.name === from && precision.border !== precision.flow && to === precision.flow;
  };
  const nodes = graph.nodes.filter((node) => {
    if (!isNeeded(node)) return true;
    const [from = "", made = ""] = [node.inputs[0], node.outputs[0]];
    if (outputs.has(made)) behind.set(made, from);
    else names.set(made, from);
    seen.add(from);
    return false;
  });
  const renamed = nodes.map((node) => ({ ...node, inputs: node.inputs.map((name) => names.get(name) ?? name) }));
  return { graph: { ...graph, nodes: renamed }, behind };
}

/** The type of a cast as it is written; null for other nodes. */
function castTo({ type, name, inputs, outputs, attributes }: Node): string | null {
  const to = attributes.get("to");
  const isPlain = inputs.length === 1 && attributes.size === 1 && typeof to === "number";
  return type === "Cast" && isPlain && withoutNumber(name) === withoutNumber(outputs[0] ?? "") ? typeName(to) : null;
}
