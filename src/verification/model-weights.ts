import type { Architecture, Op, Tensor } from "../compiler/ir.ts";
import type { Graph } from "../inspect/model.ts";
import { valuesOf } from "../inspect/values.ts";
import { elementsOf, type TensorData, type Weights } from "../weights/weights.ts";

/**
 * The weights that a model holds, by the names of the network's tensors. Where a batch normalisation was folded into the
 * convolution before it, it is read as what is left of it: the identity and the new bias. Throws where the model has
 * not what the network needs; `compareWithArchitecture` tells that beforehand.
 */
export function weightsOfModel(graph: Graph, architecture: Architecture): Weights {
  const owners = new Map<Tensor, Op>();
  for (const op of architecture.ops) for (const tensor of op.tensors) owners.set(tensor, op);
  return {
    data(tensor) {
      const stored = graph.initializers.get(tensor.name);
      if (stored) return typed(valuesOf(stored), tensor);
      const owner = owners.get(tensor);
      if (owner?.kind !== "batchnorm") throw new Error(`the model has no ${tensor.name}`);
      return foldedValues(tensor, owner, graph);
    },
  };
}

function typed(values: Float32Array | readonly number[], tensor: Tensor): TensorData {
  if (values instanceof Float32Array) return values;
  return tensor.dtype === "int64" ? BigInt64Array.from(values, BigInt) : Float32Array.from(values);
}

/** (x − 0)/√(1 + eps)·√(1 + eps) + b, b the bias that the convolution got, where the network gives it none itself. */
function foldedValues(tensor: Tensor, owner: Op, graph: Graph): TensorData {
  const values = new Float32Array(elementsOf(tensor.shape));
  const convolution = owner.inputs[0]?.maker;
  if (owner.kind !== "batchnorm" || !convolution) throw new Error(`the model has no ${tensor.name}`);
  if (tensor.role === "running_var") return values.fill(1);
  if (tensor.role === "weight") return values.fill(Math.sqrt(1 + owner.settings.eps));
  const bias = graph.initializers.get(`${convolution.name}.bias`);
  const isNew = !convolution.tensors.some((one) => one.role === "bias");
  if (tensor.role === "bias" && isNew && bias) return typed(valuesOf(bias), tensor);
  return values;
}
