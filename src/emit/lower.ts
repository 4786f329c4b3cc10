import { isIdentity } from "../compiler/identity.ts";
import type { Activation, Architecture, OpKind, OpOf } from "../compiler/ir.ts";
import type { Weights } from "../weights/weights.ts";
import { type Flowing, flowing, type Graph, type Node } from "./graph.ts";
import { lowerActivations } from "./lower/activation.ts";
import { lowerConvolutions } from "./lower/convolution.ts";
import { lowerJoins } from "./lower/join.ts";
import { lowerNormalisations } from "./lower/normalisation.ts";
import { lowerPoolings } from "./lower/pooling.ts";
import { lowerRearrangements } from "./lower/rearranging.ts";
import { type Lower, Lowering } from "./lowering.ts";

/**
 * Every kind of op as nodes of ONNX opsets 13 to 21, a family to a file. To add a kind: an entry in the table of its
 * family, and a case for the test that runs every kind at every opset.
 */
export const lowerings: { readonly [K in OpKind]: Lower<K> } = {
  ...lowerConvolutions,
  ...lowerNormalisations,
  ...lowerActivations,
  ...lowerPoolings,
  ...lowerRearrangements,
  ...lowerJoins,
};

/** The graph of a network; ops that do nothing at inference leave no node. */
export function lower(architecture: Architecture, weights: Weights, opset: number): Graph {
  const { name, activation } = architecture.input;
  const input = flowing(name, activation);
  const values = new Map<Activation, Flowing>([[activation, input]]);
  const nodes: Node[] = [];
  const valueFor = (needed: Activation) => {
    const value = values.get(needed);
    if (!value) throw new Error(`${needed.maker?.name ?? "the input"} is used before it is made`);
    return value;
  };
  for (const op of architecture.ops) {
    const inputs = op.inputs.map(valueFor);
    const output = isIdentity(op) ? inputs[0] : lowerOp(op, new Lowering(op, inputs, opset, weights, nodes));
    values.set(op.output, output as Flowing);
  }
  const outputs = architecture.outputs.map((output) => ({ name: output.name, value: valueFor(output.activation) }));
  return { input, outputs, nodes };
}

function lowerOp<K extends OpKind>(op: OpOf<K>, to: Lowering): Flowing {
  return lowerings[op.kind](op, to);
}
