import type { Stats } from "../compiler/count.ts";
import type { Architecture } from "../compiler/ir.ts";
import { formatShape } from "../compiler/shape.ts";
import { idOf, joinFigure, plainFigure, plainWidth } from "./box-figures.ts";
import { courseFigure, type Figures } from "./course-figure.ts";
import { courseOf } from "./courses.ts";
import { denseFigure } from "./dense-figure.ts";
import type { Figure } from "./figure.ts";
import { frameFigure } from "./frame-figure.ts";
import { type Subject, sketchOf, subjectOf } from "./gather.ts";
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
  const figure = options.depth === "auto" ? fitting(subject) : figureOf(checked(sketchOf(subject, options.depth)));
  const { name, input, outputs } = architecture;
  const titleWidth = Math.max(textWidth(name, 16, true), textWidth(options.subtitle, 11)) / 2;
  const left = Math.ceil(Math.max(figure.left, titleWidth)) + margin;
  const width = left + Math.ceil(Math.max(figure.right, titleWidth)) + margin;
  const canvas = new Canvas();
  figure.paint(canvas, { x: left, y: top }, []);
  const way = `${input.name} ${formatShape(input.activation.shape)} → ${outputs.map((one) => `${one.name} ${formatShape(one.activation.shape)}`).join(", ")}`;
  const description = [architecture.doc ?? "", options.subtitle, way].filter((one) => one !== "").join("\n");
  const { boxes, lines, texts, marks, fans } = canvas;
  const height = Math.ceil(top + figure.height + margin);
  return { name, subtitle: options.subtitle, description, width, height, boxes, lines, texts, marks, fans };
}

const margin = 24;
const top = 76;

/** What can be looked at as a whole. */
const highest = 3000;
const widest = 1500;

/** As many levels as keep the drawing within bounds. */
function fitting(subject: Subject): Figure {
  let found = figureOf(checked(sketchOf(subject, 1)));
  for (let depth = 2; depth <= levelsOf(subject); depth++) {
    const sketch = sketchOf(subject, depth);
    if (boxesIn(sketch) > mostBoxes) return found;
    const figure = figureOf(sketch);
    if (figure.height > highest || figure.left + figure.right > widest) return found;
    found = figure;
  }
  return found;
}

function levelsOf({ architecture: { ops, trainingOps } }: Subject): number {
  return [...ops, ...trainingOps].reduce((most, { name }) => Math.max(most, name.split(".").length), 1);
}

function checked(sketch: Sketch): Sketch {
  const boxes = boxesIn(sketch);
  if (boxes > mostBoxes) throw new DrawingTooLarge(boxes);
  return sketch;
}

function figureOf(sketch: Sketch, around = ""): Figure {
  return courseFigure(courseOf(sketch), sketch, figuresIn(around));
}

function figuresIn(around: string): Figures {
  const figures: Figures = {
    node: (node, width) => nodeFigure(node, around, width),
    widthOf: (node) => (node.kind === "row" || node.kind === "scope" || node.kind === "end" ? plainWidth(node) : 0),
    tangle: (nodes, sketch) => tangleFigure(nodes, sketch, figures),
  };
  return figures;
}

function nodeFigure(node: Node, around: string, width: number): Figure {
  switch (node.kind) {
    case "row":
    case "scope":
    case "end":
      return plainFigure(node, around, width);
    case "join":
      return joinFigure(node, around);
    case "dense":
      return denseFigure(node, around);
    case "frame":
      return frameFigure(node, figureOf(node.inside, idOf(node)), around);
  }
}
