import { type IToken, type TokenType, tokenLabel } from "chevrotain";
import type { Failure } from "../../../grammar/recovery.ts";
import * as t from "../../../grammar/tokens.ts";

/** What the grammar expected, in words. `previous` is the token before, `open` the innermost open bracket. */
export function expectedWords(failure: Failure, previous: IToken | null, open: IToken | null): string {
  const { expected, rule } = failure;
  if (expected === null) return severalWords(failure, previous);
  if (expected === t.Name) return names[rule] ?? "a name";
  if (expected === t.Text) return rule === "importDeclaration" ? "the file in quotes" : "a message in quotes";
  if (expected === t.RightParen || expected === t.RightBracket) return closingWords(failure, previous, open);
  if (expected === t.RightBrace && rule === "importDeclaration") return "`,` or `}`";
  if (expected === t.LeftBrace && rule === "body") return "a body in braces";
  if (expected === t.Else && rule === "expr") return "`else`: a choice has both sides";
  return `\`${quoted(expected)}\``;
}

/** A token in words. */
export function foundWords(token: IToken): string {
  if (token.tokenType === t.Text) return "a text";
  return token.image.length > 40 ? `\`${token.image.slice(0, 40)}…\`` : `\`${token.image}\``;
}

const names: Readonly<Record<string, string>> = {
  network: "the name of a network",
  block: "the name of a block",
  fn: "a name",
  letStatement: "the name of the value",
  importDeclaration: "a name to import",
  param: "the name of a parameter",
  inputStatement: "the name of the input",
  forHeader: "a name for the count",
  repeatHeader: "a name for the count",
  apply: "a name for the count",
  outputStatement: "the name of the output",
  tensor: "the name of a tensor",
  pattern: "a name",
};

function severalWords({ rule }: Failure, previous: IToken | null): string {
  switch (rule) {
    case "network":
      return "`(`, `=` or a body in braces";
    case "body":
      return "a statement or `}`";
    case "pattern":
      return "a name, or names in `[` and `]`";
    case "labelled":
      return "a layer or a body in braces";
    case "importDeclaration":
      return "a name to import";
    case "list":
      return "`,` or `]`";
    case "":
      return "the end of the expression";
    default:
      return operators.has(previous?.tokenType) ? `an expression after \`${previous?.image}\`` : "an expression";
  }
}

function closingWords({ expected, rule }: Failure, previous: IToken | null, open: IToken | null): string {
  const close = `\`${quoted(expected as TokenType)}\``;
  if (previous?.tokenType === t.Comma)
    return rule === "params" ? `a parameter or ${close}` : `an expression or ${close}`;
  if (previous !== null && previous === open)
    return rule === "params" ? `a parameter or ${close}` : `an expression or ${close}`;
  return several.has(rule) ? `\`,\` or ${close}` : close;
}

/** Rules whose brackets hold more than one thing. */
const several = new Set(["args", "params", "reference", "list", "fn", "inputStatement", "pattern"]);

const operators: ReadonlySet<TokenType | undefined> = new Set([
  ...[t.Equal, t.Unequal, t.AtMost, t.AtLeast, t.About, t.Below, t.Above, t.Assign, t.Dots],
  ...[t.Plus, t.Minus, t.Star, t.Slash, t.Percent, t.Caret, t.And, t.Or, t.Not],
  ...[t.If, t.Then, t.Else, t.In, t.Require, t.Expect, t.Repeat],
]);

function quoted(type: TokenType): string {
  return tokenLabel(type).replaceAll('"', "");
}
