import type { Graph } from "./model.ts";
import type { Node } from "./node.ts";
import { typeName } from "./stored-tensor.ts";

/** The element types of a graph. */
export interface ElementTypes {
  /** Of every tensor, as far as the input says its own. */
  readonly types: ReadonlyMap<string, string>;
  /** What reads several types beside whole numbers, and which; no runtime takes it. */
  readonly mixtures: readonly { readonly node: Node; readonly types: readonly string[] }[];
}

/** From the types of its input and its initializers: a node makes what it reads. */
export function inferTypes({ inputs, initializers, nodes }: Graph): ElementTypes {
  const types = new Map<string, string>();
  for (const { name, type } of inputs) if (type !== 0) types.set(name, typeName(type));
  for (const { name, dtype } of initializers.values()) types.set(name, dtype);
  const mixtures: { readonly node: Node; readonly types: readonly string[] }[] = [];
  for (const node of nodes) {
    const isApart = (index: number) => node.type === "Resize" && index === scalesOfResize;
    const read = node.inputs.flatMap((name, i) => (isApart(i) ? [] : (types.get(name) ?? [])));
    const different = new Set(read.filter((type) => type !== "int64"));
    if (different.size > 1) mixtures.push({ node, types: [...different] });
    const made = makers[node.type]?.(node) ?? read[0];
    if (made !== undefined) for (const name of node.outputs) types.set(name, made);
  }
  return { types, mixtures };
}

/** They are float32, whatever is resized. */
const scalesOfResize = 2;

const makers: Readonly<Record<string, (node: Node) => string>> = {
  Cast: ({ attributes }) => typeName(Number(attributes.get("to") ?? 0)),
  Shape: () => "int64",
};
