import { behindIdentities, isIdentity } from "./identity.ts";
import type { Activation, Architecture, Op, Tensor } from "./ir.ts";
import { type Assumptions, add, type Candidate, Greatest, multiply, type Quantity, subtract } from "./symbolic.ts";

/** In bytes, of the layers that run at inference; batch 1, float32. */
export interface Memory {
  /** Parameters, buffers and tables. */
  readonly weightBytes: Quantity;
  /** The outputs of all layers: what training keeps for the way back. */
  readonly activationBytes: Quantity;
  /** What Concat copies. */
  readonly concatBytes: Quantity;
  /**
   * What training keeps where the outputs of Concat, and of the normalisations and activations that read them, are made
   * again on the way back, in one shared buffer for each kind of layer (Pleiss et al., "Memory-Efficient Implementation
   * of DenseNets", 2017). Null where symbolic sizes leave open which is the largest.
   */
  readonly sharedConcatBytes: Quantity | null;
  /** The most that is alive at once when the layers run in order; null where symbolic sizes leave it open. */
  readonly peakBytes: Quantity | null;
  /** Where that is. Several where symbolic sizes decide between them; none where those would be too many. */
  readonly peaks: readonly Peak[];
}

/** A moment at which most is alive. */
export interface Peak {
  readonly bytes: Quantity;
  /** The layer that runs then. */
  readonly op: Op;
  /** Its inputs, its output and what later layers read, in the order in which they were made. */
  readonly alive: readonly Activation[];
}

/** What of a network runs at inference. */
type Running = Pick<Architecture, "ops" | "outputs" | "assumptions">;

/** `alive` is what `aliveBytes` returns for the same network. */
export function countMemory(network: Running, alive: readonly Quantity[]): Memory {
  const sums = sumMemory(network.ops);
  const peaks = peaksOf(network, alive);
  return {
    ...sums,
    sharedConcatBytes: sharedConcatBytes(network.ops, sums.activationBytes, network.assumptions),
    peakBytes: peaks.length > 1 ? null : network.ops.length === 0 ? 0 : (peaks[0]?.bytes ?? null),
    peaks,
  };
}

/** What of memory is a sum over all layers. */
export function sumMemory(ops: readonly Op[]): Pick<Memory, "weightBytes" | "activationBytes" | "concatBytes"> {
  let weightBytes: Quantity = 0;
  let activationBytes: Quantity = 0;
  let concatBytes: Quantity = 0;
  for (const op of ops) {
    for (const tensor of op.tensors) weightBytes = add(weightBytes, tensorBytes(tensor));
    const size = madeBytes(op);
    activationBytes = add(activationBytes, size);
    if (op.kind === "concat") concatBytes = add(concatBytes, size);
  }
  return { weightBytes, activationBytes, concatBytes };
}

/** For each op what is alive while it runs: it needs its inputs and its output, and a tensor goes after its last reader. */
export function aliveBytes({ ops, outputs }: Omit<Running, "assumptions">): readonly Quantity[] {
  const arriving = new Map<number, Quantity>();
  const leaving = new Map<number, Quantity>();
  for (const [activation, { first, last }] of lifetimes(ops, outputs)) {
    const bytes = bytesOf(activation);
    arriving.set(first, add(arriving.get(first) ?? 0, bytes));
    leaving.set(last, add(leaving.get(last) ?? 0, bytes));
  }
  let alive: Quantity = 0;
  return ops.map((_, at) => {
    alive = add(alive, arriving.get(at) ?? 0);
    const now = alive;
    const left = leaving.get(at);
    if (left !== undefined) alive = subtract(alive, left);
    return now;
  });
}

/** Of an activation: float32, batch 1. */
export function bytesOf(activation: Activation): Quantity {
  return multiply(bytesPerFloat, elements(activation.shape));
}

export function elements(shape: readonly Quantity[]): Quantity {
  return shape.reduce<Quantity>((product, size) => multiply(product, size), 1);
}

const bytesPerFloat = 4;

/** A counter is of no use at inference and in no file. */
function tensorBytes(tensor: Tensor): Quantity {
  if (tensor.kind === "counter") return 0;
  return multiply(elements(tensor.shape), tensor.dtype === "int64" ? 8 : bytesPerFloat);
}

/** An op that does nothing makes nothing; a linear layer flattens an image first, into a tensor of its own. */
function madeBytes(op: Op): Quantity {
  if (isIdentity(op)) return 0;
  const [input] = op.inputs;
  const flattened = op.kind === "linear" && input?.shape.length === 3 ? bytesOf(input) : 0;
  return add(bytesOf(op.output), flattened);
}

/** Indices of the first and the last op at which a tensor is alive. */
interface Lifetime {
  readonly first: number;
  last: number;
}

/** Of every tensor that is there at inference. The outputs of the network stay to the end. */
function lifetimes(ops: readonly Op[], outputs: Running["outputs"]): ReadonlyMap<Activation, Readonly<Lifetime>> {
  const found = new Map<Activation, Lifetime>();
  const isThereAt = (activation: Activation, at: number, first = at) => {
    const tensor = behindIdentities(activation);
    const lifetime = found.get(tensor);
    if (lifetime) lifetime.last = at;
    else found.set(tensor, { first, last: at });
  };
  for (const [at, op] of ops.entries()) {
    for (const input of op.inputs) isThereAt(input, at);
    isThereAt(op.output, at);
  }
  for (const { activation } of outputs) isThereAt(activation, ops.length, 0);
  return found;
}

function peaksOf({ ops, outputs, assumptions }: Running, alive: readonly Quantity[]): readonly Peak[] {
  const greatest = new Greatest<number>(assumptions);
  for (const [at, bytes] of alive.entries()) greatest.offer(bytes, at);
  const candidates = greatest.candidates ?? [];
  if (candidates.length === 0) return [];
  const tensors = [...lifetimes(ops, outputs)];
  return candidates.map(({ quantity, of: at }): Peak => {
    const present = tensors.filter(([, { first, last }]) => first <= at && at <= last);
    return { bytes: quantity, op: ops[at] as Op, alive: present.map(([activation]) => activation) };
  });
}

function sharedConcatBytes(ops: readonly Op[], all: Quantity, given: Assumptions): Quantity | null {
  const remade = new Set<Activation>();
  const buffers = new Map<Op["kind"], Greatest<Op>>();
  let kept = all;
  for (const op of ops) {
    const readsRemade = remade.has(behindIdentities(op.inputs[0] as Activation));
    if (isIdentity(op) || !(op.kind === "concat" || (readsRemade && isCheap(op)))) continue;
    remade.add(op.output);
    kept = subtract(kept, bytesOf(op.output));
    const buffer = buffers.get(op.kind) ?? new Greatest<Op>(given);
    buffers.set(op.kind, buffer.offer(bytesOf(op.output), op));
  }
  for (const { candidates } of buffers.values()) {
    const [only, ...others]: readonly Candidate<Op>[] = candidates ?? [];
    if (!only || others.length > 0) return null;
    kept = add(kept, only.quantity);
  }
  return kept;
}

/** Made again in the time of a copy: what takes each number alone. */
function isCheap({ kind }: Op): boolean {
  return cheap.has(kind);
}

const cheap: ReadonlySet<Op["kind"]> = new Set<Op["kind"]>([
  "batchnorm",
  "relu",
  "relu6",
  "leakyrelu",
  "silu",
  "hardswish",
  "hardsigmoid",
  "sigmoid",
  "tanh",
  "gelu",
]);
