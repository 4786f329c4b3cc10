import type { IToken } from "chevrotain";
import { Landmarks } from "../../../grammar/landmarks.ts";
import * as t from "../../../grammar/tokens.ts";
import type { Report } from "../diagnostics.ts";
import type { Source } from "../source.ts";
import type { Mended } from "./lexical.ts";

/**
 * Reports labels with an index that are not written as this language writes them, and reads them as what was meant:
 * `conv{i}: …` without quotes, and `f"conv{i}": …`.
 */
export function mendLabels({ tokens, troubles }: Mended, source: Source, report: Report): Mended {
  if (!tokens.some((token) => token.tokenType === t.Colon)) return { tokens, troubles };
  const landmarks = new Landmarks(tokens, source.text);
  const kept: IToken[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as IToken;
    const end = endOfBareLabel(tokens, landmarks, i);
    if (end !== null) {
      const span = { source, start: token.startOffset, end: behind(tokens[end]) };
      const written = source.text.slice(span.start, span.end);
      const help = `a label with an index is a text: \`"${written}": …\``;
      report("unexpected-token", span, { found: `\`${written}\``, expected: "a label in quotes" }, { help });
      kept.push(asText(token, written, span.end));
      i = end;
    } else if (isFormatMark(tokens, i)) {
      const span = { source, start: token.startOffset, end: behind(token) };
      report("foreign-word", span, { word: token.image, help: "take the f away: labels interpolate by themselves" });
    } else kept.push(token);
  }
  return { tokens: kept, troubles };
}

/** Whether the token is a label that was written without quotes. */
export function isUnquoted(token: IToken): boolean {
  return token.payload === unquoted;
}

const unquoted = "unquoted";

/** The last token of a label like `conv{i}` or `conv{i}_{j + 1}` that begins at `from`; null where there is none. */
function endOfBareLabel(tokens: readonly IToken[], landmarks: Landmarks, from: number): number | null {
  if (!isWord(tokens[from]) || tokens[from + 1]?.tokenType !== t.LeftBrace) return null;
  let within = false;
  for (let i = from + 1; i < tokens.length && !landmarks.beginsLine(i); i++) {
    const token = tokens[i] as IToken;
    const opens = token.tokenType === t.LeftBrace;
    if (!within && token.tokenType === t.Colon) return i - 1;
    if (opens === within && (opens || (!within && !isWord(token)))) return null;
    if (!within && token.startOffset !== behind(tokens[i - 1])) return null;
    if (opens || token.tokenType === t.RightBrace) within = opens;
  }
  return null;
}

/** The `f` of `f"conv{i}"`. */
function isFormatMark(tokens: readonly IToken[], index: number): boolean {
  const [mark, text, colon] = tokens.slice(index, index + 3);
  if (mark?.tokenType !== t.Name || mark.image !== "f" || text?.tokenType !== t.Text) return false;
  return text.startOffset === behind(mark) && colon?.tokenType === t.Colon;
}

function isWord(token: IToken | undefined): boolean {
  return token !== undefined && (token.tokenType === t.Name || t.isKeyword(token.tokenType));
}

function asText(token: IToken, image: string, end: number): IToken {
  const text = { ...token, image, endOffset: end - 1, payload: unquoted };
  t.retype(text, t.Text);
  return text;
}

function behind(token: IToken | undefined): number {
  return token ? (token.endOffset ?? token.startOffset) + 1 : 0;
}
