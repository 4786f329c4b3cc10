import { courseFigure, type Figures } from "./course-figure.ts";
import type { Figure, Way } from "./figure.ts";
import type { Canvas, Point } from "./scene.ts";
import type { Node, Sketch } from "./sketch.ts";
import { type Cell, type Grid, gridOf } from "./tangle.ts";

const columnGap = 22;
const gutterBase = 26;
const levelHeight = 7;
const trackWidth = 7;
const portStep = 9;

/** Nodes in a grid. Lines go through the gutters between its rows and columns, so that none passes through a box. */
export function tangleFigure(nodes: readonly number[], sketch: Sketch, figures: Figures): Figure {
  const grid = gridOf(nodes, sketch);
  const links = linksOf(grid, sketch);
  const geometry = geometryOf(grid, links, sketch, figures);
  return {
    left: geometry.width / 2,
    right: geometry.width / 2,
    height: geometry.height,
    paint(canvas, { x, y }, entering) {
      return new Painter(grid, links, geometry, { x: x - geometry.width / 2, y }).paint(canvas, entering);
    },
  };
}

/** What flows from a cell, or from the entry, to a cell, or to the exit. */
interface Link {
  /** −1 for the entry. */
  readonly from: number;
  /** −1 for the exit. */
  readonly to: number;
  /** The columns in which it leaves and enters. */
  readonly out: number;
  readonly into: number;
  /** Whether boxes stand between. */
  readonly isLong: boolean;
}

function linksOf(grid: Grid, { edges }: Sketch): readonly Link[] {
  const { cells, cellOf, columnOf } = grid;
  const links = new Map<string, Link>();
  for (const { from, to, activation } of edges) {
    const [maker, reader] = [cellOf.get(from) ?? -1, cellOf.get(to) ?? -1];
    if (maker === reader) continue;
    const [source, target] = [cells[maker], cells[reader]];
    const into = target ? columnOf(activation, target) : -1;
    const out = source ? columnOf(activation, source) : -1;
    const start = source ? source.row : -1;
    const end = target ? target.row : grid.rows;
    const isFree = !isTaken(cells, out < 0 ? into : out, start, end);
    const isLong = end - start > 1 && !(isFree && (out === into || out < 0 || into < 0));
    links.set(`${maker} ${out} ${reader} ${into}`, { from: maker, to: reader, out, into, isLong });
  }
  cells.forEach(({ nodes, from }, at) => {
    const isRead = edges.some((edge) => nodes.includes(edge.from) && !nodes.includes(edge.to));
    if (!isRead)
      links.set(`${at} exit`, {
        from: at,
        to: -1,
        out: from,
        into: -1,
        isLong: isTaken(cells, from, (cells[at] as Cell).row, grid.rows),
      });
  });
  return [...links.values()];
}

function isTaken(cells: readonly Cell[], column: number, above: number, below: number): boolean {
  return cells.some(({ row, from, to }) => row > above && row < below && from <= column && column <= to);
}

interface Geometry {
  readonly figures: readonly Figure[];
  readonly width: number;
  readonly height: number;
  /** Of the axis of each column. */
  readonly xs: readonly number[];
  /** Of the upper edge of each row. */
  readonly ys: readonly number[];
  /** Of the first of the lines in the gutter below each row; row 0 is the one above all. */
  readonly gutters: readonly number[];
  /** Of the line that leads a long link past the boxes. */
  readonly tracks: ReadonlyMap<Link, number>;
  /** Which of the lines of a gutter a source has. */
  readonly levels: ReadonlyMap<string, number>;
}

function geometryOf(grid: Grid, links: readonly Link[], sketch: Sketch, figures: Figures): Geometry {
  const plain = grid.cells.map(({ nodes }) => figureOf(nodes, 0, sketch, figures));
  const { xs, width, tracks } = acrossOf(grid, plain, links);
  const spanned = grid.cells.map((cell, at) => {
    const natural = plain[at] as Figure;
    if (cell.from === cell.to) return natural;
    const span = (xs[cell.to] ?? 0) - (xs[cell.from] ?? 0) + 2 * overhang;
    return figureOf(cell.nodes, span, sketch, figures);
  });
  const levels = levelsOf(grid, links);
  const ys: number[] = [];
  const gutters: number[] = [];
  let y = 0;
  for (let rank = -1; rank < grid.rows; rank++) {
    if (rank >= 0) {
      ys.push(y);
      const heights = grid.cells.map((cell, at) => (cell.row === rank ? (spanned[at] as Figure).height : 0));
      y += Math.max(...heights);
    }
    gutters.push(y + 8);
    const used = [...levels.keys()].filter((key) => key.startsWith(`${rank} `)).length;
    y += used === 0 && rank === -1 ? 4 : gutterBase + levelHeight * Math.max(0, used - 1);
  }
  return { figures: spanned, width, height: y, xs, ys, gutters, tracks, levels };
}

function figureOf(nodes: readonly number[], span: number, sketch: Sketch, figures: Figures): Figure {
  const [only] = nodes;
  if (span > 0 && only !== undefined) return figures.node(sketch.nodes[only] as Node, span);
  return courseFigure(
    nodes.map((node) => ({ kind: "node", node })),
    sketch,
    figures,
  );
}

/** How far a box across several columns reaches beyond the axes of the outer ones. */
const overhang = 30;

/**
 * The columns, each as wide as its widest box, with room to its right for the links that pass it, and so far apart that
 * what stands across several finds room between them.
 */
