import { count, type Stats } from "../compiler/count.ts";
import type { Architecture } from "../compiler/ir.ts";
import { sceneOf } from "../draw/draw.ts";
import { svgOf } from "../draw/svg.ts";
import type { Theme } from "../draw/theme.ts";
import { exactly, roughly } from "./figures.ts";

export interface DrawingOptions {
  readonly depth: number | "auto";
  readonly theme: Theme;
}

/** The text of an SVG file. Throws `DrawingTooLarge`. */
export function drawingOf(architecture: Architecture, { depth, theme }: DrawingOptions): string {
  const stats = count(architecture);
  return svgOf(sceneOf(architecture, stats, { depth, subtitle: subtitleOf(stats) }), theme);
}

/** `7.98 M parameters, 2.83 G MACs, depth 121` */
function subtitleOf({ params, macs, depth }: Stats): string {
  return `${roughly(params) || exactly(params)} parameters, ${roughly(macs) || exactly(macs)} MACs, depth ${depth}`;
}
