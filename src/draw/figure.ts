import type { Canvas, Point } from "./scene.ts";

/** A part of the drawing whose place is not known yet. Lines enter and leave it on its axis. */
export interface Figure {
  /** From the axis to its left and right edge. */
  readonly left: number;
  readonly right: number;
  readonly height: number;
  /** How far it reaches to the right of the axis in the upper part of that height; without this, all the way. */
  reach?(height: number): number;
  /** Paints it with the axis at `x` and its upper edge at `y`; what comes out are the loose ends of its lines. */
  paint(canvas: Canvas, at: Point, entering: readonly Way[]): readonly Way[];
}

/** A line on its way: where it has been so far. */
export interface Way {
  readonly from: string;
  readonly points: readonly Point[];
  /** Goes along the side of what it passes by, and into the side of what it leads to. */
  readonly isAside: boolean;
  /** Has its own place on the upper edge of what it leads to. */
  readonly isPlaced: boolean;
  readonly isDashed: boolean;
}

/** Bends of a line into a box: straight from above, over a bus where several meet, or from the side. */
export function lead(way: Way, top: Point, { right, middle }: Edges, several: boolean): readonly Point[] {
  const last = way.points.at(-1) as Point;
  if (way.isAside) return tidy([...way.points, { x: last.x, y: middle }, { x: right, y: middle }]);
  if (way.isPlaced) return tidy([...way.points, { x: last.x, y: top.y }]);
  return leadDown(way, top, several ? top.y - busHeight : (last.y + top.y) / 2);
}

/** Bends of a line to a point below, at the height of the bus. */
export function leadDown({ points }: Way, end: Point, bus: number): readonly Point[] {
  const last = points.at(-1) as Point;
  if (last.x === end.x) return tidy([...points, end]);
  return tidy([...points, { x: last.x, y: bus }, { x: end.x, y: bus }, end]);
}

interface Edges {
  readonly right: number;
  /** Of its height. */
  readonly middle: number;
}

/** Room above a box in which lines meet. */
export const busHeight = 12;

/** Without points in the middle of a straight line. */
function tidy(points: readonly Point[]): readonly Point[] {
  return points.filter((point, at) => {
    const [before, after] = [points[at - 1], points[at + 1]];
    if (before && before.x === point.x && before.y === point.y) return false;
    if (!before || !after) return true;
    const isStraight = (before.x === point.x && point.x === after.x) || (before.y === point.y && point.y === after.y);
    return !isStraight;
  });
}

/** How far the sheets behind a box that stands for several reach above it. */
export const sheetHeight = 6;
