import Table from "cli-table3";
import type { LayerStats, Stats } from "../compiler/count.ts";
import type { Architecture, DenseBlock, Shape } from "../compiler/ir.ts";
import { formatQuantity, type Quantity } from "../compiler/symbolic.ts";
import { formatValue } from "../compiler/value.ts";
import { exactly, roughly, roughlyBytes } from "./figures.ts";
import { counted } from "./render.ts";
import type { Colors } from "./terminal.ts";
import { visible, widthOf } from "./visible-text.ts";

export interface TableOptions {
  readonly colors: Colors;
  /** Width that lines should keep to; the names of layers are cut for it. */
  readonly columns: number;
}

/** What a network costs, for people: its layers, then the totals. */
export function statsTable(architecture: Architecture, stats: Stats, options: TableOptions): string {
  return [heading(architecture, options.colors), layerTable(architecture, stats, options), totals(stats)].join("\n\n");
}

function heading({ name, source, parameters, input, outputs }: Architecture, colors: Colors): string {
  const values = parameters.map((one) => `${one.name} = ${formatValue(one.value)}`).join(", ");
  const call = `${colors.bold(name)}${values === "" ? "" : `(${values})`}`;
  const results = outputs.map((one) => `${one.name} ${shown(one.activation.shape)}`).join(", ");
  return `${call}\n${visible(source.path)}: ${input.name} ${shown(input.activation.shape)} → ${results}`;
}

interface Row {
  readonly name: string;
  readonly cells: readonly [kind: string, output: string, params: string, macs: string];
}

function layerTable(architecture: Architecture, stats: Stats, { colors, columns }: TableOptions): string {
  const titles: Row = { name: "layer", cells: ["kind", "output", "params", "MACs"] };
  const rows = stats.layers.map(rowOf);
  const others = titles.cells.map((title, index) =>
    Math.max(...[title, ...rows.map((row) => row.cells[index] ?? "")].map(widthOf)),
  );
  const room = Math.max(shortestName, columns - others.reduce((sum, width) => sum + width + gap.length, 0));
  const table = plainTable(["left", "left", "left", "right", "right"]);
  for (const { name, cells } of [titles, ...rows]) table.push([cutMiddle(name, room), ...cells]);
  const [head = "", ...lines] = linesOf(table);
  const body = stats.layers.flatMap(({ op }, index) => [
    ...architecture.denseBlocks
      .filter((block) => architecture.ops[block.first] === op)
      .map((block) => colors.cyan(derivation(block))),
    lines[index] ?? "",
  ]);
  return [colors.bold(head), ...body].join("\n");
}

const gap = "  ";
const shortestName = 16;

function rowOf({ op, training, params, macs }: LayerStats): Row {
  const kind = training ? `${op.kind} (training)` : op.kind;
  return { name: visible(op.name), cells: [kind, shown(op.output.shape), figure(params), figure(macs)] };
}

/** Zeros are left out: most layers have no parameters or no MACs. */
function figure(quantity: Quantity): string {
  return quantity === 0 ? "" : exactly(quantity);
}

function shown(shape: Shape): string {
  return `[${["N", ...shape.map(formatQuantity)].join(", ")}]`;
}

/** `dense block denseblock1: 6 layers see 64 + 32·(l−1) channels: 64, 96, 128, …, 224 → 256` */
function derivation({ path, k0, growth, layers, output }: DenseBlock): string {
  const seen = Array.from({ length: layers }, (_, index) => k0 + growth * index);
  const listed = layers > 5 ? [...seen.slice(0, 3), "…", seen[layers - 1]] : seen;
  const law = `${k0} + ${growth}·(l−1) channels: ${listed.join(", ")} → ${formatQuantity(output.shape[0])}`;
  return `dense block ${visible(path)}: ${counted(layers, "layer")} see${layers === 1 ? "s" : ""} ${law}`;
}

function totals({ params, buffers, macs, flops, depth, memory }: Stats): string {
  const table = plainTable(["left", "right", "left"]);
  table.push(
    ["parameters", exactly(params), roughly(params)],
    ["buffers", exactly(buffers), roughly(buffers)],
    ["MACs", exactly(macs), roughly(macs)],
    ["FLOPs", exactly(flops), roughly(flops)],
    ["depth", String(depth), ""],
    ["bytes of weights", exactly(memory.weightBytes), roughlyBytes(memory.weightBytes)],
    ["bytes of all activations", exactly(memory.activationBytes), roughlyBytes(memory.activationBytes)],
    ["bytes of activations at the peak", ...peak(memory.peakBytes)],
    ["bytes copied by concat", exactly(memory.concatBytes), roughlyBytes(memory.concatBytes)],
  );
  return `${linesOf(table).join("\n")}\n\nMACs and memory: batch 1, float32.\n`;
}

function peak(bytes: Quantity | null): [string, string] {
  return bytes === null ? ["open", "give sizes with --dim"] : [exactly(bytes), roughlyBytes(bytes)];
}

/** Keeps something of the beginning and more of the end, which tells layers apart. */
function cutMiddle(name: string, room: number): string {
  if (widthOf(name) <= room) return name;
  const characters = [...name];
  const head = Math.floor((room - 1) / 3);
  return `${characters.slice(0, head).join("")}…${characters.slice(characters.length - (room - 1 - head)).join("")}`;
}

type Alignment = "left" | "right";

function plainTable(colAligns: Alignment[]): InstanceType<typeof Table> {
  const chars = Object.fromEntries(borders.map((border) => [border, ""]));
  const style = { "padding-left": 0, "padding-right": 0, head: [], border: [] };
  return new Table({ chars: { ...chars, middle: gap }, style, colAligns });
}

const borders = [
  "top",
  "top-mid",
  "top-left",
  "top-right",
  "bottom",
  "bottom-mid",
  "bottom-left",
  "bottom-right",
].concat(["left", "left-mid", "mid", "mid-mid", "right", "right-mid"]);

function linesOf(table: InstanceType<typeof Table>): readonly string[] {
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}
