import { LimitExceeded } from "./limits.ts";
import { type Catalogue, catalogue } from "./messages/catalogue.ts";
import type { Span } from "./source.ts";

export type Code = keyof Catalogue;
export type Severity = "error" | "warning" | "note";

/** What, where, where else, and what to try. */
export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  /** Said under the underlined place itself; empty where the message says enough. */
  readonly label: string;
  /** Other places that take part, in the order in which they are worth reading. */
  readonly related: readonly Related[];
  /** Facts: figures, the derivation. */
  readonly notes: readonly string[];
  /** What to try; empty where nothing can be said. */
  readonly help: string;
}

export interface Related {
  readonly span: Span;
  readonly message: string;
}

/** What one report may add to the words of the catalogue. */
export interface Extra {
  readonly label?: string;
  readonly related?: readonly Related[];
  readonly notes?: readonly string[];
  /** In place of the help of the catalogue. */
  readonly help?: string;
}

export type Report = <C extends Code>(code: C, span: Span, facts: Facts<C>, extra?: Extra) => void;

/** What the words of a code are made of: the facts that its message takes, and those that its help takes. */
export type Facts<C extends Code> = FactsOf<Catalogue[C]["message"]> &
  (Catalogue[C] extends { readonly help: infer Help } ? FactsOf<Help> : object);

type FactsOf<F> = F extends (facts: infer P) => string ? (unknown extends P ? object : P) : object;

/** Collects diagnostics; the same code at the same place is said once, as a loop or a reused block repeats it. */
export class Diagnostics {
  readonly #most: number;
  readonly #kept = { error: 0, warning: 0, note: 0 };
  readonly #found: Diagnostic[] = [];
  readonly #seen = new Map<string, Set<Span["source"]>>();
  /** Per code and message, and per source, the index of the diagnostic. */
  readonly #unknown = new Map<string, Map<Span["source"], number>>();

  /**
   * One error more than `most` throws `LimitExceeded`, once, in place of being kept. Of warnings, and of notes, as many
   * are kept; a note says that there are more.
   */
  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  readonly report: Report = (code, span, facts, extra = {}) => {
    const key = `${code}:${span.start}:${span.end}`;
    const sources = this.#seen.get(key) ?? new Set();
    if (sources.has(span.source)) return;
    this.#seen.set(key, sources.add(span.source));
    if (namesSomethingUnknown.has(code) && this.#addUse(diagnose(code, span, facts, extra))) return;
    const { severity } = catalogue[code];
    const kept = this.#kept[severity]++;
    if (kept === this.#most && severity === "error") throw new LimitExceeded("messages", span);
    if (kept < this.#most || severity === "error") this.#found.push(diagnose(code, span, facts, extra));
    else if (kept === this.#most)
      this.#found.push(diagnose("more-messages", span, { limit: this.#most, severity }, {}));
  };

  /**
   * A name without a meaning is said where it is used first; its other uses are further places of the same mistake.
   * False for a first use, which is to be kept.
   */
  #addUse({ code, message, span }: Diagnostic): boolean {
    const key = `${code} ${message}`;
    const uses = this.#unknown.get(key) ?? new Map<Span["source"], number>();
    const index = uses.get(span.source);
    const first = index === undefined ? undefined : this.#found[index];
    if (index === undefined || !first) {
      this.#unknown.set(key, uses.set(span.source, this.#found.length));
      return false;
    }
    const again = first.related.filter((one) => one.message === usedAgain).length;
    if (again < shownUses) {
      this.#found[index] = { ...first, related: [...first.related, { span, message: usedAgain }] };
    }
    return true;
  }

  get hasErrors(): boolean {
    return this.#kept.error > 0;
  }

  /** Sorted by place: files in the order in which they were first read, then from the top. */
  sorted(order: readonly Span["source"][]): readonly Diagnostic[] {
    const rank = (one: Diagnostic) => {
      const at = order.indexOf(one.span.source);
      return at < 0 ? order.length : at;
    };
    return [...this.#found].sort((a, b) => rank(a) - rank(b) || a.span.start - b.span.start || a.span.end - b.span.end);
  }
}

const namesSomethingUnknown: ReadonlySet<Code> = new Set([
  ...(["unknown-layer", "unknown-name", "unknown-function", "unknown-tensor"] as const),
  ...(["unknown-network", "unknown-argument", "wrong-arity"] as const),
]);
const usedAgain = "also here";
const shownUses = 3;

function diagnose<C extends Code>(code: C, span: Span, facts: Facts<C>, extra: Extra): Diagnostic {
  // The facts of C fit the entry of C; TypeScript cannot follow the link through the union of entries.
  const entry = catalogue[code] as unknown as Entry<Facts<C>>;
  return {
    code,
    severity: entry.severity,
    message: entry.message(facts),
    span,
    label: extra.label ?? "",
    related: extra.related ?? [],
    notes: extra.notes ?? [],
    help: extra.help ?? entry.help?.(facts) ?? "",
  };
}

/** One message: its severity, its words and what to try. */
export interface Entry<F> {
  readonly severity: Severity;
  message(facts: F): string;
  help?(facts: F): string;
}
