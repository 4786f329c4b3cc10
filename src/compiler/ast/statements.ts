import type { Span } from "../source.ts";
import type { Expr, Name, Pattern, TextExpr } from "./expressions.ts";

/** At the top level (where `doc` may be set) and as a statement. */
export interface LetDeclaration {
  readonly kind: "let";
  readonly span: Span;
  readonly doc: string | null;
  readonly name: Name;
  readonly value: Expr;
}

export interface Arg {
  readonly span: Span;
  /** Null for a positional argument. */
  readonly name: Name | null;
  readonly value: Expr;
}

/** `span` includes the braces. */
export interface Body {
  readonly span: Span;
  readonly statements: readonly Statement[];
}

export type Statement =
  | InputStatement
  | LetDeclaration
  | ForStatement
  | RepeatStatement
  | IfStatement
  | NameStatement
  | FromStatement
  | RequireStatement
  | ExpectStatement
  | OutputStatement
  | TrainingStatement
  | ScopeStatement
  | ApplyStatement;

/** `input name[c, h, w]` */
export interface InputStatement {
  readonly kind: "input";
  readonly span: Span;
  readonly name: Name;
  readonly sizes: readonly Expr[];
}

/** `for pattern in list as index { … }` */
export interface ForStatement {
  readonly kind: "for";
  readonly span: Span;
  readonly pattern: Pattern;
  readonly list: Expr;
  readonly index: Name | null;
  readonly body: Body;
}

/** `repeat count as index { … }` */
export interface RepeatStatement {
  readonly kind: "repeat";
  readonly span: Span;
  readonly count: Expr;
  readonly index: Name | null;
  readonly body: Body;
}

/** `if … { } else if … { } else { }`; the arms in order. */
export interface IfStatement {
  readonly kind: "if";
  readonly span: Span;
  readonly arms: readonly { readonly condition: Expr; readonly body: Body }[];
  readonly otherwise: Body | null;
}

/** `-> name`, `-> name[i]` */
export interface NameStatement {
  readonly kind: "name-tensor";
  readonly span: Span;
  readonly target: TensorRef;
}

/** `from name`, `from name[i]`, `from name { … }` */
export interface FromStatement {
  readonly kind: "from";
  readonly span: Span;
  readonly tensor: TensorRef;
  readonly body: Body | null;
}

export interface TensorRef {
  readonly span: Span;
  readonly name: Name;
  readonly index: Expr | null;
}

export interface RequireStatement {
  readonly kind: "require";
  readonly span: Span;
  readonly condition: Expr;
  readonly message: TextExpr | null;
}

export interface ExpectStatement {
  readonly kind: "expect";
  readonly span: Span;
  readonly condition: Expr;
}

export interface OutputStatement {
  readonly kind: "output";
  readonly span: Span;
  readonly name: Name;
}

export interface TrainingStatement {
  readonly kind: "training";
  readonly span: Span;
  readonly body: Body;
}

/** `label: { … }` */
export interface ScopeStatement {
  readonly kind: "scope";
  readonly span: Span;
  readonly label: Label;
  readonly body: Body;
}

/** `label: layer(args) as index { body } shortcut { shortcut }`: a layer, a block, a join or a construct. */
export interface ApplyStatement {
  readonly kind: "apply";
  readonly span: Span;
  readonly label: Label | null;
  /** The name and its arguments, without label and bodies: what messages underline. */
  readonly head: Span;
  readonly name: Name;
  /** Null where there are no parentheses. */
  readonly args: readonly Arg[] | null;
  readonly index: Name | null;
  readonly body: Body | null;
  readonly shortcut: Body | null;
}

/** The text of a label, with the expressions that are interpolated between. A plain word is one text. */
export interface Label {
  readonly span: Span;
  readonly parts: readonly (string | Expr)[];
}
