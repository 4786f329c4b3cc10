import { add, formatQuantity, type Quantity } from "../compiler/symbolic.ts";
import { type Figure, lead, sheetHeight, type Way } from "./figure.ts";
import { footOf, linesOf, mainSize, piecesWidth, sizesOf, smallSize } from "./labels.ts";
import type { Box, Canvas, Point, Text } from "./scene.ts";
import type { EndNode, JoinNode, Node, RowNode, ScopeNode, Word } from "./sketch.ts";
import { textWidth } from "./text-width.ts";

const lineHeight = 15;
const footHeight = 13;
const inset = 10;
const narrowest = 96;

/** How long the lines in a box may get before they are broken, as far as no single word is longer. */
export type Breadth = "wide" | "narrow";

const longestLine: Readonly<Record<Breadth, number>> = { wide: 340, narrow: 100 };

type Plain = RowNode | ScopeNode | EndNode;

export function plainWidth(node: Plain, breadth: Breadth): number {
  const { lines, foot } = textsOf(node, longestLine[breadth]);
  const widths = [...lines.map((one) => piecesWidth(one, mainSize)), ...foot.map((one) => piecesWidth(one, smallSize))];
  return Math.ceil(Math.max(narrowest, ...widths.map((width) => width + 2 * inset)));
}

function textsOf(node: Plain, room: number) {
  const words = wordsOf(node);
  const longest = Math.max(...words.map(({ text, isStrong }) => textWidth(text, mainSize, isStrong)));
  const width = Math.max(room, Math.min(longest, longestLine.wide));
  return { lines: linesOf(words, width), foot: footOf(node, width) };
}

function wordsOf(node: Plain): readonly Word[] {
  switch (node.kind) {
    case "row":
      return node.words;
    case "scope":
      return [{ text: node.blockName || node.label, isStrong: true }, ...node.words];
    case "end":
      return [{ text: node.label, isStrong: true }];
  }
}

/** A box with what it is, and below, in small, its label and the shape that leaves it; at least `wanted` wide. */
export function plainFigure(node: Plain, around: string, wanted: number, breadth: Breadth): Figure {
  const width = Math.max(plainWidth(node, breadth), wanted);
  const { lines, foot } = textsOf(node, Math.max(longestLine[breadth], width - 2 * inset));
  const footTop = 8 + lineHeight * lines.length;
  const height = footTop + 2 + footHeight * foot.length;
  return {
    left: width / 2,
    right: width / 2 + badgeRoom(node),
    height,
    paint(canvas, { x, y }, entering) {
      const texts = [
        ...lines.map((pieces, at) => centred(pieces, x, y + 16 + lineHeight * at, mainSize)),
        ...foot.map((pieces, at) => centred(pieces, x, y + footTop + 7 + footHeight * at, smallSize)),
      ];
      const box: Box = {
        ...shared(node, around),
        form: node.kind === "end" ? "end" : "box",
        family: node.kind === "row" ? node.family : node.kind,
        x: x - width / 2,
        y,
        width,
        height,
        texts,
      };
      return put(canvas, box, node, x, entering);
    },
  };
}

/** A small sign where lines meet: `+ · ReLU`. */
export function joinFigure(node: JoinNode, around: string): Figure {
  const [pieces = []] = linesOf(node.words, Infinity);
  const width = Math.max(26, Math.ceil(piecesWidth(pieces, mainSize)) + 18);
  const height = 22;
  return {
    left: width / 2,
    right: width / 2 + badgeRoom(node),
    height,
    paint(canvas, { x, y }, entering) {
      const texts = [centred(pieces, x, y + 15, mainSize)];
      const box: Box = {
        ...shared(node, around),
        form: "pill",
        family: "join",
        x: x - width / 2,
        y,
        width,
        height,
        texts,
      };
      return put(canvas, box, node, x, entering);
    },
  };
}

function centred(pieces: Text["pieces"], x: number, y: number, size: number): Text {
  return { x, y, anchor: "middle", size, pieces };
}

export function shared(node: Node, around: string) {
  const { times, isTraining, layers } = node;
  const ops = layers.map(({ op }) => op);
  return { id: idOf(node), isDashed: isTraining, isStacked: times > 1, title: titleOf(node), ops, around };
}

export function idOf({ kind, path, layers: [first] }: Node): string {
  if (!first) return `${kind}-${path}`;
  // A frame may begin with the layer that one inside it begins with.
  return kind === "frame" ? `frame-${path.replaceAll(" ", "-")}-of-${first.op.name}` : `${kind}-${first.op.name}`;
}

/** Paints a box and the lines that lead into it; one goes on from the middle of its lower edge. */
export function put(canvas: Canvas, box: Box, node: Node, x: number, entering: readonly Way[]): readonly Way[] {
  enter(canvas, box, { x, y: box.y - (box.isStacked ? sheetHeight : 0) }, entering);
  canvas.boxes.push(box);
  if (node.times > 1) canvas.texts.push(...badge(box, node));
  return [
    { from: box.id, points: [{ x, y: box.y + box.height }], isAside: false, isPlaced: false, isDashed: box.isDashed },
  ];
}

/** Lines from above into a box, or from the side; where several meet above, one has the arrow. */
export function enter(canvas: Canvas, box: Box, top: Point, entering: readonly Way[]): void {
  const right = box.x + box.width;
  // A line along the side of what stands in a column comes down above what all columns lead to.
  const ways = entering.map((way) => ({ ...way, isAside: way.isAside && (way.points.at(-1) as Point).x > right }));
  const several = ways.filter(({ isAside }) => !isAside).length > 1;
  for (const way of ways) {
    const points = lead(way, top, { right, middle: box.y + box.height / 2 }, several);
    canvas.lines.push({
      from: way.from,
      to: box.id,
      points,
      hasArrow: box.form !== "frame",
      isDashed: way.isDashed || box.isDashed,
    });
  }
}

/** `×6` beside what is there several times. */
function badge({ x, y, width, height }: Box, { times, isParallel }: Node): readonly Text[] {
  const text = `×${times}${isParallel ? " side by side" : ""}`;
  // Above the middle, where lines from the side come in.
  const at = { x: x + width + 12, y: y + Math.min(height / 2, 8) + 2 };
  return [{ ...at, anchor: "start", size: mainSize, pieces: [{ text, tone: "badge" }] }];
}

export function badgeRoom({ times, isParallel }: Node): number {
  if (times < 2) return 0;
  const text = `×${times}${isParallel ? " side by side" : ""}`;
  return 14 + Math.ceil(piecesWidth([{ text, tone: "badge" }], mainSize));
}

const mostNamed = 12;

/** What is told of a box when it is pointed at: its layers with their shapes, and how many parameters they have. */
function titleOf(node: Node): string {
  const { layers, path, times } = node;
  if (layers.length === 0) return `${path}: ${sizesOf(node)}`;
  let params: Quantity = 0;
  for (const layer of layers) params = add(params, layer.params);
  const named = layers
    .slice(0, mostNamed)
    .map(({ op }) => `${op.name}: ${op.kind} → ${op.output.shape.map(formatQuantity).join("×")}`);
  const more = layers.length > mostNamed ? [`… and ${layers.length - mostNamed} more`] : [];
  const head = `${path}${times > 1 ? ` ×${times}` : ""}, ${formatQuantity(params)} parameters`;
  return [head, ...named, ...more].join("\n");
}
