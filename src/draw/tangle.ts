import type { Activation } from "../compiler/ir.ts";
import { formatSizes } from "../compiler/shape.ts";
import type { Edge, Node, Sketch } from "./sketch.ts";

/** Nodes that follow one another without a branch, at a place of a grid. */
export interface Cell {
  readonly nodes: readonly number[];
  /** Further down than all that it reads. */
  readonly row: number;
  /** The columns that it takes; a node with tensors of several sizes stands across theirs. */
  readonly from: number;
  readonly to: number;
}

export interface Grid {
  readonly cells: readonly Cell[];
  readonly rows: number;
  readonly columns: number;
  /** The cell of each node. */
  readonly cellOf: ReadonlyMap<number, number>;
  /** The column of what flows along an edge into or out of a cell. */
  columnOf(activation: Activation, cell: Cell): number;
}

/**
 * Lays nodes out in a grid in which tensors of one height and width stay in one lane, as in drawings of networks that
 * keep several resolutions.
 */
export function gridOf(nodes: readonly number[], sketch: Sketch): Grid {
  const members = new Set(nodes);
  const touching = sketch.edges.filter(({ from, to }) => members.has(from) || members.has(to));
  const edges = touching.filter(({ from, to }) => members.has(from) && members.has(to));
  const chains = chainsOf(nodes, touching, (node) => sizeOf((sketch.nodes[node] as Node).shapes[1]));
  const cellOf = new Map(chains.flatMap((chain, at) => chain.map((node) => [node, at] as const)));
  const ranks = ranksOf(chains, edges, cellOf);
  const lanes = new Lanes(nodes, sketch);
  const columns = new Columns();
  const spans = chains.map((chain) => lanes.spanOf(chain, sketch));
  const places: Taken[] = [];
  chains.forEach((chain, at) => {
    const maker = edges.find(({ to }) => to === chain[0]);
    const above = maker && places[cellOf.get(maker.from) ?? -1];
    places.push(columns.take(spans[at] as Span, ranks[at] ?? 0, above ?? null));
  });
  const widths = columns.inOrder(lanes.count);
  const rows = rowsOf(ranks, spans);
  const cells = chains.map((chain, at): Cell => {
    const { span, sub } = places[at] as Taken;
    const start = widths.start(span.from) + sub;
    const end = span.from === span.to ? start : widths.start(span.to);
    return { nodes: chain, row: rows[at] ?? 0, from: start, to: end };
  });
  return {
    cells,
    rows: Math.max(0, ...rows) + 1,
    columns: widths.total,
    cellOf,
    columnOf(activation, { from, to }) {
      const lane = lanes.laneOf(activation);
      return from === to || lane === null ? from : Math.min(to, Math.max(from, widths.start(lane)));
    },
  };
}

/** Nodes of one size, of which each has one successor that has one predecessor, together. */
function chainsOf(
  nodes: readonly number[],
  edges: readonly Edge[],
  size: (node: number) => string,
): readonly (readonly number[])[] {
  const [readers, makers] = [new Map<number, Set<number>>(), new Map<number, Set<number>>()];
  const leaving = new Map<number, Set<Activation>>();
  for (const { from, to, activation } of edges) {
    leaving.set(from, (leaving.get(from) ?? new Set()).add(activation));
    readers.set(from, (readers.get(from) ?? new Set()).add(to));
    makers.set(to, (makers.get(to) ?? new Set()).add(from));
  }
  const chains: number[][] = [];
  const chainOf = new Map<number, number[]>();
  for (const node of nodes) {
    const [maker] = makers.get(node) ?? [];
    const chain = maker === undefined ? undefined : chainOf.get(maker);
    const isOne = maker !== undefined && readers.get(maker)?.size === 1 && leaving.get(maker)?.size === 1;
    const isOnly = isOne && makers.get(node)?.size === 1;
    const own = chain && isOnly && chain.at(-1) === maker && size(maker) === size(node) ? chain : [];
    if (own.length === 0) chains.push(own);
    own.push(node);
    chainOf.set(node, own);
  }
  return chains;
}

