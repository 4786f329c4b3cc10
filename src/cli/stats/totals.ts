import type { LayerStats, Stats } from "../../compiler/count.ts";
import type { DenseBlock } from "../../compiler/ir.ts";
import type { Memory } from "../../compiler/memory.ts";
import { compareExact, type Exact, isExact } from "../../compiler/number.ts";
import { formatQuantity, type Quantity } from "../../compiler/symbolic.ts";
import { exactly, roughly, roughlyBytes } from "../figures.ts";
import { counted } from "../render.ts";
import { visible } from "../visible-text.ts";
import type { Drawing } from "./drawing.ts";

/** What it is, exactly, and roughly or with a remark. */
export type Total = readonly [name: string, exact: string, aside: string];

export function countTotalsOf(stats: Stats): readonly Total[] {
  const { params, buffers, macs, flops, depth } = stats;
  return [
    ["parameters", exactly(params), roughly(params)],
    ["buffers", exactly(buffers), roughly(buffers)],
    ["MACs", exactly(macs), roughly(macs)],
    ["FLOPs", exactly(flops), roughly(flops)],
    ["depth", String(depth), ""],
    ...fieldTotal(stats),
  ];
}

function fieldTotal(stats: Stats): readonly Total[] {
  const last = lastWindow(stats);
  if (!last?.receptiveField) return [];
  const window = last.receptiveField.join("×");
  const behind = stats.layers.slice(stats.layers.indexOf(last) + 1).filter(({ training }) => !training);
  const [first] = behind;
  return first && behind.some(hasPixels)
    ? [["receptive field", "all", `from ${visible(first.op.name)} on (${window} before)`]]
    : [["receptive field", window, `at ${visible(last.op.name)}`]];
}

/** Are there still several places to compute, as behind a gate, and not behind the global pooling at the end? */
function hasPixels({ op }: LayerStats): boolean {
  return op.output.shape.slice(1).some((size) => size !== 1);
}

/** The last layer that sees a window of the image; behind global pooling it is the whole image. */
export function lastWindow({ layers }: Stats): LayerStats | null {
  return layers.findLast(({ receptiveField, training }) => receptiveField && !training) ?? null;
}

/** In bytes. */
export function memoryTotals(memory: Memory): readonly Total[] {
  const { weightBytes, activationBytes, concatBytes, sharedConcatBytes } = memory;
  const shared = sharedConcatBytes === null ? [] : [sharedConcatBytes];
  return [
    ["weights", ...bytes([weightBytes])],
    ["activations at the peak", ...bytes(peakOf(memory))],
    ["activations kept in training", ...bytes([activationBytes])],
    ...(concatBytes === 0 ? [] : [["the same, Concat recomputed", ...bytes(shared)] as const]),
    ["copied by Concat", ...bytes([concatBytes])],
  ];
}

/** What may be the peak: one quantity, or those between which symbolic sizes decide; none where they are too many. */
export function peakOf({ peakBytes, peaks }: Memory): readonly Quantity[] {
  return peakBytes === null ? peaks.map((one) => one.bytes) : [peakBytes];
}

/** Exactly and roughly; `max(…)` of several. */
function bytes(quantities: readonly Quantity[]): readonly [exact: string, aside: string] {
  const [only, ...others] = quantities;
  if (only === undefined) return ["open", "the sizes decide which is the largest; give them with --dim"];
  if (others.length > 0) return [`max(${quantities.map(formatQuantity).join(", ")})`, ""];
  return [exactly(only), roughlyBytes(only)];
}

/** Short, for a column: `8.04 MiB`, or the polynomial. */
export function bytesText(alive: readonly Quantity[]): string {
  const [only, ...others] = alive;
  if (only === undefined || others.length > 0) return "open";
  if (only === 0) return "";
  return roughlyBytes(only) || (isExact(only) ? `${exactly(only)} B` : exactly(only));
}

/** `6 layers see 64 + 32·(l−1) channels: 64, 96, 128, …, 224 → 256` */
export function derivation({ k0, growth, layers, output }: DenseBlock): string {
  const seen = (l: number) => k0 + growth * (l - 1);
  const first = Array.from({ length: Math.min(layers, 3) }, (_, at) => seen(at + 1));
  const listed = layers > 5 ? [...first, "…", seen(layers)] : Array.from({ length: layers }, (_, at) => seen(at + 1));
  const law = `${k0} + ${growth}·(l−1) channels: ${listed.join(", ")} → ${formatQuantity(output.shape[0])}`;
  return `${counted(layers, "layer")} see${layers === 1 ? "s" : ""} ${law}`;
}

/** What the figures suppose, and what symbolic ones come to at the size that is drawn. */
export function remarksOn({ sizes, figureOf }: Drawing, { macs, layers }: Stats): string {
  const supposed = "MACs and memory: batch 1, float32.";
  if (sizes.size === 0) return supposed;
  const drawn = [...sizes].map(([name, size]) => `${name} = ${size}`).join(", ");
  const alive = layers.map(({ aliveBytes }) => figureOf(aliveBytes));
  const peak = alive.reduce((most, one) => (compareExact(most, one) < 0 ? one : most), 0);
  const there = `${short(figureOf(macs), roughly, "")} MACs and ${short(peak, roughlyBytes, " B")} at the peak`;
  return `${supposed}\nShares and bars: at ${drawn} (${there}).`;
}

function short(figure: Exact, rough: (quantity: Quantity) => string, unit: string): string {
  return rough(figure) || `${exactly(figure)}${unit}`;
}
