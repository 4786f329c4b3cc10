import type { Edge, Sketch } from "./sketch.ts";

/** Nodes one after another, and between them what goes several ways at once. */
export type Course = readonly Step[];

export type Step =
  | { readonly kind: "node"; readonly node: number }
  | { readonly kind: "split"; readonly branches: readonly Course[]; readonly isSkipped: boolean }
  /** Nodes whose lines cannot be taken apart into branches. */
  | { readonly kind: "tangle"; readonly nodes: readonly number[] };

/**
 * Takes a graph apart into courses and branches, as far as it is made of them: a node that every way passes ends a
 * split, and what hangs together between two such nodes is a branch.
 */
export function courseOf({ nodes, edges }: Sketch): Course {
  return stepsOf(
    nodes.map((_, node) => node),
    edges,
  );
}

/** `edges` are those of the members; from or to others is from the entry and to the exit. */
function stepsOf(members: readonly number[], edges: readonly Edge[]): readonly Step[] {
  const positions = new Map(members.map((node, at) => [node, at]));
  const spans = spansOf(members, positions, edges);
  const covered = coverOf(spans, members.length);
  const isCut = (node: number, at: number) => covered[at] === 0 && !hasSeveralOutputs(node, edges);
  const steps: Step[] = [];
  let region: number[] = [];
  let cut = -1;
  const close = (end: number) => {
    if (region.length > 0) {
      const isSkipped = spans.some(([from, to]) => from === cut && to === end);
      steps.push(splitOf(region, isSkipped, members.length, edges));
    }
    region = [];
    cut = end;
  };
  members.forEach((node, at) => {
    if (!isCut(node, at)) region.push(node);
    else {
      close(at);
      steps.push({ kind: "node", node });
    }
  });
  close(members.length);
  return steps;
}

/** Such a node passes its tensors on side by side: nothing comes together in it. */
function hasSeveralOutputs(node: number, edges: readonly Edge[]): boolean {
  const leaving = edges.filter(({ from }) => from === node);
  return leaving.some(({ activation }) => activation !== leaving[0]?.activation);
}

type Range = readonly [from: number, to: number];

/** The edges by position: −1 is the entry, and the number of members the exit. */
function spansOf(
  members: readonly number[],
  positions: ReadonlyMap<number, number>,
  edges: readonly Edge[],
): readonly Range[] {
  const spans: Range[] = [];
  const hasReader = new Set<number>();
  for (const { from, to } of edges) {
    const [start, end] = [positions.get(from), positions.get(to)];
    if (start === undefined && end === undefined) continue;
    spans.push([start ?? -1, end ?? members.length]);
    if (start !== undefined) hasReader.add(start);
  }
  const ends = members.flatMap((_, at): Range[] => (hasReader.has(at) ? [] : [[at, members.length]]));
  return [...spans, ...ends];
}

/** For each position, how many edges pass it by. */
function coverOf(spans: readonly Range[], count: number): readonly number[] {
  const changes = new Array<number>(count + 1).fill(0);
  for (const [from, to] of spans) {
    if (to - from < 2) continue;
    changes[from + 1] = (changes[from + 1] ?? 0) + 1;
    changes[to] = (changes[to] ?? 0) - 1;
  }
  let sum = 0;
  return changes.slice(0, count).map((change) => {
    sum += change;
    return sum;
  });
}

function splitOf(region: readonly number[], isSkipped: boolean, around: number, edges: readonly Edge[]): Step {
  const components = componentsOf(region, edges);
  const [only] = components;
  if (
    components.length === 1 &&
    !isSkipped &&
    (only?.length === around || region.some((node) => hasSeveralOutputs(node, edges)))
  ) {
    return { kind: "tangle", nodes: region };
  }
  const branches = components.map((component) => {
    const inside = new Set(component);
    return stepsOf(
      component,
      edges.filter(({ from, to }) => inside.has(from) || inside.has(to)),
    );
  });
  return { kind: "split", branches, isSkipped };
}

/** What hangs together, in the order in which it begins. */
function componentsOf(region: readonly number[], edges: readonly Edge[]): readonly (readonly number[])[] {
  const leaders = new Map(region.map((node) => [node, node]));
  const leaderOf = (node: number): number => {
    let at = node;
    while (leaders.get(at) !== at) at = leaders.get(at) as number;
    leaders.set(node, at);
    return at;
  };
  for (const { from, to } of edges) {
    if (!leaders.has(from) || !leaders.has(to)) continue;
    const [one, other] = [leaderOf(from), leaderOf(to)];
    leaders.set(Math.max(one, other), Math.min(one, other));
  }
  const components = new Map<number, number[]>();
  for (const node of region) {
    const leader = leaderOf(node);
    const known = components.get(leader);
    if (known) known.push(node);
    else components.set(leader, [node]);
  }
  return [...components.values()];
}
