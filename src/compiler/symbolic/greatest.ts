import type { Assumptions } from "./assumptions.ts";
import { compare, isTermwiseAtLeast, type Relation } from "./compare.ts";
import type { Quantity } from "./poly.ts";

export interface Candidate<T> {
  readonly quantity: Quantity;
  readonly of: T;
}

/** How many may be left in the end, and how many on the way: a look at a pair of those may take milliseconds. */
const mostInTheEnd = 4;
const mostOnTheWay = 12;

/** Finds the greatest of many quantities: one, or those between which the symbolic sizes decide. */
export class Greatest<T> {
  /** Between these a glance leaves it open; null where they were too many. */
  #open: readonly Candidate<T>[] | null = [];
  readonly #given: Assumptions;

  constructor(given: Assumptions) {
    this.#given = given;
  }

  /** In the order of the offers, of equal ones the first; null where they are too many. */
  get candidates(): readonly Candidate<T>[] | null {
    const left = this.#open?.reduce<readonly Candidate<T>[]>(
      (kept, one) => withOne(kept, one, (a, b) => isAtLeast(compare(a, b, this.#given))),
      [],
    );
    return left && left.length <= mostInTheEnd ? left : null;
  }

  offer(quantity: Quantity, of: T): this {
    if (!this.#open) return this;
    const kept = withOne(this.#open, { quantity, of }, isTermwiseAtLeast);
    this.#open = kept.length > mostOnTheWay ? null : kept;
    return this;
  }
}

/** One more, unless one that is there is at least as great; without those that it is at least as great as. */
function withOne<T>(
  kept: readonly Candidate<T>[],
  one: Candidate<T>,
  isAtLeastAs: (a: Quantity, b: Quantity) => boolean,
): readonly Candidate<T>[] {
  if (kept.some((other) => isAtLeastAs(other.quantity, one.quantity))) return kept;
  return [...kept.filter((other) => !isAtLeastAs(one.quantity, other.quantity)), one];
}

function isAtLeast(relation: Relation): boolean {
  return relation === "greater" || relation === "equal" || relation === "at-least";
}
