import { compareExact, isExact } from "../number.ts";
import { type Assumptions, casesOf, everySize } from "./assumptions.ts";
import { type Bounds, higher, lower, type Reach, reachOver, unbounded } from "./bounds.ts";
import { moduliOf, simplify } from "./floor.ts";
import { type Poly, type Quantity, subtract, symbolsOf, termsOf } from "./poly.ts";
import { withinLimits } from "./within-limits.ts";

export type Relation = "less" | "equal" | "greater" | "at-most" | "at-least" | "unequal" | "unknown";

/** Which signs a difference can have, as a sum; and the relation each sum stands for. */
const [negative, zero, positive] = [1, 2, 4] as const;
const relations: readonly Relation[] = [
  "unknown",
  "less",
  "equal",
  "at-most",
  "greater",
  "unequal",
  "at-least",
  "unknown",
];

/** The strongest relation of a to b that could be proved for all sizes that meet the assumptions. */
export function compare(a: Quantity, b: Quantity, given: Assumptions): Relation {
  if (typeof a === "number" && typeof b === "number") return a < b ? "less" : a > b ? "greater" : "equal";
  const difference = withinLimits(() => simplify(subtract(a, b), given));
  return difference === null ? "unknown" : (relations[signsOf(difference, given)] ?? "unknown");
}

/** Whether every term shows that a is at least b. Cheap; where it says no, `compare` may still say yes. */
export function isTermwiseAtLeast(a: Quantity, b: Quantity): boolean {
  if (typeof a === "number" && typeof b === "number") return a >= b;
  const difference = withinLimits(() => subtract(a, b));
  // No monomial ever is negative.
  return difference !== null && termsOf(difference).every(({ coefficient }) => compareExact(coefficient, 0) > 0);
}

/** Numbers that `a` does not go below and above for sizes that meet the assumptions; null where none was found. */
export function bounds(a: Quantity, given: Assumptions): Bounds {
  if (isExact(a)) return { least: a, most: a };
  const quantity = withinLimits(() => simplify(a, given));
  if (quantity === null) return unbounded;
  const { least, most } = reachOver(quantity, everySize(symbolsOf(quantity), given));
  const cases = isExact(quantity) || isMonotone(quantity) ? null : casesOf(moduliOf(quantity), given);
  if (!cases || cases.length === 1) return { least, most };
  const hull = cases.map((each): Bounds => reachOver(quantity, each)).reduce(unite);
  return { least: higher(least, hull.least), most: lower(most, hull.most) };
}

/** Floors are taken apart by remainders only where the whole range at once leaves the answer open. */
function signsOf(difference: Quantity, given: Assumptions): number {
  const possible = signsWithin(reachOver(difference, everySize(symbolsOf(difference), given)));
  if (isExact(difference) || possible === negative || possible === zero || possible === positive) return possible;
  const cases = casesOf(moduliOf(difference), given);
  if (!cases || cases.length === 1) return possible;
  let found = 0;
  for (const each of cases) {
    found |= signsWithin(reachOver(difference, each));
    if ((possible & ~found) === 0) return possible;
  }
  return possible & found;
}

function signsWithin({ least, most, canBeZero }: Reach): number {
  const low = least === null ? -1 : compareExact(least, 0);
  const high = most === null ? 1 : compareExact(most, 0);
  const meetsZero = canBeZero && low <= 0 && high >= 0;
  return (low < 0 ? negative : 0) + (meetsZero ? zero : 0) + (high > 0 ? positive : 0);
}

/** The bounds of both together. */
function unite(a: Bounds, b: Bounds): Bounds {
  return {
    least: a.least === null || b.least === null ? null : lower(a.least, b.least),
    most: a.most === null || b.most === null ? null : higher(a.most, b.most),
  };
}

/** All terms rise or all fall, so that the bounds are met at the lowest and the highest sizes. */
function isMonotone(a: Poly): boolean {
  const signs = a.terms
    .filter(({ monomial }) => monomial.degree > 0)
    .map(({ coefficient }) => compareExact(coefficient, 0));
  return signs.every((sign) => sign > 0) || signs.every((sign) => sign < 0);
}
