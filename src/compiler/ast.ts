import type { Exact } from "./number.ts";
import type { Source, Span } from "./source.ts";

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

export interface Name {
  readonly text: string;
  readonly span: Span;
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

/** At the top level (where `doc` may be set) and as a statement. */
export interface LetDeclaration {
  readonly kind: "let";
  readonly span: Span;
  readonly doc: string | null;
  readonly name: Name;
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

/** One name, or the names of `[a, b]`. */
export interface Pattern {
  readonly span: Span;
  readonly names: readonly Name[];
  readonly destructures: boolean;
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
