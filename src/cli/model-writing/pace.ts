import { roughlyBytes } from "../figures.ts";

/**
 * How much of `total` bytes is done after so many milliseconds, for how long it will go on, and how fast: fields that
 * are as wide at every moment.
 */
export function pace(done: number, total: number, milliseconds: number): readonly string[] {
  const so = `${bytes(done).padStart(widest.bytes)} of ${bytes(total)}`;
  const isKnown = done > 0 && milliseconds >= patience;
  const rate = done / milliseconds;
  const fields = [
    `, ${(isKnown ? duration((total - done) / rate) : "").padStart(widest.duration)} left`,
    `, ${(isKnown ? bytes(1000 * rate) : "").padStart(widest.bytes)}/s`,
  ];
  return [so, ...(isKnown ? fields : fields.map(({ length }) => " ".repeat(length)))];
}

/** What the first moments promise does not hold. */
const patience = 500;

/** As long as `1023 MiB` and `99 min`. */
const widest = { bytes: 8, duration: 6 };

function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 100) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.min(9999, Math.ceil(minutes / 60))} h`;
}

function bytes(count: number): string {
  return roughlyBytes(count) || `${Math.round(count)} B`;
}
