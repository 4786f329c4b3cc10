import { concreteShape } from "../compiler/concrete.ts";
import { count } from "../compiler/count.ts";
import { behindIdentities, isIdentity } from "../compiler/identity.ts";
import type { Activation, Architecture, Op, Tensor } from "../compiler/ir.ts";
import { type Quantity, substitute } from "../compiler/symbolic.ts";
import type { DifferenceKind } from "./codes.ts";
import { type Counts, countGraph } from "./counts.ts";
import type { Graph, Model } from "./model.ts";
import { inferShapes, type Shapes } from "./shapes.ts";

export interface CompareOptions {
  readonly batch: number;
  /** The symbolic sizes; empty where every size is a number. */
  readonly sizes: ReadonlyMap<string, number>;
}

export interface Matched {
  /** What each layer makes, by its name in the model; a layer is absent where the model has no such tensor. */
  readonly made: ReadonlyMap<Op, string>;
  /** Batch normalisations that are folded into the convolution before them. */
  readonly folded: ReadonlySet<Op>;
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
  const shapes = inferShapes(graph, input);
  const { made, folded } = matchLayers(graph, architecture);
  const counts = countGraph(graph, shapes);
  const differences = [
    ...compareBorder(graph, architecture),
    ...compareShapes(architecture, { made, folded }, shapes, options),
    ...compareStated(graph, shapes, options),
    ...compareTensors(graph, architecture, folded),
    ...compareCounts(counts, architecture, folded, options),
  ];
  return { counts, made, folded, differences };
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

/** Layer by layer what comes out; a layer that does nothing at inference needs no node. */
function compareShapes(
  architecture: Architecture,
  { made, folded }: Matched,
  shapes: Shapes,
  { batch, sizes }: CompareOptions,
): readonly Difference[] {
  const swallowed = new Set([...folded].map((op) => behindIdentities(op.inputs[0] as Activation).maker));
  return architecture.ops.flatMap((op) => {
    const name = made.get(op);
    if (name === undefined) {
      const isElsewhere = isIdentity(op) || swallowed.has(op);
      return isElsewhere ? [] : [{ kind: "shape", where: op.name, problem: "has no node in the model" }];
    }
    const expected = [batch, ...concreteShape(op.output.shape, sizes)];
    const found = shapes.get(name) ?? [];
    if (String(found) === String(expected)) return [];
    return [
      {
        kind: "shape",
        where: op.name,
        problem: `makes [${found.join(", ")}] in the model, and should make [${expected.join(", ")}]`,
      },
    ];
  });
}

/**
 * The tensor of each layer is called like the output that publishes it, or like the layer. Where a normalisation is
 * folded into the convolution before it, what the convolution makes is what the normalisation should make.
 */
function matchLayers(graph: Graph, architecture: Architecture): Matched {
  const published = publishedNames(architecture);
  const nodes = new Set(graph.nodes.flatMap((node) => node.outputs));
  const made = new Map<Op, string>();
  const folded = new Set<Op>();
  for (const op of architecture.ops.filter((one) => !isIdentity(one))) {
    const name = [published.get(op.output), op.name].find((one) => one !== undefined && nodes.has(one));
    const convolution = behindIdentities(op.inputs[0] as Activation).maker;
    if (op.kind === "batchnorm" && convolution && isFolded(op, convolution, graph)) {
      folded.add(op);
      const both = published.get(op.output) ?? made.get(convolution);
      made.delete(convolution);
      if (both !== undefined) made.set(op, both);
    } else if (name !== undefined) made.set(op, name);
  }
  return { made, folded };
}

/** Its statistics are gone, and the convolution has a bias. */
function isFolded(op: Op, convolution: Op, graph: Graph): boolean {
  if (convolution.kind !== "conv" && convolution.kind !== "deconv") return false;
  return !graph.initializers.has(`${op.name}.running_mean`) && graph.initializers.has(`${convolution.name}.bias`);
}

function publishedNames({ outputs }: Architecture): ReadonlyMap<Activation, string> {
  return new Map(outputs.map(({ name, activation }) => [behindIdentities(activation), name]));
}

/** What the file states of its tensors must be what they are; sizes that are polynomials of names are not looked at. */
function compareStated(graph: Graph, shapes: Shapes, { batch, sizes }: CompareOptions): readonly Difference[] {
  return [...graph.inputs, ...graph.stated, ...graph.outputs].flatMap(({ name, shape }) => {
    const found = shapes.get(name) ?? [];
    if (shape === null) return [];
    const fits = shape.every((size, axis) => {
      const stated = typeof size === "string" ? (size === "N" ? batch : sizes.get(size)) : (size ?? undefined);
      return stated === undefined || stated === found[axis];
    });
    if (fits && shape.length === found.length) return [];
    return [
      { kind: "shape", where: name, problem: `is stated as [${shape.join(", ")}], but is [${found.join(", ")}]` },
    ];
  });
}

function compareTensors(graph: Graph, architecture: Architecture, folded: ReadonlySet<Op>): readonly Difference[] {
  const gone = new Set<Tensor>([...folded].flatMap((op) => op.tensors));
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
  folded: ReadonlySet<Op>,
  { sizes }: CompareOptions,
): readonly Difference[] {
  const { layers } = count({ ...architecture, trainingOps: [] });
  const total = (role: "params" | "buffers" | "macs", some: (op: Op) => boolean) =>
    layers.reduce((sum, layer) => (some(layer.op) ? sum + numberOf(layer[role], sizes) : sum), 0);
  const added = [...folded].reduce((sum, op) => sum + addedBias(op), 0);
  const expected: Counts = {
    params: total("params", (op) => !folded.has(op)) + added,
    buffers: total("buffers", (op) => !folded.has(op)),
    macs: total("macs", () => true),
  };
  return (["params", "buffers", "macs"] as const).flatMap((what) => {
    if (found[what] === expected[what]) return [];
    return [
      { kind: "count", where: "the model", problem: `has ${found[what]} ${what}, and should have ${expected[what]}` },
    ];
  });
}

function addedBias(op: Op): number {
  const convolution = behindIdentities(op.inputs[0] as Activation).maker;
  const hasBias = convolution?.tensors.some((tensor) => tensor.role === "bias") ?? false;
  return hasBias || op.kind !== "batchnorm" ? 0 : op.settings.channels;
}

function numberOf(quantity: Quantity, sizes: ReadonlyMap<string, number>): number {
  const value = substitute(quantity, sizes);
  return typeof value === "number" ? value : Number.NaN;
}
