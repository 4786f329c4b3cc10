import { type Interval, median, medianInterval, nearestRank, pairedRatios } from "../statistics.ts";
import type { Lane } from "./lane.ts";

/** A model on a device, and what its rounds come to. */
export interface Row {
  readonly lane: Lane;
  readonly latency: Latency;
}

/** What the rounds of a model come to. */
export interface Latency {
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly leastMs: number;
  /** To the first model that was measured, round by round; null for that one itself. */
  readonly ratio: Ratio | null;
}

export interface Ratio {
  readonly median: number;
  /** Null where there are too few rounds. */
  readonly interval: Interval | null;
}

export function latencyOf({ roundsMs }: Lane, base: Lane | null): Latency {
  return {
    medianMs: median(roundsMs),
    p95Ms: nearestRank(roundsMs, 0.95),
    leastMs: nearestRank(roundsMs, 0),
    ratio: base && ratioOf(pairedRatios(roundsMs, base.roundsMs)),
  };
}

function ratioOf(ratios: readonly number[]): Ratio {
  return { median: median(ratios), interval: medianInterval(ratios) };
}

/** Whether the rounds leave open which of the two is faster. */
export function isOpen({ interval }: Ratio): boolean {
  return interval !== null && interval.low <= 1 && interval.high >= 1;
}

/** The models that were measured, each with the one that it is compared with. */
export function compared(lanes: readonly Lane[]): readonly { readonly lane: Lane; readonly base: Lane | null }[] {
  const [base = null, ...others] = lanes.filter(({ refusal }) => !refusal);
  return base ? [{ lane: base, base: null }, ...others.map((lane) => ({ lane, base }))] : [];
}

/** Of the time of all kernels; null where there is no profile. */
export function concatShare({ profile }: Lane): number | null {
  if (!profile) return null;
  return profile.kernels.find(({ op }) => op === "Concat")?.share ?? 0;
}
