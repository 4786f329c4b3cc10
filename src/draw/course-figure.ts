import type { Course, Step } from "./courses.ts";
import { busHeight, type Figure, type Way } from "./figure.ts";
import type { Point } from "./scene.ts";
import type { Node, Sketch } from "./sketch.ts";

/** Makes the figures of nodes and of tangles; their widths may depend on what stands around. */
export interface Figures {
  node(node: Node, width: number): Figure;
  /** The width that a node needs, 0 where others need not follow it. */
  widthOf(node: Node): number;
  tangle(nodes: readonly number[], sketch: Sketch): Figure;
  /** The same with narrower boxes; null where they are. */
  readonly narrower: (() => Figures) | null;
}

/** Beyond this the columns of a split, or of a tangle, are made of narrower boxes. */
const widest = 620;

/** A figure of several columns that is not wider than a page as far as it need not be. */
function fitted(figures: Figures, make: (figures: Figures) => Figure): Figure {
  const figure = make(figures);
  return figures.narrower && figure.left + figure.right > widest ? make(figures.narrower()) : figure;
}

const gap = 20;
const forkHeight = 10;
const columnGap = 16;
const trackGap = 14;

/** Steps from top to bottom on one axis. */
export function courseFigure(course: Course, sketch: Sketch, figures: Figures): Figure {
  const width = Math.max(0, ...course.map((step) => widthOf(nodeOf(step, sketch), figures)));
  const steps: Figure[] = [];
  // Backwards: how a split meets depends on what it meets in.
  for (const step of [...course].reverse()) {
    const next = nodeOf(course[course.length - steps.length], sketch);
    steps.unshift(stepFigure(step, { width, next, figure: next ? (steps[0] as Figure) : null }, sketch, figures));
  }
  return {
    left: Math.max(0, ...steps.map((one) => one.left)),
    right: Math.max(0, ...steps.map((one) => one.right)),
    height: steps.reduce((sum, one) => sum + one.height, 0) + gap * Math.max(0, steps.length - 1),
    reach(height) {
      let [top, right] = [0, 0];
      for (const step of steps) {
        if (top < height) right = Math.max(right, reachOf(step, height - top));
        top += step.height + gap;
      }
      return right;
    },
    paint(canvas, { x, y }, entering) {
      let top = y;
      let ways = entering;
      for (const step of steps) {
        ways = step.paint(canvas, { x, y: top }, ways);
        top += step.height + gap;
      }
      return ways;
    },
  };
}

function reachOf(figure: Figure, height: number): number {
  return figure.reach?.(height) ?? figure.right;
}

function nodeOf(step: Step | undefined, { nodes }: Sketch): Node | null {
  return step?.kind === "node" ? (nodes[step.node] as Node) : null;
}

interface Setting {
  /** Of the boxes on the axis. */
  readonly width: number;
  /** What comes behind a split. */
  readonly next: Node | null;
  readonly figure: Figure | null;
}

function stepFigure(step: Step, { width, next, figure }: Setting, sketch: Sketch, figures: Figures): Figure {
  switch (step.kind) {
    case "node":
      return figures.node(sketch.nodes[step.node] as Node, width);
    case "tangle":
      return fitted(figures, (fitting) => fitting.tangle(step.nodes, sketch));
    case "split":
      return fitted(figures, (fitting) => {
        const branches = branchesOf(step.branches, sketch, fitting);
        const meeting = { isSum: next === null || isSum(next), right: figure?.right ?? 0 };
        return splitFigure(branches, step.isSkipped, meeting);
      });
  }
}

interface Branch {
  readonly figure: Figure;
  /** Nothing comes out of it, as where it is there for training. */
  readonly isDead: boolean;
}

function branchesOf(courses: readonly Course[], sketch: Sketch, figures: Figures): readonly Branch[] {
  const dead = courses.filter((course) => isDeadEnd(course, sketch));
  return courses.map((course) => {
    const isDead = dead.length < courses.length && dead.includes(course);
    return { figure: courseFigure(course, sketch, isDead ? (figures.narrower?.() ?? figures) : figures), isDead };
  });
}

function isDeadEnd(course: Course, { nodes, edges }: Sketch): boolean {
  const inside = new Set(nodesIn(course));
  const isLeft = edges.some(({ from, to }) => inside.has(from) && !inside.has(to));
  return !isLeft && ![...inside].some((node) => nodes[node]?.kind === "end");
}

function nodesIn(course: Course): readonly number[] {
  return course.flatMap((step) =>
    step.kind === "node" ? [step.node] : step.kind === "tangle" ? step.nodes : step.branches.flatMap(nodesIn),
  );
}

function isSum(node: Node): boolean {
  return node.kind === "join" && !node.words.some(({ text }) => text.startsWith("concat"));
}

function widthOf(node: Node | null, figures: Figures): number {
  return node ? figures.widthOf(node) : 0;
}

