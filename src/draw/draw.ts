import type { Stats } from "../compiler/count.ts";
import type { Architecture } from "../compiler/ir.ts";
import { formatShape } from "../compiler/shape.ts";
import { type Breadth, idOf, joinFigure, plainFigure, plainWidth } from "./box-figures.ts";
import { courseFigure, type Figures } from "./course-figure.ts";
import { courseOf } from "./courses.ts";
import { denseFigure } from "./dense-figure.ts";
import type { Figure } from "./figure.ts";
import { frameFigure } from "./frame-figure.ts";
import { type Subject, sketchOf, subjectOf } from "./gather.ts";
import { detailsOf, Panels } from "./panels.ts";
import { Canvas, type Scene } from "./scene.ts";
import { boxesIn, DrawingTooLarge, mostBoxes } from "./size.ts";
import type { Node, Sketch } from "./sketch.ts";
import { tangleFigure } from "./tangle-figure.ts";
import { textWidth } from "./text-width.ts";

export interface DrawOptions {
  /** How many levels of scopes are opened; `auto`: as many as give a drawing of a page or two. */
  readonly depth: number | "auto";
  /** Below the name. */
  readonly subtitle: string;
}

/** Where everything stands. */
export function sceneOf(architecture: Architecture, stats: Pick<Stats, "layers">, options: DrawOptions): Scene {
  const subject = subjectOf(architecture, stats);
  const { sketch, figure } = options.depth === "auto" ? fitting(subject) : drawnAt(subject, options.depth, false);
  const panels = new Panels(
    detailsOf(sketch).map((detail) => nodeFigure(detail, { around: "", width: 0, breadth: "wide" })),
    { width: figure.left + figure.right, height: figure.height },
  );
  const { name } = architecture;
  const titleWidth = Math.max(textWidth(name, 16, true), textWidth(options.subtitle, 11));
  const spare = Math.max(0, titleWidth - panels.width) / 2;
  const canvas = new Canvas();
  const left = margin + spare;
  figure.paint(canvas, { x: left + figure.left, y: top }, []);
  panels.paint(canvas, { x: left, y: top });
  return {
    name,
    subtitle: options.subtitle,
    description: descriptionOf(architecture, options.subtitle),
    width: Math.ceil(panels.width + 2 * (margin + spare)),
    height: Math.ceil(top + panels.height + margin),
    ...canvas,
  };
}

/** What is read out in place of the drawing. */
function descriptionOf({ doc, input, outputs }: Architecture, subtitle: string): string {
  const results = outputs.map(({ name, activation }) => `${name} ${formatShape(activation.shape)}`).join(", ");
  const way = `${input.name} ${formatShape(input.activation.shape)} → ${results}`;
  return [doc ?? "", subtitle, way].filter((one) => one !== "").join("\n");
}

const margin = 24;
const top = 76;

/** What can be looked at as a whole. */
const highest = 2000;
const widest = 1500;

interface Drawn {
  readonly sketch: Sketch;
  readonly figure: Figure;
}

/** As many levels as keep the drawing within bounds, and at least as many as show the dense blocks. */
function fitting(subject: Subject): Drawn {
  const { denseBlocks } = subject.architecture;
  const least = denseBlocks.reduce((most, { path }) => Math.max(most, path.split(".").length), 1);
  const start = boxesIn(sketchOf(subject, least, true)) > mostBoxes ? 1 : least;
  let found = drawnAt(subject, start, true);
  for (let depth = start + 1; depth <= levelsOf(subject); depth++) {
    const sketch = sketchOf(subject, depth, true);
    if (boxesIn(sketch) > mostBoxes) return found;
    const figure = figureOf(sketch);
    if (figure.height > highest || figure.left + figure.right > widest) return found;
    found = { sketch, figure };
  }
  return found;
}

function drawnAt(subject: Subject, depth: number, isAuto: boolean): Drawn {
  const sketch = sketchOf(subject, depth, isAuto);
  const boxes = boxesIn(sketch);
  if (boxes > mostBoxes) throw new DrawingTooLarge(boxes);
  return { sketch, figure: figureOf(sketch) };
}

function levelsOf({ architecture: { ops, trainingOps } }: Subject): number {
  return [...ops, ...trainingOps].reduce((most, { name }) => Math.max(most, name.split(".").length), 1);
}

function figureOf(sketch: Sketch, around = "", breadth: Breadth = "wide"): Figure {
  return courseFigure(courseOf(sketch), sketch, figuresIn(around, breadth));
}

function figuresIn(around: string, breadth: Breadth): Figures {
  const figures: Figures = {
    node: (node, width) => nodeFigure(node, { around, width, breadth }),
    widthOf: (node) =>
      node.kind === "row" || node.kind === "scope" || node.kind === "end" ? plainWidth(node, breadth) : 0,
    tangle: (nodes, sketch) => tangleFigure(nodes, sketch, figures),
    narrower: breadth === "narrow" ? null : () => figuresIn(around, "narrow"),
  };
  return figures;
}

interface Frame {
  /** The frame that it stands in; empty for none. */
  readonly around: string;
  /** That of the boxes above and below. */
  readonly width: number;
  readonly breadth: Breadth;
}

function nodeFigure(node: Node, { around, width, breadth }: Frame): Figure {
  switch (node.kind) {
    case "row":
    case "scope":
    case "end":
      return plainFigure(node, around, width, breadth);
    case "join":
      return joinFigure(node, around);
    case "dense":
      return denseFigure(node, around);
    case "frame":
      return frameFigure(node, figureOf(node.inside, idOf(node), breadth), around);
  }
}
