import type { Architecture, Op, OpOf, Tensor } from "../compiler/ir.ts";
import type { Precision } from "../inspect/casts.ts";
import type { Comparison } from "../inspect/compare.ts";
import type { Graph } from "../inspect/model.ts";
import { valuesOf } from "../inspect/values.ts";
import { elementsOf, type TensorData, type Weights } from "../weights/weights.ts";

/**
 * Weights with which a network computes what a model holds, by the names of the network's tensors. Where the model
 * holds what was reckoned from them, they are such as lead there again: a batch normalisation that was folded into the
 * convolution before it is what is left of it, the new bias; standardised filters are stretched so that to standardise
 * them gives them again, or where they were rounded afterwards, are given as they are. Filters that were never standardised are not among those that can come out, and differ.
 * Throws where the model has not what the network needs; `compareWithArchitecture` tells that beforehand.
 */
export function weightsOfModel(
  graph: Graph,
  architecture: Architecture,
  { folded, precision }: Pick<Comparison, "folded" | "precision">,
): Weights {
  const rounding = roundings[precision.weights];
  const areStandardised = rounding > 0;
  const owners = new Map<Tensor, Op>();
  for (const op of architecture.ops) for (const tensor of op.tensors) owners.set(tensor, op);
  // The first of several normalisations that are folded into one convolution.
  const heirs = new Map([...folded].reverse().map(([normalisation, convolution]) => [convolution, normalisation]));
  return {
    areStandardised,
    data(tensor) {
      const owner = owners.get(tensor);
      const convolution = owner && folded.get(owner);
      if (owner?.kind === "batchnorm" && convolution) {
        const left =
          heirs.get(convolution) === owner ? leftOf(graph, convolution, areStandardised) : nothingLeft(owner);
        return standIn(tensor, owner, left);
      }
      const stored = graph.initializers.get(tensor.name);
      if (!stored) throw new Error(`the model has no ${tensor.name}`);
      const values = typed(valuesOf(stored), tensor);
      // Of a convolution with a folded normalisation, that has the bias.
      if (owner && heirs.has(owner) && tensor.role === "bias") return new Float32Array(values.length);
      if (owner?.kind !== "conv" || owner.settings.standardize === null || tensor.role !== "weight") return values;
      const filters = values as Float32Array;
      if (areStandardised) return asStandardised(filters, owner, rounding, heirs.has(owner));
      return unstandardised(filters, owner, owner.settings.standardize, heirs.has(owner));
    },
  };
}

function typed(values: Float32Array | readonly number[], tensor: Tensor): TensorData {
  if (values instanceof Float32Array) return values;
  return tensor.dtype === "int64" ? BigInt64Array.from(values, BigInt) : Float32Array.from(values);
}

/** What a folded normalisation still does to each channel: x·factor + shift. */
interface Left {
  readonly factor: Float64Array;
  readonly shift: Float64Array;
}

function nothingLeft({ settings: { channels } }: OpOf<"batchnorm">): Left {
  return { factor: new Float64Array(channels).fill(1), shift: new Float64Array(channels) };
}

/** The bias, and the deviation of each filter, where standardising it would take that away. */
function leftOf({ initializers }: Graph, convolution: Op, isStandardised: boolean): Left {
  const [weight, bias] = ["weight", "bias"].map((role) => initializers.get(`${convolution.name}.${role}`));
  if (!weight || !bias) throw new Error(`the model has no convolution ${convolution.name} with a bias`);
  const shift = Float64Array.from(valuesOf(bias));
  if (isStandardised || convolution.kind !== "conv" || convolution.settings.standardize === null) {
    return { factor: new Float64Array(shift.length).fill(1), shift };
  }
  const variances = variancesOf(Float32Array.from(valuesOf(weight)), shift.length);
  return { factor: variances.map((variance) => (variance > 0 ? Math.sqrt(variance) : 1)), shift };
}

/** (x − mean)/√(var + eps)·γ + β is x·factor + shift; without γ and β the statistics say it. */
function standIn(tensor: Tensor, { settings: { eps, affine } }: OpOf<"batchnorm">, { factor, shift }: Left) {
  switch (tensor.role) {
    case "weight":
      return Float32Array.from(factor, (f) => f * Math.sqrt(1 + eps));
    case "bias":
      return Float32Array.from(shift);
    case "running_var":
      return Float32Array.from(factor, (f) => (affine ? 1 : 1 / (f * f) - eps));
    case "running_mean":
      return Float32Array.from(shift, (s, c) => (affine ? 0 : -s / (factor[c] as number)));
    default:
      return typed(new Array<number>(elementsOf(tensor.shape)).fill(0), tensor);
  }
}

/**
 * Filters that are (w − mean)/√(var + eps) have mean 0 and the variance v = var/(var + eps), and a times such a filter
 * is standardised to itself for a² = eps/(1 − v). Near v = 1 rounding alone would decide; then a is as large as it may
 * be, and eps vanishes beside the variance. Of a `scaled` filter v is not known: a is large, and √v is left to others.
 */
function unstandardised(filters: Float32Array, { settings }: OpOf<"conv">, eps: number, isScaled: boolean) {
  const variances = variancesOf(filters, settings.channels);
  const size = filters.length / settings.channels;
  return filters.map((value, i) => {
    const variance = variances[Math.floor(i / size)] as number;
    const squared = isScaled ? eps / (nearlyNothing * variance || 1) : eps / Math.max(1 - variance, nearlyNothing);
    return value * Math.sqrt(squared);
  });
}

/** How much of a value the rounding of weights may take or add; of float32 too little to be seen. */
const roundings: Readonly<Record<Precision["weights"], number>> = { float32: 0, float16: 2 ** -10, bfloat16: 2 ** -7 };

/**
 * Filters as they are held, if they were standardised and then rounded: then they have nearly mean 0, and a variance of
 * hardly more than 1. Of others, what standardising would make of them.
 */
function asStandardised(filters: Float32Array, { settings }: OpOf<"conv">, rounding: number, isScaled: boolean) {
  const size = filters.length / settings.channels;
  const variances = variancesOf(filters, settings.channels);
  const means = meansOf(filters, settings.channels);
  return filters.map((value, i) => {
    const c = Math.floor(i / size);
    const [mean, variance] = [means[c] as number, variances[c] as number];
    const isCentred = Math.abs(mean) <= rounding * Math.sqrt(variance);
    if (isCentred && (isScaled || variance <= 1 + 2 * rounding)) return value;
    return (value - mean) / Math.sqrt(variance || 1);
  });
}

/** Less than float32 can tell. */
const nearlyNothing = 1e-9;

function meansOf(filters: Float32Array, channels: number): Float64Array {
  const size = filters.length / channels;
  return Float64Array.from({ length: channels }, (_, c) => {
    return filters.subarray(c * size, (c + 1) * size).reduce((sum, value) => sum + value, 0) / size;
  });
}

/** Of each filter, biased. */
function variancesOf(filters: Float32Array, channels: number): Float64Array {
  const size = filters.length / channels;
  return meansOf(filters, channels).map((mean, c) => {
    const filter = filters.subarray(c * size, (c + 1) * size);
    return filter.reduce((sum, value) => sum + (value - mean) ** 2, 0) / size;
  });
}
