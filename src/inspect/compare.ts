import { concreteShape } from "../compiler/concrete.ts";
import { count } from "../compiler/count.ts";
import type { Activation, Architecture, Op, Tensor } from "../compiler/ir.ts";
import { type Quantity, sizeName, substitute } from "../compiler/symbolic.ts";
import type { DifferenceKind } from "./codes.ts";
import { type ComparedNodes, compareLayers, compareNodes } from "./compare-layers.ts";
import { type Counts, countGraph } from "./counts.ts";
import { ModelFault } from "./fault.ts";
import { type Matched, matchLayers } from "./match-layers.ts";
import type { Graph, Model } from "./model.ts";
import { inferShapes, type Shapes } from "./shapes.ts";

export interface CompareOptions {
  readonly batch: number;
  /** The symbolic sizes; empty where every size is a number. */
  readonly sizes: ReadonlyMap<string, number>;
}

export interface Comparison extends Matched {
  readonly counts: Counts;
  /** In the order of execution; empty where the file is what the network says. */
  readonly differences: readonly Difference[];
}

export interface Difference {
  readonly kind: DifferenceKind;
  /** A layer, a stored tensor, or the model as a whole. */
  readonly where: string;
  readonly problem: string;
}

/**
 * Compares what an ONNX file holds with what the compiler says of a network: every shape, every stored tensor and the
 * counts, each reckoned again from the nodes of the file. Throws a ModelFault where the file cannot be read that far.
 */
export function compareWithArchitecture(model: Model, architecture: Architecture, options: CompareOptions): Comparison {
  const { graph } = model;
  const input = [options.batch, ...concreteShape(architecture.input.activation.shape, options.sizes)];
  const matched = matchLayers(graph, architecture);
  const nodes = compareNodes(model, architecture, matched);
  const shapes = inferredShapes(graph, input, nodes);
  const counts = countGraph(graph, shapes);
  const differences = [
    ...compareBorder(graph, architecture),
    ...compareLayers(nodes, architecture, matched, shapes, options),
    ...compareStated(graph, statedSizes(architecture, matched), shapes, options),
    ...compareTensors(graph, architecture, matched),
    ...compareCounts(counts, architecture, matched, options),
  ];
  return { counts, ...matched, differences };
}

/** Where shapes do not fit one another, the first node that is not what it should be may be another, and is named. */
function inferredShapes(graph: Graph, input: readonly number[], { ofLayers, others }: ComparedNodes): Shapes {
  try {
    return inferShapes(graph, input);
  } catch (error) {
    const [first] = [...ofLayers.values(), ...others];
    if (!(error instanceof ModelFault) || error.code !== "model-inconsistent" || !first) throw error;
    throw new ModelFault(error.code, `${first.where} ${first.problem}; then ${error.message}`);
  }
}

function compareBorder(graph: Graph, { input, outputs }: Architecture): readonly Difference[] {
  const expected = [input.name, ...outputs.map((output) => output.name)];
  const found = [...graph.inputs, ...graph.outputs].map(({ name }) => name);
  if (String(expected) === String(found)) return [];
  return [
    {
      kind: "border",
      where: "the model",
      problem: `takes and gives ${found.join(", ")}, and should ${expected.join(", ")}`,
    },
  ];
}

/** Of the input and of what layers make, by its name: the sizes behind the batch, as a file should state them. */
function statedSizes({ input, ops }: Architecture, { made }: Matched): ReadonlyMap<string, readonly string[]> {
  const textsOf = ({ shape }: Activation) =>
    shape.map((size) => (typeof size === "number" ? String(size) : sizeName(size)));
  const sizes = new Map([[input.name, textsOf(input.activation)]]);
  for (const op of ops) {
    const name = made.get(op);
    if (name !== undefined) sizes.set(name, textsOf(op.output));
  }
  return sizes;
}

/** What the file states of its tensors must be what they are; between the nodes of one layer, at these sizes. */
function compareStated(
  graph: Graph,
  expected: ReadonlyMap<string, readonly string[]>,
  shapes: Shapes,
  { batch, sizes }: CompareOptions,
): readonly Difference[] {
  return [...graph.inputs, ...graph.stated, ...graph.outputs].flatMap(({ name, shape }) => {
    const found = shapes.get(name) ?? [];
    if (shape === null) return [];
    const fits = shape.every((size, axis) => {
      const text = expected.get(name)?.[axis - 1];
      if (text !== undefined && size !== null) return String(size) === text;
      if (axis === 0 && expected.has(name) && typeof size === "string") return size === "N";
      const stated = typeof size === "string" ? (size === "N" ? batch : sizes.get(size)) : (size ?? undefined);
      return stated === undefined || stated === found[axis];
    });
    if (fits && shape.length === found.length) return [];
    return [
      { kind: "shape", where: name, problem: `is stated as [${shape.join(", ")}], but is [${found.join(", ")}]` },
    ];
  });
}

function compareTensors(graph: Graph, architecture: Architecture, { folded }: Matched): readonly Difference[] {
  const gone = new Set<Tensor>([...folded.keys()].flatMap((op) => op.tensors));
  const differences: Difference[] = [];
  for (const tensor of architecture.ops.flatMap((op) => op.tensors)) {
    if (tensor.kind === "counter" || gone.has(tensor)) continue;
    const found = graph.initializers.get(tensor.name);
    const expected = `${tensor.dtype} [${tensor.shape.join(", ")}]`;
    const actual = found ? `${found.dtype} [${found.shape.join(", ")}]` : null;
    if (actual === null) differences.push({ kind: "tensor", where: tensor.name, problem: "is not in the model" });
    else if (actual !== expected)
      differences.push({ kind: "tensor", where: tensor.name, problem: `is ${actual}, and should be ${expected}` });
  }
  return differences;
}

/** Folding takes γ, β and the statistics away, and adds a bias where there was none. */
function compareCounts(
  found: Counts,
  architecture: Architecture,
  { folded }: Matched,
  { sizes }: CompareOptions,
): readonly Difference[] {
  const { layers } = count({ ...architecture, trainingOps: [] });
  const total = (role: "params" | "buffers" | "macs", some: (op: Op) => boolean) =>
    layers.reduce((sum, layer) => (some(layer.op) ? sum + numberOf(layer[role], sizes) : sum), 0);
  const added = [...new Set(folded.values())].reduce((sum, op) => sum + addedBias(op), 0);
  const expected: Counts = {
    params: total("params", (op) => !folded.has(op)) + added,
    buffers: total("buffers", (op) => !folded.has(op)),
    macs: total("macs", () => true),
  };
  return (["params", "buffers", "macs"] as const).flatMap((what) => {
    if (found[what] === expected[what]) return [];
    const [is, should] = [found[what], expected[what]].map((number) => number.toLocaleString("en-US"));
    return [{ kind: "count", where: "the model", problem: `has ${is} ${counted[what]}, and should have ${should}` }];
  });
}

const counted = { params: "parameters", buffers: "running statistics", macs: "MACs" } as const;

function addedBias(convolution: Op): number {
  const hasBias = convolution.tensors.some((tensor) => tensor.role === "bias");
  if (hasBias || (convolution.kind !== "conv" && convolution.kind !== "deconv")) return 0;
  return convolution.settings.channels;
}

function numberOf(quantity: Quantity, sizes: ReadonlyMap<string, number>): number {
  const value = substitute(quantity, sizes);
  return typeof value === "number" ? value : Number.NaN;
}
