import { roughlyBytes } from "../figures.ts";

/** How much of `total` bytes is done after so many milliseconds, how fast, and for how long it will go on. */
export function pace(done: number, total: number, milliseconds: number): string {
  const so = `${roughlyBytes(done)} of ${roughlyBytes(total)}`;
  if (done === 0 || milliseconds === 0) return so;
  const rate = done / milliseconds;
  return `${so}, ${roughlyBytes(1000 * rate)}/s, ${duration((total - done) / rate)} left`;
}

function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
