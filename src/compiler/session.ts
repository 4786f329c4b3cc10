import type { Related, Report } from "./diagnostics.ts";
import type { Site } from "./ir.ts";
import { LimitExceeded, type Limits } from "./limits.ts";
import { catalogue } from "./messages/catalogue.ts";
import { bitsOf } from "./number.ts";
import type { Span } from "./source.ts";
import {
  type Assumptions,
  compare,
  multiply,
  noAssumptions,
  Poly,
  type Quantity,
  type Relation,
  sameQuantity,
  symbolsOf,
} from "./symbolic.ts";
import { type Unknown, unknown } from "./value.ts";

/** What one compilation carries along: where to report, what may be spent, and what is known of the symbolic sizes. */
export class Session {
  /** Reports with the uses of blocks and the rounds of loops around the place that is being elaborated. */
  readonly report: Report;
  readonly limits: Limits;
  /** Grows as `require` states facts about the sizes of the network that is being elaborated. */
  assumptions: Assumptions = noAssumptions;
  #fuel: number;
  #errors = 0;
  #calls = 0;
  #around: Around | null = null;
  /** The name of the variant that is being elaborated: its network may stand in another file. Null between networks. */
  variant: Span | null = null;

  constructor(report: Report, limits: Limits) {
    this.report = (code, span, facts, extra = {}) => {
      if (catalogue[code].severity === "error") this.#errors++;
      this.burn(fuelPerReport, span);
      const related = [...(extra.related ?? []), ...this.#uses()];
      report(code, span, facts, { ...extra, related });
    };
    this.limits = limits;
    this.#fuel = limits.fuel;
  }

  /** How many errors were found, also those that were said before and are not repeated. */
  get errors(): number {
    return this.#errors;
  }

  /** Spends evaluation steps; throws `LimitExceeded` where none are left. */
  burn(steps: number, span: Span | null = null): void {
    this.#fuel -= steps;
    if (this.#fuel < 0) throw new LimitExceeded("fuel", span);
  }

  /** The result of an operation, within the limit of bits. */
  bounded(result: Quantity, span: Span): Quantity {
    if (typeof result === "number" || result instanceof Poly) return result;
    if (bitsOf(result) > this.limits.bits) throw new LimitExceeded("bits", span);
    this.burnReduction(result, span);
    return result;
  }

  /** Spends what it costs to bring a long number to lowest terms: about the square of its length. */
  burnReduction(a: Quantity, span: Span | null): void {
    const bits = lengthOf(a);
    if (bits > longNumber) this.burn(Math.ceil((bits / 50) ** 2), span);
  }

  /** Spends what it costs to round a symbolic size. */
  burnFloors(a: Quantity, span: Span | null): void {
    if (a instanceof Poly) this.burn(fuelPerFloor + a.size * fuelPerTermOfFloor, span);
  }

  /** Spends what it costs to compare, round or convert a long number. */
  burnLength(a: Quantity, span: Span | null): void {
    const bits = lengthOf(a);
    if (bits > longNumber) this.burn(Math.ceil(bits / 16), span);
  }

  /** The product of two quantities; that of polynomials costs as many steps as it has products of terms, and more. */
  product(a: Quantity, b: Quantity, span: Span): Quantity {
    if (a instanceof Poly && b instanceof Poly) this.burn(2 * a.size * b.size, span);
    return this.bounded(multiply(a, b), span);
  }

  /** How `a` stands to `b` under the assumptions; a comparison of symbolic sizes costs more than one step. */
  relation(a: Quantity, b: Quantity, span: Span | null = null): Relation {
    if (typeof a !== "number" || typeof b !== "number") {
      this.burnLength(a, span);
      this.burnLength(b, span);
      if (sameQuantity(a, b)) return "equal";
      if (a instanceof Poly || b instanceof Poly)
        this.burn(fuelPerSymbolicComparison + fuelPerTerm * (sizeOf(a) + sizeOf(b)), span);
    }
    return compare(a, b, this.assumptions);
  }

  /** Reports that `what` needs the value of the sizes in `quantities`. */
  needsSizes(quantities: readonly Quantity[], span: Span, what: string): Unknown {
    const sizes = [...new Set(quantities.flatMap((one) => [...symbolsOf(one)]))].sort();
    this.report("size-needed", span, { what, sizes });
    return unknown;
  }

  /** Runs the body of a function one call deeper. */
  nested<T>(span: Span, run: () => T): T {
    if (++this.#calls > this.limits.nesting) throw new LimitExceeded("nesting", span);
    try {
      return run();
    } finally {
      this.#calls--;
    }
  }

  /** Runs the body of a block that is used at `site`; what is reported inside names the use. */
  inBlock(site: Site, run: () => void): void {
    this.#within({ span: site.span, say: () => "used here" }, () => this.nested(site.span, run));
  }

  /** Runs one round of a loop; what is reported inside says which, and what the loop's names mean in it. */
  inRound({ span, what, round, rounds, values }: Round, run: () => void): void {
    const say = () => [`in ${what} ${round} of ${rounds}`, ...cut(values())].join(", ");
    this.#within({ span, say }, run);
  }

  #within(place: Omit<Around, "outer">, run: () => void): void {
    const outer = this.#around;
    this.#around = { ...place, outer };
    try {
      run();
    } finally {
      this.#around = outer;
    }
  }

  /** Innermost first, a long chain is cut; last the variant that is elaborated. */
  #uses(): readonly Related[] {
    const related: Related[] = [];
    for (let at = this.#around; at && related.length < shownUses; at = at.outer) {
      related.push({ span: at.span, message: at.say() });
    }
    if (this.variant) related.push({ span: this.variant, message: "in this variant" });
    return related;
  }
}

/** A use of a block, or a round of a loop, that is being elaborated. */
interface Around {
  readonly span: Span;
  readonly say: () => string;
  readonly outer: Around | null;
}

interface Round {
  readonly span: Span;
  readonly what: "round" | "layer";
  /** From 1. */
  readonly round: number;
  readonly rounds: number;
  /** `i = 2`, for each name of the loop. */
  readonly values: () => readonly string[];
}

/** The names of a pattern may be many. */
function cut(values: readonly string[]): readonly string[] {
  const shown = values.slice(0, shownValues);
  return values.length > shownValues ? [...shown, "…"] : shown;
}

const shownUses = 3;
const shownValues = 5;
/** A loop may find one mistake a million times, and each time its words are put together before they are dropped. */
const fuelPerReport = 300;
/** A comparison may go through 256 cases of remainders, about 10 ms at the worst. */
const fuelPerSymbolicComparison = 5_000;
const fuelPerTerm = 500;

/** About 0.1 ms, and more where floors stand within floors. */
const fuelPerFloor = 250;
const fuelPerTermOfFloor = 50;
/** Bits from which on an operation costs more than a step. */
const longNumber = 256;

/** The bits of a number that is none of JavaScript's own. */
function lengthOf(a: Quantity): number {
  return typeof a === "number" || a instanceof Poly ? 0 : bitsOf(a);
}

function sizeOf(a: Quantity): number {
  return a instanceof Poly ? a.size : 1;
}
