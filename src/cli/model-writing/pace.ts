import { roughlyBytes } from "../figures.ts";

/** How much of `total` bytes is done after so many milliseconds, how fast, and for how long it will go on. */
export function pace(done: number, total: number, milliseconds: number): string {
  const so = `${bytes(done)} of ${bytes(total)}`;
  if (done === 0 || milliseconds < patience) return so;
  const rate = done / milliseconds;
  return `${so}, ${bytes(1000 * rate)}/s, ${duration((total - done) / rate)} left`;
}

/** What the first moments promise does not hold. */
const patience = 500;

function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function bytes(count: number): string {
  return roughlyBytes(count) || `${Math.round(count)} B`;
}
