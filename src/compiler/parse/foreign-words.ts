import type { IToken, TokenType } from "chevrotain";
import { Landmarks } from "../../../grammar/landmarks.ts";
import * as t from "../../../grammar/tokens.ts";
import type { Report } from "../diagnostics.ts";
import type { Source } from "../source.ts";
import type { Mended } from "./lexical.ts";

/**
 * Reports the words with which statements begin in other languages, where a statement begins with one. None is
 * reserved, so the grammar would read `return x` as two layers.
 */
export function mendWords(tokens: IToken[], source: Source, report: Report): Mended {
  if (!tokens.some((token) => token.tokenType === t.Name && foreignWords.has(token.image))) {
    return { tokens, troubles: [] };
  }
  const landmarks = new Landmarks(tokens, source.text);
  const kept: IToken[] = [];
  const troubles: number[] = [];
  let brackets = 0;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as IToken;
    brackets = bracketsAfter(brackets, token.tokenType);
    const meant = brackets === 0 && beginsForeign(tokens, landmarks, i) ? foreignWords.get(token.image) : undefined;
    if (!meant) {
      kept.push(token);
      continue;
    }
    const span = { source, start: token.startOffset, end: token.startOffset + token.image.length };
    report("foreign-word", span, { word: token.image, help: meant.help });
    if (meant.instead) kept.push(...meant.instead.map((type) => stand(token, type)));
    else i = endOfLine(tokens, landmarks, i);
    for (const dropped of [token, ...tokens.slice(i, i + 1)]) troubles.push(dropped.startOffset);
  }
  return { tokens: kept, troubles };
}

interface Meant {
  readonly help: string;
  /** What is read in its place; without it, nothing of its line is. */
  readonly instead?: readonly TokenType[];
}

const declare = "declare `network Name { … }` or `block Name(a, b) { … }`";
const value = "a value gets a name by `let name = …`";

const foreignWords: ReadonlyMap<string, Meant> = new Map<string, Meant>([
  ["def", { help: `${declare}; a function of values is \`fn name(a, b) = …\`` }],
  ["function", { help: `${declare}; a function of values is \`fn name(a, b) = …\`` }],
  ["class", { help: declare }],
  ["return", { help: "take it away: the last tensor is the result; `output name` publishes a further one" }],
  ["pass", { help: "take it away: braces may be empty" }],
  ["while", { help: "write `repeat n { … }` or `for x in list { … }`" }],
  ["elif", { help: "write `else if`", instead: [t.Else, t.If] }],
  ["elseif", { help: "write `else if`", instead: [t.Else, t.If] }],
  ["const", { help: value, instead: [t.Let] }],
  ["var", { help: value, instead: [t.Let] }],
  ["val", { help: value, instead: [t.Let] }],
  ["assert", { help: "write `require condition` or `expect condition`", instead: [t.Require] }],
]);

function beginsForeign(tokens: readonly IToken[], landmarks: Landmarks, index: number): boolean {
  const token = tokens[index];
  if (token?.tokenType !== t.Name || !foreignWords.has(token.image)) return false;
  const next = tokens[index + 1]?.tokenType;
  if (next === t.Colon || next === t.Assign) return false;
  const before = tokens[index - 1]?.tokenType;
  return landmarks.beginsLine(index) || before === t.LeftBrace || before === t.RightBrace;
}

/** How many round and square brackets are open; a brace ends them all. */
function bracketsAfter(before: number, type: TokenType): number {
  if (type === t.LeftParen || type === t.LeftBracket) return before + 1;
  if (type === t.RightParen || type === t.RightBracket) return Math.max(0, before - 1);
  return braces.has(type) ? 0 : before;
}

/** The last token of the line, a body that begins there left in place. */
function endOfLine(tokens: readonly IToken[], landmarks: Landmarks, from: number): number {
  let index = from;
  while (index + 1 < tokens.length && !landmarks.beginsLine(index + 1) && !braces.has(tokens[index + 1]?.tokenType)) {
    index++;
  }
  return index;
}

const braces: ReadonlySet<TokenType | undefined> = new Set([t.LeftBrace, t.RightBrace]);

function stand(token: IToken, type: TokenType): IToken {
  const image = type.PATTERN as string;
  return { ...token, image, tokenType: type, tokenTypeIdx: type.tokenTypeIdx as number };
}
