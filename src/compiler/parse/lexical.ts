import type { IToken } from "chevrotain";
import * as t from "../../../grammar/tokens.ts";
import type { Report } from "../diagnostics.ts";
import { foreignLayer } from "../resolve/foreign.ts";
import { layerAdviceFor, valueAdviceFor } from "../resolve/foreign-advice.ts";
import type { Source, Span } from "../source.ts";
import { characterHelp, foreignOperators, numberHelp } from "./foreign-signs.ts";

/** Tokens of the grammar only, and where something was wrong with what they came from. */
export interface Mended {
  readonly tokens: IToken[];
  /** Offsets. A syntax error at such a place is an echo. */
  readonly troubles: readonly number[];
}

/**
 * Reports each token that belongs to no word of the language, and puts in its place what was probably meant, so that
 * the parser has nothing to say about it.
 */
export function mend({ tokens: lexed, troubles: known }: Mended, source: Source, report: Report): Mended {
  const tokens: IToken[] = [];
  const troubles = [...known];
  for (let i = 0; i < lexed.length; i++) {
    const token = lexed[i] as IToken;
    if (!wrong.has(token.tokenType)) {
      tokens.push(token);
      continue;
    }
    troubles.push(token.startOffset);
    const kept = mendOne(token, source, report);
    if (kept === "line") i = lastOfLine(lexed, i, source.text);
    else if (kept) tokens.push(token);
  }
  return { tokens, troubles };
}

/** Whether a token was made from one that could not be read, so that its text means nothing. */
export function isUnreadable(token: IToken): boolean {
  return token.payload === unreadable;
}

const unreadable = "unreadable";
const wrong = new Set(t.mistakes);

/** Whether the token stays; `line`: whether all that follows on its line goes too. */
function mendOne(token: IToken, source: Source, report: Report): boolean | "line" {
  const span: Span = { source, start: token.startOffset, end: token.startOffset + token.image.length };
  switch (token.tokenType) {
    case t.BadNumber:
      report("bad-number", span, { text: token.image, help: numberHelp(token.image) });
      return replace(token, t.Numeral, null);
    case t.ForeignSize:
      report("foreign-operator", span, { found: "×", instead: token.image.replace(/ ?[×✕] ?/, "x") });
      return replace(token, t.Size, token.image.replace(/ ?[×✕] ?/, "x"));
    case t.OpenText:
      report("unclosed-text", span, {});
      return replace(token, t.Text, null);
    case t.ForeignText:
      report("foreign-quotes", span, { quote: `${token.image.charAt(0)} and ${token.image.slice(-1)}` });
      return replace(token, t.Text, null);
    case t.ForeignComment:
      report("foreign-comment", { ...span, end: span.start + token.image.search(/[^/*"]|$/) }, { mark: mark(token) });
      return false;
    case t.ForeignName:
      report("bad-name", span, { name: token.image });
      return replace(token, t.Name, token.image);
    case t.DottedName: {
      const last = token.image.slice(token.image.lastIndexOf(".") + 1);
      const instead = foreignLayer(last) ?? last;
      const advice = valueAdviceFor(last) ?? layerAdviceFor(last);
      report("dotted-name", span, { name: token.image, instead }, advice ? { help: advice } : {});
      return replace(token, t.Name, instead);
    }
    case t.ForeignOperator:
      return mendOperator(token, span, report);
    default: {
      const { characters, help } = characterHelp(token.image);
      report("bad-character", span, { characters, help });
      return false;
    }
  }
}

function mendOperator(token: IToken, span: Span, report: Report): boolean | "line" {
  if (token.image === "//") {
    if (onlySpaceBefore(span)) {
      report("foreign-comment", span, { mark: "//" });
      return "line";
    }
    report("floor-division", span, {});
    return replace(token, t.Slash, "/");
  }
  const meant = foreignOperators.get(token.image);
  if (!meant) throw new Error(`the operator ${token.image} is not in the table`);
  const pipe = token.image === "|" && span.source.text[span.end] === ">";
  const extra = pipe ? { help: "layers stand side by side: `conv(3x3, 64) relu`" } : {};
  report("foreign-operator", span, { found: pipe ? "|>" : token.image, instead: meant.instead }, extra);
  return meant.type === null ? false : replace(token, meant.type, meant.instead);
}

function onlySpaceBefore({ source, start }: Span): boolean {
  let at = start - 1;
  while (source.text[at] === " " || source.text[at] === "\t") at--;
  return at < 0 || source.text[at] === "\n" || source.text[at] === "\r";
}

function replace(token: IToken, type: (typeof t.mistakes)[number], image: string | null): true {
  t.retype(token, type);
  if (image === null) token.payload = unreadable;
  else token.image = image;
  return true;
}

function mark(token: IToken): string {
  return token.image.startsWith("/") ? "/*" : '"""';
}

function lastOfLine(tokens: readonly IToken[], from: number, text: string): number {
  let end = tokens[from]?.startOffset ?? text.length;
  while (end < text.length && text[end] !== "\n" && text[end] !== "\r") end++;
  let index = from;
  while ((tokens[index + 1]?.startOffset ?? text.length) < end) index++;
  return index;
}
