import { behindIdentities, isIdentity } from "./identity.ts";
import type { Activation, Architecture, Op, Tensor } from "./ir.ts";
import { layers } from "./layers/registry.ts";
import { type Assumptions, add, compare, multiply, type Quantity } from "./symbolic.ts";

/**
 * What a network costs. A quantity is a polynomial of the symbolic sizes where it depends on them.
 * Batch 1, float32. MACs are those of convolutions and linear layers, without bias; FLOPs are 2 × MACs.
 */
export interface Stats extends Totals {
  readonly memory: Memory;
  readonly layers: readonly LayerStats[];
  readonly tensors: readonly Tensor[];
}

export interface Totals {
  /** Learnable parameters, those of the training layers included. */
  readonly params: Quantity;
  /** Running statistics. */
  readonly buffers: Quantity;
  readonly macs: Quantity;
  readonly flops: Quantity;
  /** Weighted layers (convolutions and linear layers) on the longest path. */
  readonly depth: number;
}

/** In bytes, of the layers that run at inference. */
export interface Memory {
  /** Parameters, buffers and tables. */
  readonly weightBytes: Quantity;
  /** The outputs of all layers. */
  readonly activationBytes: Quantity;
  /** The most that is alive at once when the layers run in order; null where symbolic sizes leave it open. */
  readonly peakBytes: Quantity | null;
  /** What Concat copies. */
  readonly concatBytes: Quantity;
}

export interface LayerStats {
  readonly op: Op;
  /** In `training { … }`: its parameters count, its MACs do not. */
  readonly training: boolean;
  readonly params: Quantity;
  readonly buffers: Quantity;
  readonly macs: Quantity;
}

export function count(architecture: Architecture): Stats {
  const { ops, trainingOps, tensors, assumptions } = architecture;
  const all = [...ops.map((op) => layerStats(op, false)), ...trainingOps.map((op) => layerStats(op, true))];
  return { ...sum(all, ops), memory: countMemory(ops, assumptions), layers: all, tensors };
}

/** The totals of some of the ops of a network: of a block, or of all. */
export function countTotals(ops: readonly Op[], trainingOps: readonly Op[]): Totals {
  const all = [...ops.map((op) => layerStats(op, false)), ...trainingOps.map((op) => layerStats(op, true))];
  return sum(all, ops);
}

function layerStats(op: Op, training: boolean): LayerStats {
  return {
    op,
    training,
    params: storedElements(op, "parameter"),
    buffers: storedElements(op, "buffer"),
    macs: training ? 0 : macsOf(op),
  };
}

/** Joins are in no table of layers: they neither store nor multiply. */
function macsOf(op: Op): Quantity {
  const input = op.inputs[0];
  return input ? (layers.get(op.kind)?.macs(op.settings, input.shape, op.output.shape) ?? 0) : 0;
}

function storedElements(op: Op, kind: Tensor["kind"]): Quantity {
  let total: Quantity = 0;
  for (const tensor of op.tensors) {
    if (tensor.kind === kind) total = add(total, elements(tensor.shape));
  }
  return total;
}

function sum(all: readonly LayerStats[], ops: readonly Op[]): Totals {
  let params: Quantity = 0;
  let buffers: Quantity = 0;
  let macs: Quantity = 0;
  for (const layer of all) {
    params = add(params, layer.params);
    buffers = add(buffers, layer.buffers);
    macs = add(macs, layer.macs);
  }
  return { params, buffers, macs, flops: multiply(2, macs), depth: depthOf(ops) };
}

function depthOf(ops: readonly Op[]): number {
  const depths = new Map<Activation, number>();
  let deepest = 0;
  for (const op of ops) {
    let depth = isWeighted(op) ? 1 : 0;
    const longest = op.inputs.reduce((most, input) => Math.max(most, depths.get(input) ?? 0), 0);
    depth += longest;
    depths.set(op.output, depth);
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

function isWeighted(op: Op): boolean {
  return op.kind === "conv" || op.kind === "deconv" || op.kind === "linear";
}

function countMemory(ops: readonly Op[], given: Assumptions): Memory {
  let weights: Quantity = 0;
  let activations: Quantity = 0;
  let concats: Quantity = 0;
  for (const op of ops) {
    for (const tensor of op.tensors) weights = add(weights, tensorBytes(tensor));
    if (isIdentity(op)) continue;
    const size = bytesOf(op.output);
    activations = add(activations, add(size, flattenedBytes(op)));
    if (op.kind === "concat") concats = add(concats, size);
  }
  return {
    weightBytes: weights,
    activationBytes: activations,
    peakBytes: peakBytes(ops, given),
    concatBytes: concats,
  };
}

/** A linear layer flattens an image first, into a tensor of its own. */
function flattenedBytes(op: Op): Quantity {
  return op.kind === "linear" && op.inputs[0]?.shape.length === 3 ? bytesOf(op.inputs[0]) : 0;
}

/** A counter is of no use at inference and in no file. */
function tensorBytes(tensor: Tensor): Quantity {
  if (tensor.kind === "counter") return 0;
  return multiply(elements(tensor.shape), tensor.dtype === "int64" ? 8 : bytesPerFloat);
}

const bytesPerFloat = 4;

/** Each op needs its inputs and its output at once; a tensor goes when the last op that reads it is done. */
function peakBytes(ops: readonly Op[], given: Assumptions): Quantity | null {
  const readers = new Map<Activation, number>();
  for (const op of ops) {
    for (const input of op.inputs)
      readers.set(behindIdentities(input), (readers.get(behindIdentities(input)) ?? 0) + 1);
  }
  let alive: Quantity = 0;
  let peak: Quantity = 0;
  const arrived = new Set<Activation>();
  const arrive = (activation: Activation) => {
    if (arrived.has(activation)) return;
    arrived.add(activation);
    alive = add(alive, bytesOf(activation));
  };
  for (const op of ops) {
    for (const input of op.inputs) arrive(behindIdentities(input));
    arrive(behindIdentities(op.output));
    const relation = compare(alive, peak, given);
    if (relation === "unknown" || relation === "unequal") return null;
    if (relation === "greater" || relation === "at-least") peak = alive;
    for (const input of op.inputs) {
      const left = (readers.get(behindIdentities(input)) ?? 0) - 1;
      readers.set(behindIdentities(input), left);
      if (left === 0) alive = add(alive, multiply(-1, bytesOf(behindIdentities(input))));
    }
  }
  return peak;
}

function bytesOf(activation: Activation): Quantity {
  return multiply(bytesPerFloat, elements(activation.shape));
}

function elements(shape: readonly Quantity[]): Quantity {
  return shape.reduce<Quantity>((product, size) => multiply(product, size), 1);
}
