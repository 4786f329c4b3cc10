import type { Source, Span } from "../source.ts";
import type { Expr, Name, TextExpr } from "./expressions.ts";
import type { Arg, Body, LetDeclaration } from "./statements.ts";

/**
 * What the text says, nothing resolved. Every node has a span inside its parent's.
 * After a syntax error a tree still comes out; `missing` stands where an expression was expected.
 */
export interface Program {
  readonly kind: "program";
  readonly source: Source;
  readonly span: Span;
  readonly declarations: readonly Declaration[];
}

export type Declaration =
  | NetworkDeclaration
  | VariantDeclaration
  | BlockDeclaration
  | FnDeclaration
  | LetDeclaration
  | ImportDeclaration;

export interface NetworkDeclaration {
  readonly kind: "network";
  readonly span: Span;
  /** The text of the `##` lines above, without the marks; null where there are none. */
  readonly doc: string | null;
  readonly name: Name;
  readonly params: readonly Param[];
  readonly body: Body;
}

export interface VariantDeclaration {
  readonly kind: "variant";
  readonly span: Span;
  readonly doc: string | null;
  readonly name: Name;
  readonly base: Name;
  readonly args: readonly Arg[];
  readonly body: Body | null;
}

export interface BlockDeclaration {
  readonly kind: "block";
  readonly span: Span;
  readonly doc: string | null;
  readonly name: Name;
  readonly params: readonly Param[];
  readonly body: Body;
}

export interface FnDeclaration {
  readonly kind: "fn";
  readonly span: Span;
  readonly doc: string | null;
  readonly name: Name;
  readonly params: readonly Name[];
  readonly value: Expr;
}

export interface ImportDeclaration {
  readonly kind: "import";
  readonly span: Span;
  readonly names: readonly Name[];
  readonly from: TextExpr;
}

export interface Param {
  readonly span: Span;
  readonly name: Name;
  readonly default: Expr | null;
}
