import type { IToken } from "chevrotain";
import type { Expr, TextExpr } from "../ast/expressions.ts";
import type { Label } from "../ast/statements.ts";
import type { Building } from "./building.ts";
import { isUnquoted } from "./labels.ts";
import { isUnreadable } from "./lexical.ts";
import { readExpression } from "./reading.ts";

/** A text that is not a label: its braces stand for themselves. */
export function buildText(building: Building, token: IToken): TextExpr {
  const parts = split(building, token, false);
  return { kind: "text", span: building.spanOf(token), value: parts.join("") };
}

/** A label in quotes: `{ … }` in it holds an expression. */
export function buildTextLabel(building: Building, token: IToken): Label {
  return { span: building.spanOf(token), parts: split(building, token, true) };
}

/** The text between the quotes, escapes resolved, and the expressions interpolated in it. */
function split(building: Building, token: IToken, interpolates: boolean): readonly (string | Expr)[] {
  if (isUnreadable(token)) return [];
  const parts: (string | Expr)[] = [];
  const quote = isUnquoted(token) ? 0 : 1;
  const end = building.spanOf(token).end - quote;
  const { text } = building.source;
  let plain = "";
  for (let at = token.startOffset + quote; at < end; at++) {
    const character = text.charAt(at);
    if (character === "\\") plain += escaped(building, at++);
    else if (interpolates && character === "{") {
      const close = closing(text, at, end);
      if (plain !== "") parts.push(plain);
      plain = "";
      parts.push(interpolation(building, at, close ?? end, close === null));
      at = close ?? end;
    } else if (interpolates && character === "}") {
      building.report("unopened-interpolation", building.span(at, at + 1), {});
    } else plain += character;
  }
  return plain === "" && parts.length > 0 ? parts : [...parts, plain];
}

const escapes: Readonly<Record<string, string>> = { '"': '"', "\\": "\\", n: "\n", t: "\t", "{": "{", "}": "}" };

function escaped(building: Building, at: number): string {
  const character = String.fromCodePoint(building.source.text.codePointAt(at + 1) ?? 0);
  const meant = escapes[character];
  if (meant !== undefined) return meant;
  building.report("unknown-escape", building.span(at, at + 1 + character.length), { escape: `\\${character}` });
  return character.charAt(0);
}

/** Where the brace at `open` is closed; null where it is not before the text ends or another one opens. */
function closing(text: string, open: number, end: number): number | null {
  for (let at = open + 1; at < end; at++) {
    if (text.charAt(at) === "}") return at;
    if (text.charAt(at) === "{") return null;
  }
  return null;
}

function interpolation(building: Building, open: number, close: number, unclosed: boolean): Expr {
  const span = building.span(open + 1, close);
  if (unclosed) building.report("unclosed-interpolation", building.span(open, open + 1), {});
  else if (building.source.text.slice(span.start, span.end).trim() === "") {
    building.report("empty-interpolation", building.span(open, close + 1), {});
  } else return readExpression(building, span);
  return { kind: "missing", span };
}
