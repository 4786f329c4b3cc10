import type { Session } from "../session.ts";
import type { Resolution, Unit } from "./resolution.ts";

/** The names that an expression may use where it stands; only whether they are known, not what they are worth. */
export class Scope {
  readonly unit: Unit;
  readonly session: Session;
  readonly resolution: Resolution;
  /** Are `channels`, `height` and `width` known here? Not at the top level and in functions. */
  readonly hasTensor: boolean;
  /** The names given by `->` and `input` in the network or block around. */
  readonly tensors: ReadonlySet<string>;
  readonly #parent: Scope | null;
  readonly #names = new Set<string>();

  private constructor(from: ScopeFields, parent: Scope | null) {
    this.unit = from.unit;
    this.session = from.session;
    this.resolution = from.resolution;
    this.hasTensor = from.hasTensor;
    this.tensors = from.tensors;
    this.#parent = parent;
  }

  static root(fields: ScopeFields): Scope {
    return new Scope(fields, null);
  }

  /** A scope inside this one: what it declares ends with it. */
  inner(): Scope {
    return new Scope(this, this);
  }

  declare(name: string): void {
    this.#names.add(name);
  }

  knows(name: string): boolean {
    return this.#names.has(name) || (this.#parent?.knows(name) ?? false);
  }

  /** Every name in force, for suggestions. */
  names(): string[] {
    return [...this.#names, ...(this.#parent?.names() ?? [])];
  }
}

interface ScopeFields {
  readonly unit: Unit;
  readonly session: Session;
  readonly resolution: Resolution;
  readonly hasTensor: boolean;
  readonly tensors: ReadonlySet<string>;
}

/** Where counts may be named: in the condition of `expect`. */
export type Counting = "counts" | "no counts";
