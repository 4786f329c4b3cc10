import type { Architecture, Tensor } from "../../compiler/ir.ts";

/**
 * How a weight lies in a file, as the order of its axes: outputs O, inputs I and, of a convolution, height H and width W.
 * TensorFlow has kernels as HWIO and those of depthwise convolutions as HWOI, and matrices as IO.
 */
export type Layout = string;

/** Each axis once. */
export function isLayout(text: string): boolean {
  const axes = text.split("").toSorted().join("");
  return axes === "HIOW" || axes === "IO";
}

/** In which order a network has the axes of each weight: transposed convolutions have their inputs first. */
export function ownLayouts({ ops, trainingOps }: Architecture): (tensor: Tensor) => Layout {
  const inputsFirst = new Set(
    [...ops, ...trainingOps].flatMap((op) => (op.kind === "deconv" ? op.tensors.map(({ name }) => name) : [])),
  );
  return ({ name, shape }) => (shape.length === 2 ? "OI" : inputsFirst.has(name) ? "IOHW" : "OIHW");
}

/** Which axis of a file each axis of a network is; null where they are not the same axes. */
export function axesOf(inFile: Layout, own: Layout): readonly number[] | null {
  return inFile.length === own.length ? own.split("").map((axis) => inFile.indexOf(axis)) : null;
}
