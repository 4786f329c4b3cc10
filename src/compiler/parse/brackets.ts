import type { IToken, TokenType } from "chevrotain";
import { Landmarks } from "../../../grammar/landmarks.ts";
import * as t from "../../../grammar/tokens.ts";
import type { Report } from "../diagnostics.ts";
import type { Source } from "../source.ts";
import { judgeBody, judgeEarlyEnd } from "./braces.ts";
import type { Mended } from "./lexical.ts";
import { judgeBraceInBracket, judgeCloser, judgeUnclosed } from "./round-brackets.ts";

/**
 * A bracket too many, too few or of the wrong kind: how it is said, and the tokens that mend it. What is said of one
 * that is inserted waits for the parser: if that stumbles over the bracket, something is wrong right before it.
 */
export interface Imbalance {
  say(report: Report): void;
  /** `remove` tokens from the index `at` on go, `insert` come. */
  readonly at: number;
  readonly remove: number;
  readonly insert: readonly IToken[];
}

/** The tokens of a text, and the brackets that are open at the place that is judged, outermost first. */
export interface Brackets {
  readonly source: Source;
  readonly tokens: readonly IToken[];
  readonly landmarks: Landmarks;
  readonly open: readonly number[];
}

/**
 * Finds brackets that do not match, says each once, where it was most likely left out or put, and mends it, so that
 * the parser reads on as if it had been right. What it cannot judge is left to the parser.
 */
export function mendBrackets(
  { tokens, troubles: known }: Mended,
  source: Source,
  nesting: number,
  report: Report,
): Mended & { readonly waiting: readonly Waiting[] } {
  let mended = tokens;
  const troubles = [...known];
  const waiting: Waiting[] = [];
  for (let round = 0; round < mostImbalances && !isBalanced(mended); round++) {
    const found = firstImbalance(mended, source, nesting);
    if (!found) break;
    const near = mended.slice(Math.max(0, found.at - 2), found.at + 1);
    const [from, to] = [near[0]?.startOffset ?? 0, near.at(-1)?.startOffset ?? 0];
    if (!troubles.some((offset) => offset >= from && offset <= to)) {
      const inserted = found.remove === 0 ? found.insert[0] : undefined;
      if (inserted) waiting.push({ token: inserted, say: found.say });
      else found.say(report);
    }
    troubles.push(to);
    mended = mended.toSpliced(found.at, found.remove, ...found.insert);
  }
  return { tokens: mended, troubles, waiting };
}

/** What is to be said of a bracket that was inserted. */
export interface Waiting {
  readonly token: IToken;
  say(report: Report): void;
}

/** Each costs a walk through all tokens. */
const mostImbalances = 12;

function isBalanced(tokens: readonly IToken[]): boolean {
  const open: TokenType[] = [];
  for (const { tokenType } of tokens) {
    if (tokenType === t.LeftBrace || openers.has(tokenType)) open.push(tokenType);
    else if (tokenType === t.RightBrace) {
      if (open.pop() !== t.LeftBrace) return false;
    } else if (closers.has(tokenType) && open.pop() !== openerOf(tokenType)) return false;
  }
  return open.length === 0;
}

/** Null also where brackets are nested deeper than the parser will go. */
function firstImbalance(tokens: readonly IToken[], source: Source, nesting: number): Imbalance | null {
  const landmarks = new Landmarks(tokens, source.text);
  const closersAhead = unmatchedAhead(tokens);
  const open: number[] = [];
  /** A brace that ends a body of several lines within a line: the one too many, if one is. */
  let early: number | null = null;
  /** Of each brace that is open. */
  const lines: number[] = [];
  let line = 0;
  let bodies = 0;
  const brackets: Brackets = { source, tokens, landmarks, open };
  for (let i = 0; i <= tokens.length; i++) {
    const type = tokens[i]?.tokenType;
    if (open.length > nesting) return null;
    if (landmarks.beginsLine(i)) line++;
    const top = open.at(-1);
    const inBracket = top !== undefined && openers.has(tokens[top]?.tokenType);
    const declares = type === undefined || landmarks.opensDeclaration(i);
    if (inBracket && (type === undefined || landmarks.beginsStatement(i))) return judgeUnclosed(brackets, i);
    if (declares && bodies > (closersAhead[i] ?? 0)) return judgeBody(brackets, i);
    if (declares && bodies === 0) early = null;
    if (type === t.LeftBrace || type === t.RightBrace) {
      if (inBracket) return judgeBraceInBracket(brackets, i);
      if (type === t.LeftBrace) {
        open.push(i);
        lines.push(line);
        bodies++;
      } else if (top === undefined) return judgeEarlyEnd(brackets, early, i);
      else {
        if (!landmarks.beginsLine(i) && lines.at(-1) !== line) early = i;
        open.pop();
        lines.pop();
        bodies--;
      }
    } else if (openers.has(type)) open.push(i);
    else if (type && closers.has(type)) {
      if (!inBracket || tokens[top]?.tokenType !== openerOf(type)) return judgeCloser(brackets, i);
      open.pop();
    }
  }
  return null;
}

/** From each index on, how many closing braces close none that opens behind it. */
function unmatchedAhead(tokens: readonly IToken[]): Uint32Array {
  const ahead = new Uint32Array(tokens.length + 1);
  for (let i = tokens.length - 1; i >= 0; i--) {
    const behind = ahead[i + 1] ?? 0;
    const type = tokens[i]?.tokenType;
    ahead[i] = type === t.RightBrace ? behind + 1 : type === t.LeftBrace ? Math.max(0, behind - 1) : behind;
  }
  return ahead;
}

type Kinds = ReadonlySet<TokenType | undefined>;

/** Of round and square brackets. */
export const openers: Kinds = new Set([t.LeftParen, t.LeftBracket]);
export const closers: Kinds = new Set([t.RightParen, t.RightBracket]);

export function openerOf(closer: TokenType): TokenType {
  return closer === t.RightParen ? t.LeftParen : t.LeftBracket;
}

export function closerOf(opener: TokenType): TokenType {
  return opener === t.LeftParen ? t.RightParen : t.RightBracket;
}

/** A token that is thought to stand before the one at `index`; it takes no place. */
export function forgotten(type: TokenType, { tokens }: Brackets, index: number): IToken {
  const before = tokens[index - 1];
  const startOffset = before ? (before.endOffset ?? before.startOffset) + 1 : 0;
  const tokenTypeIdx = type.tokenTypeIdx as number;
  return {
    image: "",
    startOffset,
    endOffset: startOffset - 1,
    tokenType: type,
    tokenTypeIdx,
    isInsertedInRecovery: true,
  };
}

/** Where something is missing before the token at `index`: right behind the one before it. */
export function behind({ tokens, source }: Brackets, index: number) {
  const before = tokens[index - 1];
  const end = before ? (before.endOffset ?? before.startOffset) + 1 : 0;
  return { source, start: end, end };
}

export function placeOf({ source }: Brackets, token: IToken) {
  return { source, start: token.startOffset, end: (token.endOffset ?? token.startOffset) + 1 };
}
