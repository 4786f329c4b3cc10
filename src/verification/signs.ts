import type { Op, Tensor } from "../compiler/ir.ts";
import { plane, type Sample, sidesOf } from "../reference/sample.ts";

/**
 * The channels of what an op has made that would be all but lost in a rectifier, in the whole batch: nothing after it
 * would show what their filters are. Every fourth of them is left as it is, so that the rectifier can be seen, too. None
 * where the op has no weights that could be turned.
 */
export function channelsToTurn(op: Op, outputs: readonly Sample[]): readonly number[] {
  if (!turnable.has(op.kind) || !op.tensors.some(({ role }) => role === "weight")) return [];
  const count = sidesOf(outputs[0]?.shape ?? []).channels;
  const muted = Array.from({ length: count }, (_, channel) => channel).filter((channel) => isMuted(channel, outputs));
  return muted.filter((_, i) => i % 4 !== 3);
}

function isMuted(channel: number, outputs: readonly Sample[]): boolean {
  let [positive, all] = [0, 0];
  for (const output of outputs) {
    const values = plane(output, channel);
    for (let i = 0; i < values.length; i++) {
      positive += Math.max(values[i] as number, 0);
      all += Math.abs(values[i] as number);
    }
  }
  return positive < all * leastShare;
}

/** Kinds whose output changes its sign with those of a filter and its bias. */
const turnable: ReadonlySet<Op["kind"]> = new Set(["conv", "deconv", "linear", "batchnorm", "groupnorm"]);
const leastShare = 1 / 16;

/** Changes the sign of channels, in place; exactly, as if their filters had had the other sign from the beginning. */
export function turnChannels(outputs: readonly Sample[], channels: readonly number[]): void {
  for (const output of outputs) {
    for (const channel of channels) negate(plane(output, channel));
  }
}

/** The same in a weight or a bias of the op. */
export function turnFilters(values: Float32Array, tensor: Tensor, op: Op, channels: readonly number[]): void {
  for (const channel of channels) for (const part of partsOf(values, tensor, op, channel)) negate(part);
}

/** What of a tensor belongs to one output channel: a row, but of a deconvolution a kernel for every input channel. */
function partsOf(values: Float32Array, tensor: Tensor, op: Op, channel: number): readonly Float32Array[] {
  if (op.kind !== "deconv" || tensor.role !== "weight") {
    const size = values.length / (tensor.shape[0] as number);
    return [values.subarray(channel * size, (channel + 1) * size)];
  }
  const { inChannels, channels, groups } = op.settings;
  const [from, filters] = [inChannels / groups, channels / groups];
  const first = Math.floor(channel / filters) * from;
  const taps = values.length / inChannels / filters;
  return Array.from({ length: from }, (_, c) => {
    const start = ((first + c) * filters + (channel % filters)) * taps;
    return values.subarray(start, start + taps);
  });
}

function negate(values: Float32Array | Float64Array): void {
  for (let i = 0; i < values.length; i++) values[i] = -(values[i] as number);
}
