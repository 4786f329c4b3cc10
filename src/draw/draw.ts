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
  const figure = options.depth === "auto" ? fitting(subject) : figureOf(sketchOf(subject, options.depth));
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
const deepest = 64;

/** As many levels as keep the drawing within bounds. */
function fitting(subject: Subject): Figure {
  let found = figureOf(sketchOf(subject, 1));
  let nodes = 0;
  for (let depth = 2; depth <= deepest; depth++) {
    const sketch = sketchOf(subject, depth);
    const count = countOf(sketch);
    if (count === nodes) break;
    nodes = count;
    const deeper = figureOf(sketch);
    if (process.env.DBG) console.log(depth, count, deeper.height, deeper.left + deeper.right);
    if (deeper.height > highest || deeper.left + deeper.right > widest) break;
    found = deeper;
  }
  return found;
}

function countOf({ nodes }: Sketch): number {
  return nodes.reduce((sum, node) => sum + 1 + (node.kind === "frame" ? countOf(node.inside) : 0), 0);
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
