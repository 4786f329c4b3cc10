import { sheetHeight } from "./figure.ts";
import type { Box, Fan, Line, Mark, Point, Scene, Text } from "./scene.ts";
import { shades, styleOf, type Theme } from "./theme.ts";
import { element, escaped, figure } from "./xml.ts";

/** The drawing as an SVG file: no script, nothing from elsewhere, the same bytes for the same scene. */
export function svgOf(scene: Scene, theme: Theme): string {
  const { name, subtitle, description, width, height, boxes, lines, texts, marks, fans } = scene;
  const frames = boxes.filter(({ form }) => form === "frame");
  const others = boxes.filter(({ form }) => form !== "frame");
  const parts = [
    element("title", { id: "title" }, escaped(name)),
    element("desc", { id: "desc" }, escaped(description)),
    element("style", {}, styleOf(theme)),
    element("defs", {}, tip),
    element("rect", { class: "page", width, height }),
    heading({ x: width / 2, y: 34 }, 16, name, "title"),
    heading({ x: width / 2, y: 54 }, 11, subtitle, "faint"),
    ...[...frames].sort((one, other) => other.height - one.height).map(box),
    ...lines.map(line),
    ...others.map(box),
    ...fans.map(fan),
    ...marks.map(mark),
    ...texts.map(text),
  ];
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    width,
    height,
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
    "aria-labelledby": "title desc",
  };
  return `${element("svg", attributes, `\n${parts.filter((part) => part !== "").join("\n")}\n`)}\n`;
}

const tip = element(
  "marker",
  { id: "tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 6, markerHeight: 6, orient: "auto" },
  element("path", { class: "tip", d: "M0 0.5L8 4L0 7.5Z" }),
);

function heading({ x, y }: Point, size: number, words: string, tone: string): string {
  if (words === "") return "";
  return element("text", { class: tone, x, y, "font-size": size, "text-anchor": "middle" }, escaped(words));
}

function box({ id, form, family, x, y, width, height, isDashed, isStacked, title, texts }: Box): string {
  const rx = form === "pill" || form === "end" ? Math.min(height / 2, 14) : form === "box" ? 4 : 8;
  const kind = form === "frame" || form === "dense" ? form : family;
  const tone = isDashed ? `${kind} aside` : kind;
  const behind = isStacked ? [sheetHeight, sheetHeight / 2] : [];
  const rects = [...behind, 0].map((by) => element("rect", { class: tone, x: x + by, y: y - by, width, height, rx }));
  return element("g", { id }, [element("title", {}, escaped(title)), ...rects, ...texts.map(text)].join(""));
}

function text({ x, y, anchor, size, pieces }: Text): string {
  const spans = pieces
    .filter((piece) => piece.text !== "")
    .map((piece) =>
      piece.tone === "plain" ? escaped(piece.text) : element("tspan", { class: piece.tone }, escaped(piece.text)),
    );
  const anchored = anchor === "start" ? {} : { "text-anchor": anchor };
  return element("text", { x, y, "font-size": size, ...anchored, "xml:space": "preserve" }, spans.join(""));
}

function line({ points, hasArrow, isDashed }: Line): string {
  const end = hasArrow ? { "marker-end": "url(#tip)" } : {};
  return element("path", { class: isDashed ? "flow aside" : "flow", d: rounded(points), ...end });
}

const radius = 6;

/** Straight pieces with round corners. */
function rounded(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return "";
  const pieces = rest.map((point, at) => {
    const [before, after] = [points[at], rest[at + 1]];
    if (!before || !after) return `L${pair(point)}`;
    const by = Math.min(radius, distance(before, point) / 2, distance(point, after) / 2);
    return `L${pair(towards(point, before, by))}Q${pair(point)} ${pair(towards(point, after, by))}`;
  });
  return `M${pair(first)}${pieces.join("")}`;
}

function pair({ x, y }: Point): string {
  return `${figure(x)} ${figure(y)}`;
}

function distance(one: Point, other: Point): number {
  return Math.abs(one.x - other.x) + Math.abs(one.y - other.y);
}

/** Along a horizontal or vertical line. */
function towards(from: Point, to: Point, by: number): Point {
  return { x: from.x + Math.sign(to.x - from.x) * by, y: from.y + Math.sign(to.y - from.y) * by };
}

function shadeOf(shade: number): number {
  return Math.round(shade * (shades - 1));
}

function fan({ from, shade, arcs, weight }: Fan): string {
  const d = arcs.map(({ to, height }) => {
    const half = figure((to - from.x) / 2);
    return `M${pair(from)}A${half} ${figure(height)} 0 0 1 ${figure(to)} ${figure(from.y)}`;
  });
  return element("path", {
    class: `fan s${shadeOf(shade)}`,
    "stroke-width": String(Math.round(weight * 100) / 100),
    d: d.join(""),
  });
}

function mark({ x, y, width, height, shade, isEnd }: Mark): string {
  const tone = isEnd ? "ring" : `m${shadeOf(shade)}`;
  return element("rect", { class: tone, x, y, width, height, rx: Math.min(3, width / 3) });
}
