import { count } from "../../src/compiler/count.ts";
import type { Architecture } from "../../src/compiler/ir.ts";
import { sceneOf } from "../../src/draw/draw.ts";
import { piecesWidth } from "../../src/draw/labels.ts";
import type { Box, Point, Scene, Text } from "../../src/draw/scene.ts";
import { textWidth } from "../../src/draw/text-width.ts";

export function draw(architecture: Architecture, depth: number | "auto" = "auto"): Scene {
  return sceneOf(architecture, count(architecture), { depth, subtitle: "" });
}

/** What is wrong with a drawing; nothing, if it is right. */
export function faultsOf(scene: Scene, architecture: Architecture): readonly string[] {
  return [
    ...missingOps(scene, architecture),
    ...lostLines(scene),
    ...overlaps(scene),
    ...textFaults(scene),
    ...crossings(scene),
    ...outside(scene),
  ];
}

function missingOps({ boxes }: Scene, { ops, trainingOps }: Architecture): readonly string[] {
  const shown = boxes.flatMap((box) => box.ops);
  const wanted = [...ops, ...trainingOps];
  const times = (op: unknown) => shown.filter((one) => one === op).length;
  if (shown.length === wanted.length && new Set(shown).size === shown.length) return [];
  return wanted.filter((op) => times(op) !== 1).map((op) => `${op.name} is in ${times(op)} boxes`);
}

function lostLines({ boxes, lines }: Scene): readonly string[] {
  const ids = boxes.map(({ id }) => id);
  const known = new Set(ids);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `two boxes are ${id}`);
  const reached = new Set(lines.map(({ to }) => to));
  const lonely = boxes.slice(1).filter(({ id, ops, form }) => ops.length > 0 && form !== "end" && !reached.has(id));
  return [
    ...twice,
    ...lines.filter(({ from, to }) => !known.has(from) || !known.has(to)).map(({ from, to }) => `${from} → ${to}`),
    ...lonely.map(({ id }) => `no line leads to ${id}`),
  ];
}

function overlaps({ boxes }: Scene): readonly string[] {
  const frames = new Map(boxes.map((box) => [box.id, box]));
  const nested = boxes.flatMap((box) => {
    const frame = frames.get(box.around);
    return frame && !contains(frame, box) ? [`${box.id} is not within ${frame.id}`] : [];
  });
  const siblings = boxes.flatMap((one, at) =>
    boxes
      .slice(at + 1)
      .filter((other) => one.around === other.around && meet(one, other))
      .map((other) => `${one.id} overlaps ${other.id}`),
  );
  return [...nested, ...siblings];
}

type Area = Pick<Box, "x" | "y" | "width" | "height">;

function contains(outer: Area, inner: Area): boolean {
  const right = inner.x + inner.width <= outer.x + outer.width;
  return outer.x <= inner.x && outer.y <= inner.y && right && inner.y + inner.height <= outer.y + outer.height;
}

function meet(one: Area, other: Area): boolean {
  const across = one.x < other.x + other.width && other.x < one.x + one.width;
  return across && one.y < other.y + other.height && other.y < one.y + one.height;
}

function textFaults({ boxes }: Scene): readonly string[] {
  return boxes.flatMap((box) =>
    box.texts
      .filter((text) => !contains(box, areaOf(text)))
      .map((text) => `${box.id} is too small for ${wordsOf(text)}`),
  );
}

function areaOf({ x, y, anchor, size, pieces }: Text): Area {
  const width = piecesWidth(pieces, size);
  const left = anchor === "start" ? x : anchor === "end" ? x - width : x - width / 2;
  return { x: left, y: y - size, width, height: size };
}

function wordsOf({ pieces }: Text): string {
  return pieces.map(({ text }) => text).join("");
}

/** Lines keep clear of the boxes that they neither leave nor enter, and of the words of frames. */
function crossings({ boxes, lines }: Scene): readonly string[] {
  const solid = boxes.filter(({ form }) => form !== "frame");
  const words = boxes.flatMap(({ id, form, texts }) =>
    form === "frame" ? texts.map((text) => ({ id, ...areaOf(text) })) : [],
  );
  return lines.flatMap(({ from, to, points }) =>
    points.slice(1).flatMap((point, at) => {
      const segment = segmentOf(points[at] as Point, point);
      return [...solid, ...words]
        .filter((box) => meet(inner(box), segment))
        .map(({ id }) => `${from} → ${to} crosses ${id}`);
    }),
  );
}

function segmentOf(from: Point, to: Point): Area {
  const width = Math.abs(to.x - from.x);
  return { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), width, height: Math.abs(to.y - from.y) };
}

function inner({ id, x, y, width, height }: Area & { readonly id: string }) {
  return { id, x: x + 1, y: y + 1, width: width - 2, height: height - 2 };
}

function outside({ boxes, lines, texts, marks, width, height, name, subtitle }: Scene): readonly string[] {
  const page = { x: 0, y: 0, width, height };
  const areas: readonly Area[] = [
    ...boxes,
    ...marks,
    ...texts.map(areaOf),
    ...lines.flatMap(({ points }) => points.map((point) => segmentOf(point, point))),
  ];
  const wide = textWidth(name, 16, true) > width || textWidth(subtitle, 11) > width ? ["the name is too long"] : [];
  return [
    ...wide,
    ...areas.filter((area) => !contains(page, area)).map(({ x, y }) => `${x}, ${y} is outside the drawing`),
  ];
}
