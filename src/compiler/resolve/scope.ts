import type { Name } from "../ast/expressions.ts";
import type { ForStatement } from "../ast/statements.ts";
import type { Related } from "../diagnostics.ts";
import type { Session } from "../session.ts";
import type { Resolution, Unit } from "./resolution.ts";

/** What a name is that a declaration or a body gives. */
export type LocalRole =
  | { readonly kind: "parameter" | "value" | "index" | "comprehension" | "tensor" }
  /** Given by the pattern of a loop. */
  | { readonly kind: "item"; readonly loop: ForStatement };

/** A name that a declaration or a body gives; of a tensor that is named again the first place. */
export interface Local {
  readonly name: Name;
  readonly role: LocalRole;
  /** Set by the first use, also one in an arm that is never taken. */
  used: boolean;
}

/** The names that an expression may use where it stands; only whether they are known, not what they are worth. */
export class Scope {
  readonly unit: Unit;
  readonly session: Session;
  readonly resolution: Resolution;
  /** Are `channels`, `height` and `width` known here? Not at the top level and in functions. */
  readonly hasTensor: boolean;
  /** The names given by `->` and `input` in the network or block around. */
  readonly tensors: ReadonlyMap<string, Local>;
  readonly #parent: Scope | null;
  /** Null for names that nobody has to use. */
  readonly #names = new Map<string, Local | null>();

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

  /** A name that is here to be used. */
  declare(name: Name, role: LocalRole): Local {
    const local: Local = { name, role, used: false };
    this.resolution.locals.push(local);
    this.adopt(local);
    return local;
  }

  /** A name that is declared in another scope, too. */
  adopt(local: Local): void {
    this.#names.set(local.name.text, local);
  }

  /** A name that is known without having been declared for this place. */
  introduce(name: string): void {
    this.#names.set(name, null);
  }

  knows(name: string): boolean {
    return this.#names.has(name) || (this.#parent?.knows(name) ?? false);
  }

  /** As `knows`; the name counts as used from now on. */
  use(name: string): boolean {
    const local = this.#names.get(name);
    if (local === undefined) return this.#parent?.use(name) ?? false;
    if (local) local.used = true;
    return true;
  }

  /** Notes that a declaration of this file, or one that it imports, is used in it. */
  useDeclared(name: string): void {
    const { used } = this.resolution;
    const names = used.get(this.unit) ?? new Set();
    used.set(this.unit, names.add(name));
  }

  /** Every name in force, for suggestions. */
  names(): string[] {
    return [...this.#names.keys(), ...(this.#parent?.names() ?? [])];
  }

  /** Where a name that is suggested comes from: either spelling may be the wrong one. Nothing for a name of the language. */
  declarationOf(name: string | null): readonly Related[] {
    if (name === null) return [];
    const local = this.#localOf(name) ?? this.tensors.get(name);
    const found = local?.name ?? this.unit.declared.get(name)?.declaration.name;
    return found ? [{ span: found.span, message: `\`${name}\` is declared here` }] : [];
  }

  #localOf(name: string): Local | null {
    return this.#names.get(name) ?? (this.#parent ? this.#parent.#localOf(name) : null);
  }
}

interface ScopeFields {
  readonly unit: Unit;
  readonly session: Session;
  readonly resolution: Resolution;
  readonly hasTensor: boolean;
  readonly tensors: ReadonlyMap<string, Local>;
}

/** Where counts may be named: in the condition of `expect`. */
export type Counting = "counts" | "no counts";
