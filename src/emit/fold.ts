import type { Normalisation, Runs } from "../weights/recipe.ts";
import { elementsOf } from "../weights/weights.ts";
import { type Constant, FloatAttribute, type Flowing, type Graph, type Node, type Value } from "./graph.ts";

/**
 * Folds every batch normalisation into the convolution before it, where nothing else reads what lies between:
 * γ·(w∗x + b − mean)/√(var + eps) + β is the convolution with w·s and (b − mean)·s + β, s = γ/√(var + eps).
 * The convolution gets a bias where it had none.
 */
export function foldBatchNormalisations(graph: Graph): Folded {
  const readers = countReaders(graph);
  const left: Unfolded[] = [];
  let count = 0;
  const makers = new Map<Value, number>();
  const replaced = new Map<Value, Flowing>();
  const nodes: Node[] = [];
  const current = <V extends Value | null>(value: V) => (value && replaced.get(value)) ?? value;
  for (const node of graph.nodes) {
    const [input] = node.inputs;
    const at = input && readers.get(input) === 1 ? makers.get(input) : undefined;
    const convolution = at === undefined ? undefined : nodes[at];
    if (node.type === "BatchNormalization" && at !== undefined && convolution) {
      nodes[at] = folded(convolution, node);
      replaced.set(node.output, convolution.output);
      makers.set(node.output, at);
      count++;
      continue;
    }
    if (node.type === "BatchNormalization") left.push({ name: node.wish, why: whyLeft(input, makers, graph) });
    if (hasStoredWeight(node)) makers.set(node.output, nodes.length);
    nodes.push({ ...node, inputs: node.inputs.map(current) });
  }
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: replaced.get(value) ?? value }));
  return { graph: { ...graph, nodes, outputs }, folding: { folded: count, left } };
}

export interface Folded {
  readonly graph: Graph;
  readonly folding: Folding;
}

/** What has become of the batch normalisations of a network. */
export interface Folding {
  readonly folded: number;
  /** Those that stay. */
  readonly left: readonly Unfolded[];
}

export interface Unfolded {
  readonly name: string;
  readonly why: WhyLeft;
}

/** What a normalisation reads: of no convolution, or of one whose result is read elsewhere, too, or is an output. */
export type WhyLeft = "no-convolution" | "read-elsewhere" | "output";

function whyLeft(
  input: Value | null | undefined,
  convolutions: ReadonlyMap<Value, number>,
  { outputs }: Graph,
): WhyLeft {
  if (!input || !convolutions.has(input)) return "no-convolution";
  return outputs.some(({ value }) => value === input) ? "output" : "read-elsewhere";
}

/** Not so the convolution of a `scatter`, whose weight other nodes make of its table. */
function hasStoredWeight(node: Node): boolean {
  return (node.type === "Conv" || node.type === "ConvTranspose") && node.inputs[1]?.kind === "constant";
}

function countReaders(graph: Graph): ReadonlyMap<Value, number> {
  const readers = new Map<Value, number>();
  const read = (value: Value) => readers.set(value, (readers.get(value) ?? 0) + 1);
  for (const node of graph.nodes) for (const input of node.inputs) if (input) read(input);
  for (const output of graph.outputs) read(output.value);
  return readers;
}

function folded(convolution: Node, normalisation: Node): Node {
  const [input = null, ...stored] = convolution.inputs;
  const [weight, bias] = stored.map(constant);
  if (!weight) throw new Error(`${convolution.wish} has no weight`);
  const transposed = convolution.type === "ConvTranspose";
  const groups = Number(convolution.attributes.group ?? 1);
  const channels = (transposed ? (weight.shape[1] as number) * groups : weight.shape[0]) as number;
  const runs = transposed ? transposedRuns(weight.shape, groups) : plainRuns(weight.shape);
  const by = normalisationOf(normalisation, channels);
  const newWeight: Constant = { ...weight, recipe: { kind: "scaled", of: weight.recipe, by, runs } };
  const newBias: Constant = {
    kind: "constant",
    wish: `${convolution.wish}.bias`,
    type: "float32",
    shape: [channels],
    stored: true,
    recipe: { kind: "shifted", of: bias?.recipe ?? { kind: "same", value: 0 }, by },
  };
  return { ...convolution, inputs: [input, newWeight, newBias] };
}

function normalisationOf({ wish, inputs, attributes: { epsilon } }: Node, channels: number): Normalisation {
  const [weight, bias, mean, variance] = inputs.slice(1).map((input) => constant(input).recipe);
  if (!weight || !bias || !mean || !variance || !(epsilon instanceof FloatAttribute)) {
    throw new Error(`${wish} is no batch normalisation`);
  }
  return { channels, weight, bias, mean, variance, eps: epsilon.value };
}

/** Of a weight [out, in/groups, h, w]. */
function plainRuns(shape: readonly number[]): Runs {
  return { length: elementsOf(shape.slice(1)), rows: null };
}

/** Of a weight [in, out/groups, h, w], the inputs group by group. */
function transposedRuns(shape: readonly number[], groups: number): Runs {
  const [inputs = 1, outputs = 1] = shape;
  return { length: elementsOf(shape.slice(2)), rows: { outputs, inputs: inputs / groups } };
}

function constant(value: Value | null): Constant {
  if (value?.kind !== "constant") throw new Error(`${value?.wish} is no constant`);
  return value;
}