function acrossOf(grid: Grid, figures: readonly Figure[], links: readonly Link[]) {
  const tracks = new Map<Link, number>();
  const xs: number[] = [];
  let x = 0;
  for (let column = 0; column < grid.columns; column++) {
    const inside = grid.cells.flatMap((cell, at) => reachOf(cell, figures[at] as Figure, column, xs));
    const axis = Math.max(x + 20, ...inside.map(({ left, least }) => Math.max(x + left, least)));
    xs.push(axis);
    x = axis + Math.max(20, ...inside.map(({ right }) => right)) + columnGap / 2;
    const passing = links.filter((link) => link.isLong && (link.into < 0 ? link.out : link.into) === column);
    for (const link of passing) {
      tracks.set(link, x);
      x += trackWidth;
    }
    x += columnGap / 2;
  }
  return { xs, width: x - columnGap, tracks };
}

/** What a cell needs at a column in which it begins or ends: room to both sides, and the least place of the axis. */
function reachOf({ from, to }: Cell, { left, right }: Figure, column: number, xs: readonly number[]) {
  if (from === to) return from === column ? [{ left, right, least: 0 }] : [];
  if (column === from) return [{ left: overhang, right: 0, least: 0 }];
  if (column !== to) return [];
  const beyond = Math.max(0, right - left);
  return [{ left: 0, right: overhang + beyond, least: (xs[from] ?? 0) + 2 * left - 2 * overhang }];
}

/** Each source has a line of its own in a gutter, so that no two run over one another. */
function levelsOf({ cells, rows }: Grid, links: readonly Link[]): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  const counts = new Map<number, number>();
  const take = (rank: number, key: string) => {
    if (levels.has(`${rank} ${key}`)) return;
    const next = counts.get(rank) ?? 0;
    levels.set(`${rank} ${key}`, next);
    counts.set(rank, next + 1);
  };
  for (const link of links) {
    const below = cells[link.from]?.row ?? -1;
    const above = (cells[link.to]?.row ?? rows) - 1;
    const key = keyOf(link);
    if (link.isLong || (link.out !== link.into && link.into >= 0)) take(bendOf(link, below, above), key);
    if (link.isLong && link.into >= 0) take(above, key);
  }
  return levels;
}

/** The gutter in which a link turns to the column that it leads to: what enters does so at once, above all boxes. */
function bendOf({ isLong, from }: Link, below: number, above: number): number {
  return isLong || from < 0 ? below : above;
}

function keyOf({ from, out }: Link): string {
  return `${from}:${out}`;
}

/** Lines that come into a box in one column do so side by side. */
function portOf(link: Link, all: readonly Link[]): number {
  const beside = all.filter(({ into }) => into === link.into);
  return (beside.indexOf(link) - (beside.length - 1) / 2) * portStep;
}

class Painter {
  readonly #grid: Grid;
  readonly #links: readonly Link[];
  readonly #geometry: Geometry;
  readonly #corner: Point;

  constructor(grid: Grid, links: readonly Link[], geometry: Geometry, corner: Point) {
    this.#grid = grid;
    this.#links = links;
    this.#geometry = geometry;
    this.#corner = corner;
  }

  paint(canvas: Canvas, entering: readonly Way[]): readonly Way[] {
    const leaving: (readonly Way[])[] = [];
    this.#grid.cells.forEach((cell, at) => {
      const ways = this.#links
        .filter((link) => link.to === at)
        .flatMap((link, _, all) => this.#waysInto(link, portOf(link, all), entering, leaving));
      const figure = this.#geometry.figures[at] as Figure;
      const x = cell.from === cell.to ? this.#x(cell.from) : (this.#x(cell.from) + this.#x(cell.to)) / 2;
      leaving[at] = figure.paint(canvas, { x, y: this.#y(this.#geometry.ys[cell.row] ?? 0) }, ways);
    });
    const exits = this.#links.filter(({ to }) => to < 0);
    return exits.flatMap((link) =>
      (leaving[link.from] ?? []).map((way) => this.#routed(this.#leaving(way, link), link, 0)),
    );
  }

  #waysInto(link: Link, port: number, entering: readonly Way[], leaving: readonly (readonly Way[])[]): readonly Way[] {
    const ways = link.from < 0 ? entering : (leaving[link.from] ?? []).map((way) => this.#leaving(way, link));
    return ways.map((way) => this.#routed(way, link, port));
  }

  /** From a box across several columns a link leaves in the column of its tensor. */
  #leaving(way: Way, { from, out }: Link): Way {
    const cell = this.#grid.cells[from] as Cell;
    if (cell.from === cell.to) return way;
    const { y } = way.points.at(-1) as Point;
    return { ...way, points: [{ x: this.#x(out), y }] };
  }

  #routed(way: Way, link: Link, port: number): Way {
    const { gutters, tracks } = this.#geometry;
    const last = way.points.at(-1) as Point;
    const { cells, rows } = this.#grid;
    const below = cells[link.from]?.row ?? -1;
    const above = (cells[link.to]?.row ?? rows) - 1;
    const points = [...way.points];
    const level = (rank: number) =>
      this.#y((gutters[rank + 1] ?? 0) + levelHeight * (this.#geometry.levels.get(`${rank} ${keyOf(link)}`) ?? 0));
    let { x } = last;
    if (link.isLong) {
      const track = this.#corner.x + (tracks.get(link) ?? 0);
      points.push({ x, y: level(below) }, { x: track, y: level(below) });
      x = track;
    }
    if (link.into < 0) return { ...way, points: [...points, { x, y: this.#y(this.#geometry.height) }] };
    const target = this.#x(link.into) + port;
    const bend = link.isLong ? above : bendOf(link, below, above);
    if (target !== x) points.push({ x, y: level(bend) }, { x: target, y: level(bend) });
    return { ...way, points, isPlaced: true };
  }

  #x(column: number): number {
    return this.#corner.x + (this.#geometry.xs[column] ?? 0);
  }

  #y(y: number): number {
    return this.#corner.y + y;
  }
}
