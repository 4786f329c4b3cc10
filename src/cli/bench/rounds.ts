import { fillNormal } from "../../weights/normal.ts";

/** When rounds end: after as many as were asked for, otherwise when there are most, or enough and the time is over. */
export interface End {
  readonly asked: number | null;
  readonly least: number;
  readonly most: number;
  readonly milliseconds: number;
}

export function isOver({ asked, least, most, milliseconds }: End, done: number, elapsed: number): boolean {
  if (asked !== null) return done >= asked;
  return done >= most || (done >= least && elapsed >= milliseconds);
}

/** How much of the rounds is done, as the one that ends them first counts it. */
export function shareDone({ asked, least, most, milliseconds }: End, done: number, elapsed: number): number {
  if (asked !== null) return done / asked;
  return Math.max(done / most, Math.min(done / least, elapsed / milliseconds));
}

/** The order in which so many take their turns in a round: any is as likely as any other. */
export function orderOf(many: number, round: number, seed: bigint): readonly number[] {
  const draws = new Float32Array(many);
  fillNormal(draws, seed, `round ${round}`, 1);
  return [...draws.keys()].sort((a, b) => (draws[a] ?? 0) - (draws[b] ?? 0));
}