interface Split {
  /** On the axis or around it. */
  readonly columns: readonly Placed[];
  /** To the right, with lines that lead into the side of what follows. */
  readonly sides: readonly Placed[];
  /** To the right of those, with no lines that go on. */
  readonly ends: readonly Placed[];
  /** Where the line of a skip goes down; null where there is none. */
  readonly track: number | null;
  readonly left: number;
  readonly right: number;
  readonly height: number;
}

interface Placed {
  readonly figure: Figure;
  /** Of its axis from that of the split. */
  readonly offset: number;
}

/** Where the branches meet: whether one of them leads, and how far to the right the box reaches. */
interface Meeting {
  readonly isSum: boolean;
  readonly right: number;
}

function splitFigure(branches: readonly Branch[], isSkipped: boolean, meeting: Meeting): Figure {
  const split = place(branches, isSkipped, meeting);
  const { columns, sides, ends, track, left, right, height } = split;
  const hasBus = columns.length > 1;
  const top = forkHeight + (hasBus || sides.length + ends.length > 0 ? forkHeight : 0);
  return {
    left,
    right,
    height: top + height + (hasBus ? busHeight - 6 : 0),
    paint(canvas, { x, y }, entering) {
      const fork = y + 2;
      const paint = ({ figure, offset }: Placed, slack: number): readonly Way[] => {
        const ways = entering.map((way) => turned(way, fork, x + offset));
        return figure.paint(canvas, { x: x + offset, y: y + top + slack }, ways);
      };
      const leaving = columns.flatMap((one) => paint(one, (height - one.figure.height) / 2));
      const beside = sides.flatMap((one) => paint(one, 0)).map((way) => ({ ...way, isAside: true }));
      for (const one of ends) paint(one, 0);
      const skips = track === null ? [] : entering.map((way) => ({ ...turned(way, fork, x + track), isAside: true }));
      return [...leaving, ...beside, ...skips];
    },
  };
}

/** The way on to the column at `x`, along the height where the branches part. */
function turned(way: Way, fork: number, x: number): Way {
  const last = way.points.at(-1) as Point;
  const points = [...way.points, { x: last.x, y: fork }, { x, y: fork }];
  return { ...way, points, isAside: false, isPlaced: false };
}

/**
 * Where two ways meet in a sum or a product, the longer one stands on the axis and the other beside it; where more
 * meet, or where they are concatenated, the columns stand side by side around the axis.
 */
function place(branches: readonly Branch[], isSkipped: boolean, meeting: Meeting): Split {
  const height = Math.max(...branches.map(({ figure }) => figure.height));
  const figures = branches.filter(({ isDead }) => !isDead).map(({ figure }) => figure);
  const hasMain = meeting.isSum && figures.length === 2 && !isSkipped;
  const longest = figures.reduce((most, one) => (one.height > most.height ? one : most), figures[0] as Figure);
  const columns = hasMain ? [{ figure: longest, offset: 0 }] : around(figures);
  const inner = extent(columns);
  const sides = inRow(hasMain ? figures.filter((one) => one !== longest) : [], () => inner.right);
  const dead = branches.filter(({ isDead }) => isDead).map(({ figure }) => figure);
  const ends = inRow(dead, (figure) => rightAbove([...columns, ...sides], figure.height + gap, height));
  const outer = Math.max(...[...columns, ...sides, ...ends].map(({ figure, offset }) => offset + figure.right));
  const track = isSkipped ? Math.max(outer, meeting.right) + trackGap : null;
  return { columns, sides, ends, track, left: inner.left, right: track === null ? outer : track + 2, height };
}

/** Beside one another, each to the right of the one before and of what is told of it. */
function inRow(figures: readonly Figure[], least: (figure: Figure) => number): readonly Placed[] {
  let right = -Infinity;
  return figures.map((figure) => {
    const offset = Math.max(right, least(figure)) + columnGap + figure.left;
    right = offset + figure.right;
    return { figure, offset };
  });
}

/** How far columns reach to the right above a line; of one that does not begin at the top, all of it counts. */
function rightAbove(columns: readonly Placed[], line: number, height: number): number {
  return Math.max(
    ...columns.map(({ figure, offset }) => {
      return offset + (figure.height === height ? reachOf(figure, line) : figure.right);
    }),
  );
}

function around(figures: readonly Figure[]): readonly Placed[] {
  const total = figures.reduce((sum, one) => sum + one.left + one.right, 0) + columnGap * (figures.length - 1);
  const [only] = figures;
  if (figures.length === 1 && only) return [{ figure: only, offset: 0 }];
  let at = -total / 2;
  return figures.map((figure) => {
    const offset = at + figure.left;
    at += figure.left + figure.right + columnGap;
    return { figure, offset };
  });
}

function extent(columns: readonly Placed[]): { readonly left: number; readonly right: number } {
  return {
    left: Math.max(...columns.map(({ figure, offset }) => figure.left - offset)),
    right: Math.max(...columns.map(({ figure, offset }) => figure.right + offset)),
  };
}
