import { formatFactor } from "../compiler/shape.ts";
import { badgeRoom, put, shared } from "./box-figures.ts";
import type { Figure } from "./figure.ts";
import { linesOf, mainSize, sizesOf, smallSize } from "./labels.ts";
import type { Box, Canvas, Fan, Mark, Point, Text } from "./scene.ts";
import type { DenseNode } from "./sketch.ts";
import { shortened, textWidth } from "./text-width.ts";

const inset = 16;
const width = 490;
const arcsHeight = 62;
const markHeight = 18;
const captionSize = 11;
const captionStart = "each layer: ";
/** With more layers only the first and the last are drawn, and their connections. */
const mostDrawn = 64;
const drawnAtAnEnd = 12;

/**
 * A dense block: what enters it, its layers and what leaves it in a row, and a line from each of them to all that see
 * it, as in Figure 1 of the paper. Below are the channels that each of them sees.
 */
export function denseFigure(node: DenseNode, around: string): Figure {
  const lines = linesOf(node.words, width - 2 * inset - textWidth(captionStart, captionSize), captionSize);
  const captionHeight = 14 * lines.length + 8;
  const height = 30 + arcsHeight + markHeight + 23 + captionHeight;
  return {
    left: width / 2,
    right: width / 2 + badgeRoom(node),
    height,
    paint(canvas, { x, y }, entering) {
      const left = x - width / 2;
      const box: Box = {
        ...shared(node, around),
        form: "dense",
        family: "convolution",
        x: left,
        y,
        width,
        height,
        texts: [...headOf(node, left, y), ...captionOf(lines, left, y + height - captionHeight + 6)],
      };
      const leaving = put(canvas, box, node, x, entering);
      drawConnections(canvas, node, { x: left + inset, y: y + 30 + arcsHeight });
      return leaving;
    },
  };
}

function headOf(node: DenseNode, x: number, y: number): readonly Text[] {
  const { layers, growth, keep } = node.block;
  const what = `dense ×${layers}, k = ${growth}`;
  const aside = keep ? "" : ", keep = false";
  const sizes = sizesOf(node);
  const before = textWidth(what, mainSize, true) + textWidth(`${aside}  `, mainSize);
  const room = width - 2 * inset - before - textWidth(`  ${sizes}`, smallSize);
  const label = node.label === "" ? "" : `  ${shortened(node.label, mainSize, Math.max(room, 0))}`;
  const start: Text["pieces"] = [
    { text: what, tone: "strong" },
    { text: aside, tone: "plain" },
    { text: label, tone: "faint" },
  ];
  return [
    { x: x + inset, y: y + 20, anchor: "start", size: mainSize, pieces: start },
    { x: x + width - inset, y: y + 20, anchor: "end", size: smallSize, pieces: [{ text: sizes, tone: "faint" }] },
  ];
}

function captionOf(lines: readonly Text["pieces"][], x: number, y: number): readonly Text[] {
  const before = textWidth(captionStart, captionSize);
  return lines.map((pieces, at) => {
    const start: Text["pieces"] = at === 0 ? [{ text: captionStart, tone: "faint" }] : [];
    const indented = at === 0 ? x + inset : x + inset + before;
    return { x: indented, y: y + 14 * at, anchor: "start", size: captionSize, pieces: [...start, ...pieces] };
  });
}

/** Which are drawn: 0 is what enters, n + 1 what leaves; null stands for those left out. */
function drawnOf(layers: number): readonly (number | null)[] {
  if (layers <= mostDrawn) return Array.from({ length: layers + 2 }, (_, at) => at);
  const first = Array.from({ length: drawnAtAnEnd + 1 }, (_, at) => at);
  return [...first, null, ...first.map((at) => layers + 1 - at).reverse()];
}

function drawConnections(canvas: Canvas, { block }: DenseNode, { x, y }: Point): void {
  const drawn = drawnOf(block.layers);
  const room = width - 2 * inset;
  const step = Math.min(room / drawn.length, 60);
  const start = x + (room - step * drawn.length) / 2;
  const placeOf = (at: number) => start + step * (at + 0.5);
  const last = drawn.length - 1;
  const weight = Math.max(0.2, Math.min(1.4, 11 / drawn.length));
  drawn.forEach((one, at) => {
    const from = { x: placeOf(at), y };
    if (one === null) canvas.texts.push(ellipsis(from));
    else {
      const shade = at / last;
      canvas.marks.push(markOf(from, step, shade, at === 0 || at === last));
      const arcs = arcsOf(drawn, at, block.keep).map((to) => ({
        to: placeOf(to),
        height: arcHeight((to - at) / last),
      }));
      if (arcs.length > 0) canvas.fans.push({ from, shade, arcs, weight } satisfies Fan);
    }
  });
  canvas.texts.push(...channelsOf(block, drawn, placeOf, step, y + markHeight + 13));
}

function arcsOf(drawn: readonly (number | null)[], at: number, keep: boolean): readonly number[] {
  const last = drawn.length - 1;
  const later = drawn.flatMap((one, to) => (to > at && one !== null ? [to] : []));
  // What leaves the block is without what entered it where that is not kept.
  return at === 0 && !keep ? later.filter((to) => to !== last) : later;
}

/** The arc over all is the highest, and those of neighbours are still arcs. */
function arcHeight(share: number): number {
  return Math.round(10 * arcsHeight * share ** 0.7) / 10;
}

function markOf({ x, y }: Point, step: number, shade: number, isEnd: boolean): Mark {
  const size = Math.min(26, step * 0.7);
  return { x: x - size / 2, y, width: size, height: markHeight, shade, isEnd };
}

function ellipsis({ x, y }: Point): Text {
  return { x, y: y + 13, anchor: "middle", size: mainSize, pieces: [{ text: "…", tone: "plain" }] };
}

/** The channels that each sees, as far as there is room for the figures. */
function channelsOf(
  { k0, growth, layers, output }: DenseNode["block"],
  drawn: readonly (number | null)[],
  placeOf: (at: number) => number,
  step: number,
  y: number,
): readonly Text[] {
  const size = 9;
  const textOf = (one: number) =>
    one > layers ? formatFactor(output.shape[0]) : `${k0 + growth * Math.max(0, one - 1)}`;
  const widest = Math.max(...drawn.map((one) => (one === null ? 0 : textWidth(textOf(one), size))));
  const every = Math.max(1, Math.ceil((widest + 6) / step));
  const last = drawn.length - 1;
  return drawn.flatMap((one, at): Text[] => {
    const isShown = at === 0 || at === last || (at % every === 0 && last - at >= every);
    if (one === null || !isShown) return [];
    return [{ x: placeOf(at), y, anchor: "middle", size, pieces: [{ text: textOf(one), tone: "faint" }] }];
  });
}
