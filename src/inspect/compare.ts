import { concreteShape } from "../compiler/concrete.ts";
import { count } from "../compiler/count.ts";
import type { Architecture, Op, Tensor } from "../compiler/ir.ts";
import { type Quantity, substitute } from "../compiler/symbolic.ts";
import { type Precision, precisionOf, withoutCasts } from "./casts.ts";
import type { DifferenceKind } from "./codes.ts";
import { type ComparedNodes, compareLayers, compareNodes } from "./compare-layers.ts";
import { compareStated } from "./compare-stated.ts";
import { type Counts, countGraph } from "./counts.ts";
import { type ElementTypes, inferTypes } from "./element-types.ts";
import { ModelFault } from "./fault.ts";
import { type Matched, matchLayers } from "./match-layers.ts";
import type { Graph, Model } from "./model.ts";
import { inferShapes, type Shapes } from "./shapes.ts";
import { typeName } from "./stored-tensor.ts";

export interface CompareOptions {
  readonly batch: number;
  /** The symbolic sizes; empty where every size is a number. */
  readonly sizes: ReadonlyMap<string, number>;
}

export interface Comparison extends Matched {
  readonly precision: Precision;
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
  refuseForeign(model, architecture);
  const precision = precisionOf(graph, architecture);
  const uncast = withoutCasts(graph, precision);
  const matched = matchLayers(uncast, architecture);
  const nodes = compareNodes({ ...model, graph: uncast.graph }, architecture, matched, precision);
  const shapes = inferredShapes(graph, input, nodes);
  const { types, mixtures } = inferTypes(graph);
  const counts = countGraph(uncast.graph, shapes);
  const differences = [
    ...compareVersions(model),
    ...compareBorder(graph, architecture, precision),
    ...compareLayers(nodes, architecture, matched, shapes, options),
    ...compareStated(graph, architecture, matched, shapes, types, options),
    ...compareTensors(graph, architecture, matched, precision),
    ...compareCounts(counts, architecture, matched, options),
    ...mixtures.map(mixed),
  ];
  return { counts, precision, ...matched, differences };
}

/** Where nothing bears a name of the network, all would differ, and that says less. */
function refuseForeign({ producer, graph: { nodes, initializers } }: Model, { ops, tensors }: Architecture): void {
  const names = new Set([...nodes.flatMap(({ name, outputs }) => [name, ...outputs]), ...initializers.keys()]);
  if (ops.length === 0 || [...ops, ...tensors].some(({ name }) => names.has(name))) return;
  const maker =
    producer === "" || producer === "dnetc" ? "" : `: it was not written by dnetc (its producer is ${producer})`;
  throw new ModelFault("model-foreign", `it has none of the ${ops.length} layers of the network${maker}`);
}

/** Where a file cannot be read on, the first node that is not what it should be may be another, and is named. */
function inferredShapes(graph: Graph, input: readonly number[], { ofLayers, others }: ComparedNodes): Shapes {
  try {
    return inferShapes(graph, input);
  } catch (error) {
    const [first] = [...ofLayers.values(), ...others];
    if (!(error instanceof ModelFault) || !first) throw error;
    throw new ModelFault(error.code, `${first.where} ${first.problem}; then ${error.message}`);
  }
}

/** The version of the format that dnetc writes with every opset. */
const writtenIrVersion = 8;

function compareVersions({ irVersion, otherDomains }: Model): readonly Difference[] {
  const differs = (problem: string): Difference => ({ kind: "metadata", where: "the model", problem });
  return [
    ...(irVersion === writtenIrVersion
      ? []
      : [differs(`has IR version ${irVersion}, and should have ${writtenIrVersion}`)]),
    ...otherDomains.map((domain) => differs(`imports operators of ${domain}, and should import those of ONNX alone`)),
  ];
}

function compareBorder(graph: Graph, { input, outputs }: Architecture, { border }: Precision): readonly Difference[] {
  const expected = [input.name, ...outputs.map((output) => output.name)];
  const borders = [...graph.inputs, ...graph.outputs];
  const found = borders.map(({ name }) => name);
  const others = borders.flatMap(({ name, type }): readonly Difference[] => {
    if (typeName(type) === border) return [];
    return [{ kind: "border", where: name, problem: `is stated as ${typeName(type)}, and should be ${border}` }];
  });
  if (String(expected) === String(found)) return others;
  const problem = `takes and gives ${found.join(", ")}, and should ${expected.join(", ")}`;
  return [{ kind: "border", where: "the model", problem }, ...others];
}

function compareTensors(
  graph: Graph,
  architecture: Architecture,
  { folded }: Matched,
  { weights }: Precision,
): readonly Difference[] {
  const gone = new Set<Tensor>([...folded.keys()].flatMap((op) => op.tensors));
  const own = architecture.ops
    .flatMap((op) => op.tensors)
    .filter((tensor) => tensor.kind !== "counter" && !gone.has(tensor));
  // Folding gives a convolution a bias that had none.
  const added = [...new Set(folded.values())].flatMap((op) => {
    const channels = addedBias(op);
    return channels === 0 ? [] : [{ name: `${op.name}.bias`, shape: [channels], dtype: "float32" }];
  });
  return [...own, ...added].flatMap(({ name, shape, dtype }): readonly Difference[] => {
    const found = graph.initializers.get(name);
    const expected = `${dtype === "int64" ? "int64" : weights} [${shape.join(", ")}]`;
    const actual = found ? `${found.dtype} [${found.shape.join(", ")}]` : null;
    if (actual === expected) return [];
    const problem = actual === null ? "is not in the model" : `is ${actual}, and should be ${expected}`;
    return [{ kind: "tensor", where: name, problem }];
  });
}

function mixed({ node, types }: ElementTypes["mixtures"][number]): Difference {
  const where = node.name || (node.outputs[0] ?? "");
  return { kind: "node", where, problem: `(${node.type}) reads ${types.join(" and ")}` };
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
