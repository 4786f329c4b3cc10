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

/** Figures in columns to the right of a drawing, each no higher than it, or than the highest of them. */
export class Panels {
  readonly width: number;
  readonly height: number;
  readonly #places: readonly (readonly [Figure, Point])[];

  constructor(figures: readonly Figure[], room: number) {
    const places: (readonly [Figure, Point])[] = [];
    const most = Math.max(room, ...figures.map(({ height }) => height));
    let [left, width, y, height] = [0, 0, 0, 0];
    for (const figure of figures) {
      if (y > 0 && y + figure.height > most) {
        left += width + panelGap;
        [width, y] = [0, 0];
      }
      places.push([figure, { x: left + panelGap + figure.left, y }]);
      width = Math.max(width, figure.left + figure.right);
      y += figure.height + panelGap;
      height = Math.max(height, y - panelGap);
    }
    this.#places = places;
    this.width = figures.length === 0 ? 0 : left + width + panelGap;
    this.height = height;
  }

  /** Boxes in panels show what other boxes stand for: no layer is theirs. */
  paint(canvas: Canvas, corner: Point): void {
    const own = new Canvas();
    for (const [figure, { x, y }] of this.#places) figure.paint(own, { x: corner.x + x, y: corner.y + y }, []);
    canvas.boxes.push(...own.boxes.map((box) => ({ ...box, ops: [] })));
    canvas.lines.push(...own.lines);
    canvas.texts.push(...own.texts);
    canvas.marks.push(...own.marks);
    canvas.fans.push(...own.fans);
  }
}
