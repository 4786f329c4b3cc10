import { defaultOf } from "./attribute-defaults.ts";
import type { Precision } from "./casts.ts";
import type { Graph } from "./model.ts";
import { type Attribute, type Node, withoutNumber } from "./node.ts";
import { float16, nearest } from "./number-formats.ts";
import type { Attributes, Constant, NodePattern, Pattern } from "./pattern.ts";
import { valuesOf } from "./values.ts";

/** What a layer reads, by the names of the file. */
export interface Reads {
  /** Its inputs. */
  readonly inputs: readonly string[];
  /** The path of its own tensors. */
  readonly path: string;
}

/** Compares the nodes of a graph with patterns, and keeps in mind what has had its place in one. */
export class Matcher {
  readonly #makers = new Map<string, Node>();
  readonly #graph: Graph;
  readonly #flow: Precision["flow"];
  readonly #placed = new Set<string>();

  constructor(graph: Graph, flow: Precision["flow"]) {
    this.#graph = graph;
    this.#flow = flow;
    for (const node of graph.nodes) for (const output of node.outputs) this.#makers.set(output, node);
  }

  /** What is wrong with the nodes that make a tensor, in words; null where nothing is. */
  problemAt(tensor: string, pattern: NodePattern, reads: Reads): string | null {
    return this.#node(tensor, pattern, reads, reads.path);
  }

  /** The nodes and the stored tensors that were in no pattern, in the order of the file. */
  get unplaced(): { readonly nodes: readonly Node[]; readonly tensors: readonly string[] } {
    return {
      nodes: this.#graph.nodes.filter((node) => node.outputs.some((output) => !this.#placed.has(output))),
      tensors: [...this.#graph.initializers.keys()].filter((name) => !this.#placed.has(name)),
    };
  }

  #node(tensor: string, pattern: NodePattern, reads: Reads, name: string): string | null {
    const node = this.#makers.get(tensor);
    if (!node) return `reads ${tensor}, and should read what ${article(pattern.type)} makes`;
    this.#placed.add(tensor);
    if (node.type !== pattern.type)
      return `is made by ${article(node.type)}, and should be by ${article(pattern.type)}`;
    const problem = attributeProblem(node, pattern.attributes);
    if (problem !== null) return `${node.type} ${problem}`;
    const inputs = [...node.inputs];
    while (inputs.at(-1) === "") inputs.pop();
    if (inputs.length !== pattern.inputs.length) {
      return `${node.type} reads ${inputs.length} tensors, and should read ${pattern.inputs.length}`;
    }
    for (const [i, one] of pattern.inputs.entries()) {
      const found = this.#input(inputs[i] ?? "", one, reads);
      if (found !== null) return found;
    }
    return nameProblem(node, name);
  }

  #input(tensor: string, pattern: Pattern | null, reads: Reads): string | null {
    if (pattern === null) return tensor === "" ? null : `reads ${tensor}, and should read nothing in its place`;
    switch (pattern.kind) {
      case "input":
        return this.#named(tensor, reads.inputs[pattern.index] ?? "");
      case "stored":
        return this.#named(tensor, `${reads.path}.${pattern.role}`);
      case "constant":
        return this.#constant(tensor, pattern);
      case "node":
        return this.#node(tensor, pattern, reads, tensor);
    }
  }

  #named(tensor: string, expected: string): string | null {
    this.#placed.add(tensor);
    return tensor === expected ? null : `reads ${tensor || "nothing"}, and should read ${expected}`;
  }

  #constant(tensor: string, constant: Constant): string | null {
    const { shape, values } = constant;
    const dtype = constant.dtype === "flowing" ? this.#flow : constant.dtype;
    const found = this.#graph.initializers.get(tensor);
    this.#placed.add(tensor);
    if (!found) return `reads ${tensor || "nothing"}, and should read a constant`;
    const [is, should] = [`${found.dtype} [${found.shape}]`, `${dtype} [${shape}]`];
    if (is !== should) return `reads ${tensor}, which is ${is}, and should be ${should}`;
    const numbers = valuesOf(found);
    const at = values.findIndex((value, i) => !Object.is(numbers[i], rounded(value, dtype)));
    if (at < 0) return null;
    return `reads ${tensor}, which holds ${numbers[at]} at ${at}, and should hold ${values[at]}`;
  }
}

/** As constants are rounded: what is not float32 comes of float32. */
function rounded(value: number, dtype: "float32" | "float16" | "int64"): number {
  if (dtype === "int64") return value;
  return dtype === "float32" ? Math.fround(value) : nearest(Math.fround(value), float16);
}

/** A node is called like the layer that it ends, another like what it makes. */
function nameProblem({ name, outputs }: Node, expected: string): string | null {
  const [is, should] = [name, expected].map(withoutNumber);
  if (name === expected || (outputs[0] === expected && is === should)) return null;
  return `is made by ${name === "" ? "a node without a name" : `the node ${name}`}, and should be by ${expected}`;
}

function attributeProblem({ type, attributes }: Node, expected: Attributes): string | null {
  for (const name of new Set([...Object.keys(expected), ...attributes.keys()])) {
    const should = expected[name] ?? defaultOf(type, name);
    const is = attributes.get(name) ?? defaultOf(type, name);
    if (is === null && !attributes.has(name)) continue;
    if (should === undefined) return `has the attribute ${name}, which it should not have`;
    if (textOf(is, exact) === textOf(should, exact)) continue;
    const digits = textOf(is, 7) === textOf(should, 7) ? exact : 7;
    return `has ${name} ${textOf(is, digits)}, and should have ${textOf(should, digits)}`;
  }
  return null;
}

/** As many digits as tell every two numbers of float64 apart. */
const exact = 17;

/** Fractions as float32 holds them. */
function textOf(value: Attribute | null | undefined, digits: number): string {
  if (value === null || value === undefined) return "none";
  if (typeof value === "object") return `[${value.join(", ")}]`;
  if (typeof value === "string" || Number.isInteger(value)) return String(value);
  return String(Number(Math.fround(value).toPrecision(digits)));
}

function article(type: string): string {
  return /^[AEIO]/.test(type) ? `an ${type}` : `a ${type}`;
}
