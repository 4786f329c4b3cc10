import type { Figure } from "./figure.ts";
import { Canvas, type Point } from "./scene.ts";
import type { FrameNode, ScopeNode, Sketch } from "./sketch.ts";

const mostOfABlock = 3;
const mostPanels = 8;

/** For the blocks that are drawn as one box, what is in them: of each kind of structure the first use. */
export function detailsOf(sketch: Sketch): readonly FrameNode[] {
  const found = new Map<string, ScopeNode>();
  for (const node of scopesIn(sketch)) {
    if (node.blockName === "") continue;
    const key = `${node.blockName} ${structureOf(node)}`;
    if (!found.has(key)) found.set(key, node);
  }
  const counts = new Map<string, number>();
  const chosen = [...found.values()].filter(({ blockName }) => {
    counts.set(blockName, (counts.get(blockName) ?? 0) + 1);
    return (counts.get(blockName) ?? 0) <= mostOfABlock;
  });
  return chosen.slice(0, mostPanels).map((node) => ({ ...node.opened(), label: node.label }));
}

function scopesIn({ nodes }: Sketch): readonly ScopeNode[] {
  return nodes.flatMap((node) => (node.kind === "scope" ? [node] : node.kind === "frame" ? scopesIn(node.inside) : []));
}

/** The form without scopes, windows and strides: uses that differ in those alone are drawn once. */
function structureOf({ form }: ScopeNode): string {
  return form.replaceAll(/ \d+×\d+(?:\/[\d×]+)?|[{}]/g, "");
}

const panelGap = 28;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Where panels stand beside or below a drawing; its upper left corner is at 0. */
interface Arrangement extends Size {
  readonly corners: readonly Point[];
}

/** Figures in columns to the right of a drawing or in rows below it, whichever is seen larger on a page. */
export class Panels {
  /** Of all, with the drawing. */
  readonly width: number;
  readonly height: number;
  readonly #places: readonly (readonly [Figure, Point])[];

  constructor(figures: readonly Figure[], drawing: Size) {
    const sizes = figures.map(({ left, right, height }) => ({ width: left + right, height }));
    const { corners, width, height } = arranged(sizes, drawing);
    this.#places = figures.map((figure, at) => [figure, corners[at] as Point]);
    this.width = width;
    this.height = height;
  }

  /** Boxes in panels show what other boxes stand for: no layer is theirs. */
  paint(canvas: Canvas, corner: Point): void {
    const own = new Canvas();
    for (const [figure, { x, y }] of this.#places)
      figure.paint(own, { x: corner.x + x + figure.left, y: corner.y + y }, []);
    canvas.boxes.push(...own.boxes.map((box) => ({ ...box, ops: [] })));
    canvas.lines.push(...own.lines);
    canvas.texts.push(...own.texts);
    canvas.marks.push(...own.marks);
    canvas.fans.push(...own.fans);
  }
}

function arranged(sizes: readonly Size[], drawing: Size): Arrangement {
  if (sizes.length === 0) return { ...drawing, corners: [] };
  const heights = sizes.map((_, at) => sizes.slice(0, at + 1).reduce((sum, one) => sum + one.height + panelGap, 0));
  const limits = [drawing.height, ...heights].filter((limit) => limit >= drawing.height);
  const besides = limits.map((limit) => inColumns(sizes, drawing, limit));
  return [...besides, inRows(sizes, drawing)].reduce((best, one) => (extentOf(one) < extentOf(best) ? one : best));
}

/** How far a page of three to two is filled, in height or in width. */
function extentOf({ width, height }: Size): number {
  return Math.max(width / 2, height / 3);
}

/** Columns of at most that height to the right; one alone may be higher. */
function inColumns(sizes: readonly Size[], drawing: Size, limit: number): Arrangement {
  const corners: Point[] = [];
  let [x, y, column, lowest] = [drawing.width + panelGap, 0, 0, drawing.height];
  for (const { width, height } of sizes) {
    if (y > 0 && y + height > limit) {
      x += column + panelGap;
      [y, column] = [0, 0];
    }
    corners.push({ x, y });
    column = Math.max(column, width);
    lowest = Math.max(lowest, y + height);
    y += height + panelGap;
  }
  return { corners, width: x + column, height: lowest };
}

/** Rows that are no wider than the drawing; one alone may be wider. */
function inRows(sizes: readonly Size[], drawing: Size): Arrangement {
  const corners: Point[] = [];
  let [x, y, row, widest] = [0, drawing.height + panelGap, 0, drawing.width];
  for (const { width, height } of sizes) {
    if (x > 0 && x + width > drawing.width) {
      y += row + panelGap;
      [x, row] = [0, 0];
    }
    corners.push({ x, y });
    row = Math.max(row, height);
    widest = Math.max(widest, x + width);
    x += width + panelGap;
  }
  return { corners, width: widest, height: y + row };
}
