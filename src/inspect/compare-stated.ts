import type { Activation, Architecture } from "../compiler/ir.ts";
import { sizeName } from "../compiler/symbolic.ts";
import type { CompareOptions, Difference } from "./compare.ts";
import type { ElementTypes } from "./element-types.ts";
import type { Matched } from "./match-layers.ts";
import type { Graph, NamedShape } from "./model.ts";
import type { Shapes } from "./shapes.ts";
import { typeName } from "./stored-tensor.ts";

/**
 * What the file states of its tensors must be what they are, with the batch as its input has it: every tensor is listed,
 * the layers' with the sizes of the network; between the nodes of one layer, at these sizes.
 */
export function compareStated(
  graph: Graph,
  architecture: Architecture,
  matched: Matched,
  shapes: Shapes,
  types: ElementTypes["types"],
  { batch, sizes }: CompareOptions,
): readonly Difference[] {
  const first = graph.inputs[0]?.shape?.[0];
  const expected = statedSizes(architecture, matched, typeof first === "number" ? String(first) : "N");
  const differences = [...graph.inputs, ...graph.stated, ...graph.outputs].flatMap(({ name, type, shape }) => {
    const found = shapes.get(name);
    const differs = (problem: string): Difference => ({ kind: "shape", where: name, problem });
    const ofLayer = expected.get(name);
    if (!found) return matched.made.size > 0 && shape ? [differs("is stated, and no node makes it")] : [];
    const made = types.get(name);
    if (type !== 0 && made !== undefined && typeName(type) !== made && !isBorder(graph, name)) {
      return [differs(`is stated as ${typeName(type)}, and should be ${made}`)];
    }
    if (shape === null) return [];
    const fits = shape.every((size, axis) => {
      if (ofLayer) return String(size) === ofLayer[axis];
      const stated = typeof size === "string" ? (size === "N" ? batch : sizes.get(size)) : (size ?? undefined);
      return stated === undefined || stated === found[axis];
    });
    if (fits && shape.length === found.length) return [];
    const texts = shape.map((size) => size ?? "?");
    return [differs(`is stated as [${texts.join(", ")}], and should be [${(ofLayer ?? found).join(", ")}]`)];
  });
  return [...differences, ...unstated(graph)];
}

/** Of the input, the outputs and what layers make, by its name: the sizes as a file should state them. */
function statedSizes(
  { input, outputs, ops }: Architecture,
  { made }: Matched,
  batch: string,
): ReadonlyMap<string, readonly string[]> {
  const textsOf = ({ shape }: Activation) => [
    batch,
    ...shape.map((size) => (typeof size === "number" ? String(size) : sizeName(size))),
  ];
  const borders = [input, ...outputs];
  const sizes = new Map(borders.map(({ name, activation }) => [name, textsOf(activation)]));
  for (const op of ops) {
    const name = made.get(op);
    if (name !== undefined) sizes.set(name, textsOf(op.output));
  }
  return sizes;
}

function isBorder({ inputs, outputs }: Graph, name: string): boolean {
  return [...inputs, ...outputs].some((one) => one.name === name);
}

function unstated({ nodes, inputs, outputs, stated }: Graph): readonly Difference[] {
  const isSaid = ({ shape }: NamedShape) => shape !== null;
  const said = new Set([...inputs, ...stated, ...outputs].filter(isSaid).map(({ name }) => name));
  const all = [...new Set([...inputs.map(({ name }) => name), ...nodes.flatMap((node) => node.outputs)])];
  const missing = all.filter((name) => !said.has(name));
  if (missing.length === 0) return [];
  const problem = `states no shape of ${missing.length} of its ${all.length} tensors, first of ${missing[0]}`;
  return [{ kind: "shape", where: "the model", problem }];
}
