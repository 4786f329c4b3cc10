import type { Sketch } from "./sketch.ts";

/** More cannot be told apart by anyone, and would take minutes to lay out. */
export const mostBoxes = 2000;

/** A network that folds into no fewer boxes than can be drawn. */
export class DrawingTooLarge extends Error {
  constructor(boxes: number) {
    super(`the drawing would have ${boxes} boxes, more than ${mostBoxes}`);
  }
}

/** How many boxes a sketch takes. */
export function boxesIn({ nodes }: Sketch): number {
  return nodes.reduce((sum, node) => sum + 1 + (node.kind === "frame" ? boxesIn(node.inside) : 0), 0);
}
