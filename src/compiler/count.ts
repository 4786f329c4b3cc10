import type { Activation, Architecture, Op, Tensor } from "./ir.ts";
import { layers } from "./layers/registry.ts";
import { aliveBytes, countMemory, elements, type Memory, sumMemory } from "./memory.ts";
import { type ReceptiveField, receptiveFields } from "./receptive-field.ts";
import { add, multiply, type Quantity } from "./symbolic.ts";

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

export interface LayerCounts {
  readonly op: Op;
  /** In `training { … }`: its parameters count, its MACs do not. */
  readonly training: boolean;
  readonly params: Quantity;
  readonly buffers: Quantity;
  readonly macs: Quantity;
}

export interface LayerStats extends LayerCounts {
  /** Of the activations that are there while the layer runs; 0 for one of `training { … }`, which never does. */
  readonly aliveBytes: Quantity;
  /** Of the output of the layer. */
  readonly receptiveField: ReceptiveField;
}

export function count(architecture: Architecture): Stats {
  const { ops, trainingOps, tensors } = architecture;
  const counts = layerCounts(ops, trainingOps);
  const alive = aliveBytes(architecture);
  const fields = receptiveFields([...ops, ...trainingOps]);
  // Written out, as to spread so many objects takes a while.
  const all = counts.map(({ op, training, params, buffers, macs }, at): LayerStats => {
    const [aliveBytes, receptiveField] = [alive[at] ?? 0, fields[at] ?? null];
    return { op, training, params, buffers, macs, aliveBytes, receptiveField };
  });
  return { ...sum(counts, ops), memory: countMemory(architecture, alive), layers: all, tensors };
}

/**
 * Works out every sum that `count` returns, as those of symbolic sizes may grow beyond the limits of polynomials: throws
 * LimitExceeded where one does. What only compares them never throws.
 */
export function addUp({ ops, trainingOps, outputs }: Pick<Architecture, "ops" | "trainingOps" | "outputs">): void {
  countTotals(ops, trainingOps);
  aliveBytes({ ops, outputs });
  sumMemory(ops);
}

/** The totals of some of the ops of a network: of a block, or of all. */
export function countTotals(ops: readonly Op[], trainingOps: readonly Op[]): Totals {
  return sum(layerCounts(ops, trainingOps), ops);
}

function layerCounts(ops: readonly Op[], trainingOps: readonly Op[]): readonly LayerCounts[] {
  return [...ops.map((op) => countLayer(op, false)), ...trainingOps.map((op) => countLayer(op, true))];
}

function countLayer(op: Op, training: boolean): LayerCounts {
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

function sum(all: readonly LayerCounts[], ops: readonly Op[]): Totals {
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
