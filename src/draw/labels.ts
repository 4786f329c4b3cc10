import { formatSizes } from "../compiler/shape.ts";
import type { Text } from "./scene.ts";
import type { Node, Word } from "./sketch.ts";
import { shortened, textWidth } from "./text-width.ts";

export const mainSize = 12;
export const smallSize = 10;

type Piece = Text["pieces"][number];

/** Words on lines of at most `width`, points between them. */
export function linesOf(words: readonly Word[], width: number, size = mainSize): readonly (readonly Piece[])[] {
  const lines: Piece[][] = [];
  for (const { text, isStrong } of words) {
    const piece: Piece = { text: shortened(text, size, width, isStrong), tone: isStrong ? "strong" : "plain" };
    const line = lines.at(-1);
    const longer: readonly Piece[] = line ? [...line, separator, piece] : [piece];
    if (line && piecesWidth(longer, size) <= width) line.push(separator, piece);
    else lines.push([piece]);
  }
  return lines;
}

const separator: Piece = { text: " · ", tone: "faint" };

export function piecesWidth(pieces: readonly Piece[], size: number): number {
  return pieces.reduce((sum, { text, tone }) => sum + textWidth(text, size, tone === "strong" || tone === "badge"), 0);
}

/** `64×112×112`, or `88…112×28×28` of several whose channels grow. */
export function sizesOf(node: Node): string {
  if (node.kind === "scope" && node.leaving.length > 1) return [...new Set(node.leaving.map(formatSizes))].join(", ");
  const [first, last] = node.shapes;
  const [before, after] = [formatSizes(first.slice(0, 1)), formatSizes(last.slice(0, 1))];
  const channels = before === after ? before : `${before}…${after}`;
  return [channels, ...last.slice(1).map((size) => formatSizes([size]))].join("×");
}

/** The label and what leaves a box, below what it is: on one line, or where that is too long on two. */
export function footOf(node: Node, width: number): readonly (readonly Piece[])[] {
  const sizes = sizesOf(node);
  // What stands above already is not said twice.
  const isNamed = node.kind === "end" || (node.kind === "scope" && node.blockName === "");
  const texts = isNamed || node.label === "" ? [sizes] : [node.label, sizes];
  const whole = texts.join(" · ");
  const lines = textWidth(whole, smallSize) <= width ? [whole] : texts;
  return lines.map((line) => [{ text: shortened(line, smallSize, width), tone: "faint" }]);
}
