import type { Assumptions } from "./assumptions.ts";
import { compare } from "./compare.ts";
import type { Quantity } from "./poly.ts";

export interface Candidate<T> {
  readonly quantity: Quantity;
  readonly of: T;
}

/** How many quantities that no comparison decides between are kept, and how many comparisons are made of those. */
const mostCandidates = 4;
const mostComparisons = 2000;

/** Finds the greatest of many quantities: one, or those between which the symbolic sizes decide. */
export class Greatest<T> {
  #candidates: readonly Candidate<T>[] | null = [];
  #comparisons = 0;
  readonly #given: Assumptions;

  constructor(given: Assumptions) {
    this.#given = given;
  }

  /** The first of equal ones; null where they are too many to keep. */
  get candidates(): readonly Candidate<T>[] | null {
    return this.#candidates;
  }

  offer(quantity: Quantity, of: T): this {
    const kept: Candidate<T>[] = [];
    for (const candidate of this.#candidates ?? []) {
      const relation = compare(quantity, candidate.quantity, this.#given);
      if (relation === "less" || relation === "equal" || relation === "at-most") return this;
      if (relation === "unequal" || relation === "unknown") kept.push(candidate);
    }
    this.#comparisons += kept.length;
    const isOpen = kept.length === mostCandidates || this.#comparisons > mostComparisons;
    if (this.#candidates) this.#candidates = isOpen ? null : [...kept, { quantity, of }];
    return this;
  }
}