function ranksOf(
  chains: readonly (readonly number[])[],
  edges: readonly Edge[],
  cellOf: ReadonlyMap<number, number>,
): readonly number[] {
  const ranks = chains.map(() => 0);
  // In the order of execution: what an edge comes from has its rank already.
  for (const { from, to } of [...edges].sort((one, other) => one.to - other.to)) {
    const [maker, reader] = [cellOf.get(from) ?? 0, cellOf.get(to) ?? 0];
    if (maker !== reader) ranks[reader] = Math.max(ranks[reader] ?? 0, (ranks[maker] ?? 0) + 1);
  }
  return ranks;
}

/** Cells of a rank share a row; one that stands across several lanes has its own. */
function rowsOf(ranks: readonly number[], spans: readonly Span[]): readonly number[] {
  const isWide = (at: number) => spans[at]?.from !== spans[at]?.to;
  const order = ranks
    .map((_, at) => at)
    .sort((one, other) => {
      const byRank = (ranks[one] ?? 0) - (ranks[other] ?? 0);
      return byRank || Number(isWide(one)) - Number(isWide(other)) || one - other;
    });
  const rows = ranks.map(() => 0);
  let row = -1;
  order.forEach((cell, place) => {
    const before = order[place - 1];
    const shares = before !== undefined && ranks[before] === ranks[cell] && !isWide(cell);
    if (!shares) row++;
    rows[cell] = row;
  });
  return rows;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Which lane tensors of a height and width have: in the order in which they first appear. */
class Lanes {
  readonly #lanes = new Map<string, number>();

  constructor(nodes: readonly number[], { nodes: all }: Sketch) {
    for (const node of nodes) this.#lane(sizeOf((all[node] as Node).shapes[1]));
  }

  get count(): number {
    return this.#lanes.size;
  }

  laneOf({ shape }: Activation): number | null {
    return this.#lanes.get(sizeOf(shape)) ?? null;
  }

  /** A chain stands where its last tensor does; what takes or makes tensors of several sizes, across all of theirs. */
  spanOf(chain: readonly number[], { nodes, edges }: Sketch): Span {
    const own = this.#lane(sizeOf((nodes[chain.at(-1) ?? 0] as Node).shapes[1]));
    const [only] = chain;
    const leaving = new Set(edges.filter(({ from }) => from === only).map(({ activation }) => activation));
    if (chain.length > 1 || leaving.size < 2) return { from: own, to: own };
    const lanes = [...leaving].map((activation) => this.laneOf(activation) ?? own);
    return { from: Math.min(...lanes), to: Math.max(...lanes) };
  }

  #lane(size: string): number {
    const known = this.#lanes.get(size);
    if (known !== undefined) return known;
    this.#lanes.set(size, this.#lanes.size);
    return this.#lanes.size - 1;
  }
}

function sizeOf(shape: Activation["shape"]): string {
  return formatSizes(shape.slice(1));
}

interface Taken {
  readonly span: Span;
  /** Which column of its lane. */
  readonly sub: number;
}

/** Gives each cell a column of its lane that is free in its row. */
class Columns {
  readonly #taken = new Set<string>();
  readonly #counts = new Map<number, number>();

  /** Below what the cell reads first, where that is in its lane; otherwise as far to the left as there is room. */
  take(span: Span, rank: number, above: Taken | null): Taken {
    // What stands across several lanes has a row of its own.
    if (span.from !== span.to) return { span, sub: 0 };
    const lane = span.from;
    const isBelow = above !== null && above.span.from === lane && above.span.to === lane;
    let sub = isBelow && !this.#taken.has(`${rank} ${lane} ${above.sub}`) ? above.sub : 0;
    while (this.#taken.has(`${rank} ${lane} ${sub}`)) sub++;
    this.#taken.add(`${rank} ${lane} ${sub}`);
    this.#counts.set(lane, Math.max(this.#counts.get(lane) ?? 0, sub + 1));
    return { span, sub };
  }

  /** Where the columns of each of the lanes begin. */
  inOrder(lanes: number) {
    const starts = new Map<number, number>();
    let total = 0;
    for (let lane = 0; lane < lanes; lane++) {
      starts.set(lane, total);
      total += this.#counts.get(lane) ?? 1;
    }
    return {
      total,
      start: (lane: number) => starts.get(lane) ?? 0,
    };
  }
}
