import type { Exact } from "../number.ts";
import type { Span } from "../source.ts";

export interface Name {
  readonly text: string;
  readonly span: Span;
}

/** One name, or the names of `[a, b]`. */
export interface Pattern {
  readonly span: Span;
  readonly names: readonly Name[];
  readonly destructures: boolean;
}

export type Expr =
  | NumberExpr
  | SizeExpr
  | TextExpr
  | BooleanExpr
  | NameExpr
  | CallExpr
  | ListExpr
  | ComprehensionExpr
  | IndexExpr
  | ChainExpr
  | PowerExpr
  | NegateExpr
  | NotExpr
  | LogicExpr
  | CompareExpr
  | RangeExpr
  | ChooseExpr
  | LetInExpr
  | MissingExpr;

export interface NumberExpr {
  readonly kind: "number";
  readonly span: Span;
  /** As written: `~=` reads the last digit from it. */
  readonly text: string;
  readonly value: Exact;
}

/** `1x7`: a list of two, height before width. */
export interface SizeExpr {
  readonly kind: "size";
  readonly span: Span;
  readonly height: Exact;
  readonly width: Exact;
}

export interface TextExpr {
  readonly kind: "text";
  readonly span: Span;
  /** Escapes resolved. */
  readonly value: string;
}

export interface BooleanExpr {
  readonly kind: "boolean";
  readonly span: Span;
  readonly value: boolean;
}

export interface NameExpr {
  readonly kind: "name";
  readonly span: Span;
  readonly text: string;
}

export interface CallExpr {
  readonly kind: "call";
  readonly span: Span;
  readonly callee: Name;
  readonly args: readonly Expr[];
}

export interface ListExpr {
  readonly kind: "list";
  readonly span: Span;
  readonly items: readonly Expr[];
}

/** `[element for pattern in list]` */
export interface ComprehensionExpr {
  readonly kind: "comprehension";
  readonly span: Span;
  readonly element: Expr;
  readonly pattern: Pattern;
  readonly list: Expr;
}

/** `target[index]`; with a range as index a slice. */
export interface IndexExpr {
  readonly kind: "index";
  readonly span: Span;
  readonly target: Expr;
  readonly index: Expr;
}

export type SumOperator = "+" | "-";
export type ProductOperator = "*" | "/" | "%";

/** A run of one precedence, `a + b - c` or `a * b / c`, from the left; flat, so that a long one is not deep. */
export interface ChainExpr {
  readonly kind: "chain";
  readonly span: Span;
  readonly first: Expr;
  readonly rest: readonly { readonly operator: SumOperator | ProductOperator; readonly operand: Expr }[];
}

export interface PowerExpr {
  readonly kind: "power";
  readonly span: Span;
  readonly base: Expr;
  readonly exponent: Expr;
}

export interface NegateExpr {
  readonly kind: "negate";
  readonly span: Span;
  readonly operand: Expr;
}

export interface NotExpr {
  readonly kind: "not";
  readonly span: Span;
  readonly operand: Expr;
}

export interface LogicExpr {
  readonly kind: "and" | "or";
  readonly span: Span;
  readonly operands: readonly Expr[];
}

export type CompareOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "~=";

/** A chain of comparisons: `0 < theta <= 1`. */
export interface CompareExpr {
  readonly kind: "compare";
  readonly span: Span;
  readonly first: Expr;
  readonly rest: readonly { readonly operator: CompareOperator; readonly operand: Expr }[];
}

/** `from..to`, the end left out. */
export interface RangeExpr {
  readonly kind: "range";
  readonly span: Span;
  readonly from: Expr;
  readonly to: Expr;
}

export interface ChooseExpr {
  readonly kind: "choose";
  readonly span: Span;
  readonly condition: Expr;
  readonly then: Expr;
  readonly otherwise: Expr;
}

export interface LetInExpr {
  readonly kind: "let-in";
  readonly span: Span;
  readonly name: Name;
  readonly value: Expr;
  readonly body: Expr;
}

/** Where an expression was expected and a syntax error has been reported. */
export interface MissingExpr {
  readonly kind: "missing";
  readonly span: Span;
}
