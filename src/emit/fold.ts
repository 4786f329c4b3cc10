import { elementsOf } from "../weights/weights.ts";
import { type Constant, FloatAttribute, type Flowing, type Graph, type Node, type Value } from "./graph.ts";

/**
 * Folds every batch normalisation into the convolution before it, where nothing else reads what lies between:
 * γ·(w∗x + b − mean)/√(var + eps) + β is the convolution with w·s and (b − mean)·s + β, s = γ/√(var + eps).
 * Reckoned in float64; the convolution gets a bias where it had none.
 */
export function foldBatchNormalisations(graph: Graph): Graph {
  const readers = countReaders(graph);
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
      continue;
    }
    if (hasStoredWeight(node)) makers.set(node.output, nodes.length);
    nodes.push({ ...node, inputs: node.inputs.map(current) });
  }
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: replaced.get(value) ?? value }));
  return { ...graph, nodes, outputs };
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
  const affine = () => affineOf(normalisation);
  const newWeight: Constant = { ...weight, data: () => scaled(floats(weight), affine().factor, runs) };
  const newBias: Constant = {
    kind: "constant",
    wish: `${convolution.wish}.bias`,
    type: "float32",
    shape: [channels],
    stored: true,
    data() {
      const { factor, shift } = affine();
      const before = bias ? floats(bias) : new Float32Array(channels);
      return before.map((value, c) => value * (factor[c] as number) + (shift[c] as number));
    },
  };
  return { ...convolution, inputs: [input, newWeight, newBias] };
}

/** The normalisation as x·factor + shift per channel, in float64. */
function affineOf({ wish, inputs, attributes: { epsilon } }: Node) {
  const [weight, bias, mean, variance] = inputs.slice(1).map((input) => floats(constant(input)));
  if (!weight || !bias || !mean || !variance || !(epsilon instanceof FloatAttribute)) {
    throw new Error(`${wish} is no batch normalisation`);
  }
  const factor = Float64Array.from(weight, (w, c) => w / Math.sqrt((variance[c] as number) + epsilon.value));
  const shift = Float64Array.from(bias, (b, c) => b - (mean[c] as number) * (factor[c] as number));
  return { factor, shift };
}

/** A weight as stretches of `length` values that belong to one output channel each. */
interface Runs {
  readonly length: number;
  output(run: number): number;
}

function scaled(weight: Float32Array, factor: Float64Array, runs: Runs): Float32Array {
  const result = new Float32Array(weight.length);
  for (let start = 0; start < weight.length; start += runs.length) {
    const by = factor[runs.output(start / runs.length)] as number;
    for (let i = start; i < start + runs.length; i++) result[i] = (weight[i] as number) * by;
  }
  return result;
}

/** Of a weight [out, in/groups, h, w]. */
function plainRuns(shape: readonly number[]): Runs {
  return { length: elementsOf(shape.slice(1)), output: (run) => run };
}

/** Of a weight [in, out/groups, h, w], the inputs group by group. */
function transposedRuns(shape: readonly number[], groups: number): Runs {
  const [inputs = 1, outputs = 1] = shape;
  return {
    length: elementsOf(shape.slice(2)),
    output(run) {
      const group = Math.floor(run / outputs / (inputs / groups));
      return group * outputs + (run % outputs);
    },
  };
}

function constant(value: Value | null): Constant {
  if (value?.kind !== "constant") throw new Error(`${value?.wish} is no constant`);
  return value;
}

function floats({ wish, data }: Constant): Float32Array {
  const values = data();
  if (!(values instanceof Float32Array)) throw new Error(`${wish} is not float32`);
  return values;
}
