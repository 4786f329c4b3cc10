import { usualSizes } from "../../compiler/concrete.ts";
import type { Stats } from "../../compiler/count.ts";
import type { Architecture } from "../../compiler/ir.ts";
import { type Exact, isExact, toDouble } from "../../compiler/number.ts";
import { type Quantity, substitute } from "../../compiler/symbolic.ts";

/** Turns quantities into lengths: those that depend on symbolic sizes as they are for an image of usual size. */
export interface Drawing {
  /** The sizes put in for symbolic ones; empty where there are none. */
  readonly sizes: ReadonlyMap<string, number>;
  /** The most that is alive at any layer. */
  readonly peak: number;
  lengthOf(quantity: Quantity): number;
  /** What is drawn as a length. */
  figureOf(quantity: Quantity): Exact;
}

export function drawingOf(architecture: Architecture, { layers }: Stats): Drawing {
  const sizes = usualSizes(architecture);
  const figureOf = (quantity: Quantity) => {
    const value: Quantity = isExact(quantity) ? quantity : substitute(quantity, sizes);
    return value as Exact;
  };
  const lengthOf = (quantity: Quantity) => toDouble(figureOf(quantity));
  const peak = layers.reduce((most, { aliveBytes }) => Math.max(most, lengthOf(aliveBytes)), 0);
  return { sizes, peak, lengthOf, figureOf };
}

/** A bar of at most `width` columns; something of it is there for anything above 0. */
export function bar(part: number, whole: number, width: number, ascii: boolean): string {
  if (part <= 0 || whole <= 0) return "";
  if (ascii) return "#".repeat(Math.max(1, Math.round((part / whole) * width)));
  const eighths = Math.max(1, Math.round((part / whole) * width * 8));
  return "█".repeat(Math.floor(eighths / 8)) + (["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8] ?? "");
}

/** Heights side by side, of neighbours the greatest where there are more than columns. */
export function curve(heights: readonly number[], top: number, width: number, ascii: boolean): string {
  const levels = ascii ? "_.,:-=+*#" : "▁▂▃▄▅▆▇█";
  const columns = Math.min(width, heights.length);
  return Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * heights.length) / columns);
    const to = Math.floor(((column + 1) * heights.length) / columns);
    const height = Math.max(...heights.slice(from, to));
    return levels[top <= 0 ? 0 : Math.min(levels.length - 1, Math.floor((height / top) * levels.length))];
  }).join("");
}
