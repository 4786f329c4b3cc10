import type { Expr } from "./ast/expressions.ts";
import type { Span } from "./source.ts";
import type { Unknown, Value } from "./value.ts";

/** A name's value and where it came from, for messages about a value that does not fit. */
export interface Binding {
  readonly value: Value | Unknown;
  /** The expression after `=`; null for loop variables, arguments and symbolic sizes. */
  readonly origin: Expr | null;
  readonly span: Span;
}

/** Names in force, innermost first. */
export class Environment {
  /** How many scopes lie around: what a name may cost to look up. */
  readonly depth: number;
  readonly #parent: Environment | null;
  readonly #names = new Map<string, Binding | (() => Binding)>();

  constructor(parent: Environment | null) {
    this.#parent = parent;
    this.depth = parent ? parent.depth + 1 : 0;
  }

  define(name: string, binding: Binding): void {
    this.#names.set(name, binding);
  }

  /** `make` runs when the name is first asked for; top-level values may so come in any order. */
  defineLazily(name: string, make: () => Binding): void {
    this.#names.set(name, make);
  }

  lookup(name: string): Binding | undefined {
    for (let at: Environment | null = this; at; at = at.#parent) {
      const found = at.#names.get(name);
      if (typeof found === "function") {
        const made = found();
        at.#names.set(name, made);
        return made;
      }
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** A name that is known to be defined. */
  force(name: string): Binding {
    const found = this.lookup(name);
    if (!found) throw new Error(`${name} is not defined`);
    return found;
  }
}
