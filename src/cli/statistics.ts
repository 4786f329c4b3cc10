/** The middle value; of an even number of values the mean of the two in the middle, of none NaN. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const [low, high] = [Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2)];
  return ((sorted[low] ?? Number.NaN) + (sorted[high] ?? Number.NaN)) / 2;
}

/** By nearest rank: the least of the values that at least this share of them do not exceed; of none NaN. */
export function nearestRank(values: readonly number[], share: number): number {
  return ascending(values)[Math.max(0, Math.ceil(share * values.length) - 1)] ?? Number.NaN;
}

/** What each value is to the one at its place in the other list. */
export function pairedRatios(values: readonly number[], to: readonly number[]): readonly number[] {
  return values.map((value, at) => value / (to[at] ?? Number.NaN));
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * In which the median of what the values are drawn from lies with a confidence of at least 95 %, whatever its
 * distribution: by order statistics, as the number of values below it is binomial with p = 1/2 (Conover, "Practical
 * Nonparametric Statistics", confidence interval for a quantile). Null for fewer than six values.
 */
export function medianInterval(values: readonly number[]): Interval | null {
  const sorted = ascending(values);
  const rank = greatestRank(sorted.length);
  const [low, high] = [sorted[rank - 1], sorted[sorted.length - rank]];
  return rank === 0 || low === undefined || high === undefined ? null : { low, high };
}

/** How many values an interval takes: 2 · 2⁻⁶ is the first that is no more than 5 %. */
export const leastForInterval = 6;

/** The greatest k so that fewer than k of n fair coins fall on one side with a probability of at most 2.5 %. */
function greatestRank(n: number): number {
  // In logarithms, as 2⁻ⁿ soon is too small for a number.
  let term = -n * Math.LN2;
  let below = Math.exp(term);
  let rank = 0;
  while (rank < n / 2 && below <= 0.025) {
    rank++;
    term += Math.log((n - rank + 1) / rank);
    below += Math.exp(term);
  }
  return rank;
}

function ascending(values: readonly number[]): readonly number[] {
  return [...values].sort((a, b) => a - b);
}
