import type { Stats } from "../../compiler/count.ts";
import { bytesOf, type Peak } from "../../compiler/memory.ts";
import { formatShape } from "../../compiler/shape.ts";
import { layOutColumns } from "../plain-table.ts";
import { visible } from "../visible-text.ts";
import { curve, type Drawing } from "./drawing.ts";
import type { TableOptions } from "./table.ts";
import { bytesText } from "./totals.ts";

/** How much is alive while the layers run, one after another, and what it is where it is most. */
export function progress(input: string, { layers, memory }: Stats, drawing: Drawing, options: TableOptions): string {
  const { colors, columns, ascii } = options;
  const heights = layers.filter(({ training }) => !training).map(({ aliveBytes }) => drawing.lengthOf(aliveBytes));
  if (heights.length < 2) return "";
  const title = colors.bold("activations alive, from the first layer to the last");
  const line = colors.cyan(curve(heights, drawing.peak, Math.min(columns, longestCurve), ascii));
  return [title, line, ...memory.peaks.flatMap((peak) => tensorsAt(peak, input, options))].join("\n");
}

const longestCurve = 100;

/** Each tensor that is there at the peak, by the layer that made it. */
function tensorsAt({ bytes, op, alive }: Peak, input: string, options: TableOptions): readonly string[] {
  const title = `${bytesText([bytes])} while ${visible(op.name)} runs:`;
  const cells = [
    alive.map(({ maker }) => `  ${visible(maker?.name ?? input)}`),
    alive.map(({ shape }) => formatShape(shape)),
    alive.map((one) => bytesText([bytesOf(one)])),
  ];
  const aligns = ["left", "left", "right"] as const;
  const table = aligns.map((align, at) => ({ title: null, align, rank: 0, cells: cells[at] ?? [] }));
  return [title, ...layOutColumns(table, options)];
}
