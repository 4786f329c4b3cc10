import type { Op } from "../compiler/ir.ts";
import { badgeRoom, put, shared } from "./box-figures.ts";
import { type Figure, leadDown } from "./figure.ts";
import { mainSize, piecesWidth, sizesOf, smallSize } from "./labels.ts";
import type { Box, Text } from "./scene.ts";
import type { FrameNode } from "./sketch.ts";
import { shortened } from "./text-width.ts";

const inset = 14;
const titleHeight = 36;
const foot = 20;
const footGap = 8;
const widestTitle = 180;

/** A scope that is opened: what it is on the left of the line that enters, and what is in it. */
export function frameFigure(node: FrameNode, inside: Figure, around: string): Figure {
  const titles = titlesOf(node);
  const sizes: Text["pieces"] = [{ text: shortened(sizesOf(node), smallSize, widestTitle), tone: "faint" }];
  const titleWidth = Math.max(
    ...titles.map(({ pieces, size }) => piecesWidth(pieces, size)),
    piecesWidth(sizes, smallSize),
  );
  const left = Math.max(inside.left + inset, titleWidth + 2 * inset);
  const right = inside.right + inset;
  const head = titles.length > 0 ? titleHeight : 20;
  const height = head + inside.height + foot;
  return {
    left,
    right: right + badgeRoom(node),
    height,
    paint(canvas, { x, y }, entering) {
      const texts = titles.map((one, at): Text => {
        return { ...one, x: x - left + inset, y: y + 18 + 13 * at, anchor: "start" };
      });
      texts.push({ x: x - left + inset, y: y + height - footGap, anchor: "start", size: smallSize, pieces: sizes });
      const box: Box = {
        ...shared(node, around),
        ops: repeatedOps(node),
        form: "frame",
        family: "scope",
        x: x - left,
        y,
        width: left + right,
        height,
        texts,
      };
      const leaving = put(canvas, box, node, x, entering);
      const start = { from: box.id, points: [{ x, y }], isAside: false, isPlaced: false, isDashed: box.isDashed };
      const ways = inside.paint(canvas, { x, y: y + head }, [start]);
      const isLeft = node.inside.edges.some(({ to }) => to === node.inside.nodes.length);
      for (const way of isLeft ? ways : []) {
        const points = leadDown(way, { x, y: y + height }, y + height - footGap / 2);
        canvas.lines.push({ from: way.from, to: box.id, points, hasArrow: false, isDashed: way.isDashed });
      }
      return leaving;
    },
  };
}

/** The block that it is a use of, and its label. */
function titlesOf({ blockName, label }: FrameNode): readonly Pick<Text, "pieces" | "size">[] {
  const name: Pick<Text, "pieces" | "size"> = {
    size: mainSize,
    pieces: [{ text: shortened(blockName || label, mainSize, widestTitle, true), tone: "strong" }],
  };
  const under: Pick<Text, "pieces" | "size"> = {
    size: smallSize,
    pieces: [{ text: shortened(label, smallSize, widestTitle), tone: "faint" }],
  };
  return blockName !== "" && label !== "" ? [name, under] : blockName !== "" || label !== "" ? [name] : [];
}

/** Those of the further members, for which the one that is drawn stands. */
function repeatedOps({ layers, inside }: FrameNode): readonly Op[] {
  const drawn = new Set(inside.nodes.flatMap((node) => node.layers));
  return layers.filter((layer) => !drawn.has(layer)).map(({ op }) => op);
}
