import type { ProfiledNode } from "./profile.ts";

export interface ProfileSummary {
  readonly kernels: readonly Kernel[];
  /** Null where the profile does not say what was allocated. */
  readonly peak: Peak | null;
}

/** The nodes of one operator. */
export interface Kernel {
  readonly op: string;
  /** How many nodes of it a run has. */
  readonly nodes: number;
  /** Of all of them in a run, on average. */
  readonly milliseconds: number;
  /** Of the time of all kernels. */
  readonly share: number;
}

/** Where the time of runs went, by operator, the greatest first. */
export function kernelsOf(runs: readonly (readonly ProfiledNode[])[]): readonly Kernel[] {
  const all = runs.flat();
  const total = sumOf(all);
  const byOp = new Map<string, ProfiledNode[]>();
  for (const node of all) byOp.set(node.op, [...(byOp.get(node.op) ?? []), node]);
  return [...byOp]
    .map(([op, nodes]) => ({
      op,
      nodes: Math.round(nodes.length / runs.length),
      milliseconds: sumOf(nodes) / runs.length,
      share: total > 0 ? sumOf(nodes) / total : 0,
    }))
    .sort((a, b) => b.milliseconds - a.milliseconds);
}

/** What a run needs at its peak, beyond what the session holds between runs. */
export interface Peak {
  /** The tensors that are there at once, by the sizes that were asked for. */
  readonly tensorBytes: number;
  /** The node that had run then. */
  readonly node: string;
  /** With the rounding of the arena and what kernels need for themselves while they run. */
  readonly arenaBytes: number;
}

/** Of a run without a plan for its memory, where each tensor is allocated when it is made. */
export function peakOf(run: readonly ProfiledNode[]): Peak | null {
  const [first] = run;
  if (!first?.memory) return null;
  const before = first.memory.requested - first.memory.requestedByNode;
  const givenBefore = first.memory.given - first.memory.givenToNode;
  let peak: Peak = { tensorBytes: 0, node: first.name, arenaBytes: 0 };
  for (const { name, memory } of run) {
    if (!memory) return null;
    const tensorBytes = memory.requested - before;
    const arenaBytes = Math.max(peak.arenaBytes, memory.mostGiven - givenBefore);
    peak = tensorBytes > peak.tensorBytes ? { tensorBytes, node: name, arenaBytes } : { ...peak, arenaBytes };
  }
  return peak;
}

function sumOf(nodes: readonly ProfiledNode[]): number {
  return nodes.reduce((sum, node) => sum + node.milliseconds, 0);
}
