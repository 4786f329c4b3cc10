import { denominatorOf, type Exact, numeratorOf, toDouble } from "../compiler/number.ts";
import { formatQuantity, Poly, type Quantity } from "../compiler/symbolic.ts";

/** Exactly, with separators of thousands: `7,978,856`; a polynomial where it depends on symbolic sizes. */
export function exactly(quantity: Quantity): string {
  if (quantity instanceof Poly || denominatorOf(quantity) !== 1n) return formatQuantity(quantity);
  return String(numeratorOf(quantity)).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}

/** To three digits: `2.83 G`; empty where that says no more, or where symbolic sizes leave it open. */
export function roughly(quantity: Quantity): string {
  return scaled(quantity, 1000, ["", "K", "M", "G", "T", "P", "E"]);
}

/** Bytes to three digits, in powers of 1024: `30.8 MiB`. */
export function roughlyBytes(quantity: Quantity): string {
  return scaled(quantity, 1024, ["", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]);
}

/** How long something took, to three digits: `0.339 ms`, `12.1 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds >= 9_999.5) return `${(milliseconds / 1000).toFixed(1)} s`;
  const digits = [99.95, 9.995, 0.9995].filter((least) => milliseconds < least).length;
  return `${milliseconds.toFixed(digits)} ms`;
}

/** A share of a whole in percent: `4.2`, `<0.1`; empty for nothing. */
export function percentage(part: number, whole: number): string {
  if (part <= 0 || whole <= 0) return "";
  const share = (100 * part) / whole;
  return share < 0.1 ? "<0.1" : share.toFixed(1);
}

function scaled(quantity: Quantity, base: number, units: readonly string[]): string {
  if (quantity instanceof Poly) return "";
  let value = toDouble(quantity satisfies Exact);
  let power = 0;
  // 999.5 would be written as 1000.
  while (value >= (power === 0 ? base : base - 0.5) && power < units.length - 1) {
    value /= base;
    power++;
  }
  if (power === 0) return "";
  return `${value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2)} ${units[power]}`;
}
