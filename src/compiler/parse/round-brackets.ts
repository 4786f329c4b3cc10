import type { IToken, TokenType } from "chevrotain";
import * as t from "../../../grammar/tokens.ts";
import {
  type Brackets,
  behind,
  closerOf,
  closers,
  forgotten,
  type Imbalance,
  openerOf,
  openers,
  placeOf,
} from "./brackets.ts";
import { foundWords } from "./expected.ts";
import { unopened } from "./unopened.ts";

/** A round or square bracket that is open where a brace or the next statement shows that it should not be. */
export function judgeUnclosed(brackets: Brackets, limit: number): Imbalance | null {
  const { tokens, open } = brackets;
  const top = open.at(-1) as number;
  const opener = tokens[top];
  if (!opener) return null;
  const useless = uselessOpener(brackets, top, limit);
  if (useless !== null) return surplusOpener(brackets, useless);
  const at = endOfBracket(brackets, top, limit);
  const close = closerOf(opener.tokenType);
  return {
    say: (report) => sayUnclosed(brackets, opener, at, report),
    at,
    remove: 0,
    insert: [forgotten(close, brackets, at)],
  };
}

function sayUnclosed(brackets: Brackets, opener: IToken, at: number, report: Parameters<Imbalance["say"]>[0]): void {
  const close = opener.tokenType === t.LeftParen ? ")" : "]";
  const related = [{ span: placeOf(brackets, opener), message: `this \`${opener.image}\` is not closed` }];
  const facts = { expected: expectedIn(brackets, opener, at, close), open: opener.image };
  report("unclosed-bracket", behind(brackets, at), facts, { related });
}

function expectedIn({ tokens }: Brackets, opener: IToken, at: number, close: string): string {
  const before = tokens[at - 1];
  if (before === opener || before?.tokenType === t.Comma) return `an expression or \`${close}\``;
  const group = close === ")" && tokens[tokens.indexOf(opener) - 1]?.tokenType !== t.Name;
  return group ? `\`${close}\`` : `\`,\` or \`${close}\``;
}

/** A bracket that is not closed, and would better be away. */
export function surplusOpener(brackets: Brackets, index: number): Imbalance {
  const opener = brackets.tokens[index] as IToken;
  const facts = { expected: "", open: opener.image };
  return {
    say: (report) => report("unclosed-bracket", placeOf(brackets, opener), facts),
    at: index,
    remove: 1,
    insert: [],
  };
}

/** From `top` to `limit`, a bracket that cannot be meant: `(` around several things or one literal, `[` amid numbers. */
function uselessOpener({ tokens }: Brackets, top: number, limit: number): number | null {
  const list = tokens[top]?.tokenType === t.LeftBracket;
  if (list && tokens[top - 1]?.tokenType === t.Name && tokens[top + 1]?.tokenType === t.LeftParen) return top;
  if (list && (top + 2 >= limit || holdsOneList(tokens, top, limit))) return top;
  for (let i = top; i < Math.min(limit, top + mostAhead); i++) {
    const before = tokens[i - 1]?.tokenType;
    if (tokens[i]?.tokenType === t.LeftParen && before !== t.Name) {
      if (i + 2 >= limit || tokens[i + 2]?.tokenType === t.RightParen) return i;
      if (atDepth(tokens, i + 1, limit, (type) => (i === top ? neverGrouped : separators).has(type), true) !== null)
        return i;
    }
    const amid = tokens[i]?.tokenType === t.LeftBracket && before === t.Comma && i > top + 1;
    if (amid && list && tokens[i - 2]?.tokenType === t.Numeral) {
      return tokens[top + 1]?.tokenType === t.LeftBracket ? null : i;
    }
  }
  return null;
}

const separators: Kinds = new Set([t.Comma, t.Assign, t.Colon]);
/** What a group that is not closed seldom holds: a comparison needs no parentheses. */
const neverGrouped: Kinds = new Set([
  ...[t.Comma, t.Assign, t.Colon, t.And, t.Or],
  ...[t.Equal, t.Unequal, t.Below, t.AtMost, t.Above, t.AtLeast, t.About],
]);

/** Where the bracket at `top` should have ended: where two operands meet, a label stands, or at `limit`. */
function endOfBracket({ tokens }: Brackets, top: number, limit: number): number {
  const list = tokens[top]?.tokenType === t.LeftBracket;
  const meet = atDepth(tokens, top + 1, limit, (type, i) => {
    const before = tokens[i - 1]?.tokenType;
    if (i === top + 1) return false;
    return (
      (ends.has(before) && begins.has(type)) || (ends.has(before) && type === t.Colon) || (list && type === t.Assign)
    );
  });
  if (meet === null) return list ? (endOfNumbers(tokens, top, limit) ?? limit) : limit;
  const type = tokens[meet]?.tokenType;
  if (type === t.Colon) return meet - 1;
  return type === t.Assign ? Math.max(top + 1, meet - 2) : meet;
}

/** `[[1, 2]` */
function holdsOneList(tokens: readonly IToken[], top: number, limit: number): boolean {
  if (tokens[top + 1]?.tokenType !== t.LeftBracket || tokens[limit - 1]?.tokenType !== t.RightBracket) return false;
  return atDepth(tokens, top + 1, limit, (type) => type === t.Comma) === null;
}

/** In `[[1, 2], [3, 4, [5, 6]]` the comma behind 4, where the list of numbers should have ended. */
function endOfNumbers(tokens: readonly IToken[], top: number, limit: number): number | null {
  if (tokens[top + 1]?.tokenType !== t.LeftBracket) return null;
  for (let i = top + 3; i < Math.min(limit, top + mostAhead); i++) {
    const amid = tokens[i]?.tokenType === t.LeftBracket && tokens[i - 1]?.tokenType === t.Comma;
    if (amid && tokens[i - 2]?.tokenType === t.Numeral) return i - 1;
  }
  return null;
}

/** A brace inside round or square brackets: it is one too many where the bracket is closed behind it. */
export function judgeBraceInBracket(brackets: Brackets, index: number): Imbalance | null {
  const { tokens, open } = brackets;
  const opener = tokens[open.at(-1) as number] as IToken;
  const brace = tokens[index] as IToken;
  const next = tokens[index + 1];
  if (next?.tokenType === closerOf(opener.tokenType)) {
    return {
      say: (report) => sayUnclosed(brackets, opener, index, report),
      at: index,
      remove: 2,
      insert: [next, brace],
    };
  }
  if (!closesAhead(brackets, index + 1, closerOf(opener.tokenType))) return judgeUnclosed(brackets, index);
  return surplus(brackets, index, opener);
}

/** A closing bracket that does not fit the one that is open. */
export function judgeCloser(brackets: Brackets, index: number): Imbalance | null {
  const { tokens, open } = brackets;
  const closer = tokens[index] as IToken;
  const opener = tokens[open.at(-1) ?? -1];
  const missing = unopened(brackets, index);
  if (!opener || !openers.has(opener.tokenType)) return missing ?? surplus(brackets, index, null);
  const wanted = closerOf(opener.tokenType);
  const second = tokens[open.at(-2) ?? -1]?.tokenType;
  if (tokens[index + 1]?.tokenType === wanted && second === openerOf(closer.tokenType)) {
    const insert = [tokens[index + 1] as IToken, closer];
    return { say: (report) => sayUnclosed(brackets, opener, index, report), at: index, remove: 2, insert };
  }
  if (closesAhead(brackets, index + 1, wanted)) return missing ?? surplus(brackets, index, opener);
  if (second === openerOf(closer.tokenType)) return judgeUnclosed(brackets, index);
  return surplus(brackets, index, opener, [forgotten(wanted, brackets, index)]);
}

/** The bracket at `index` is taken away, or replaced. */
function surplus(brackets: Brackets, index: number, opener: IToken | null, insert: readonly IToken[] = []): Imbalance {
  const token = brackets.tokens[index] as IToken;
  return {
    say: (report) => {
      const span = placeOf(brackets, token);
      if (opener && (token.tokenType === t.LeftBrace || insert.length > 0)) {
        const expected = `\`,\` or \`${opener.tokenType === t.LeftParen ? ")" : "]"}\``;
        const related = [{ span: placeOf(brackets, opener), message: `opened by this \`${opener.image}\`` }];
        report("unexpected-token", span, { found: foundWords(token), expected }, { related });
      } else report("unmatched-close", span, { found: token.image });
    },
    at: index,
    remove: 1,
    insert,
  };
}

/** Does a closing bracket of this type that nothing else opens follow before the statement ends? */
function closesAhead({ tokens, landmarks }: Brackets, from: number, closer: TokenType): boolean {
  let depth = 0;
  for (let i = from; i < Math.min(tokens.length, from + mostAhead); i++) {
    const type = tokens[i]?.tokenType;
    if (landmarks.beginsStatement(i) || type === t.RightBrace || type === t.LeftBrace) return false;
    if (openers.has(type)) depth++;
    else if (closers.has(type) && depth-- === 0) {
      if (type === closer) return true;
      depth = 0;
    }
  }
  return false;
}

/** So far a statement may go on. */
const mostAhead = 200;

/** The first index of the own level of brackets, from `from` to `to`, that fits; `insideOnly`: before the level ends. */
function atDepth(
  tokens: readonly IToken[],
  from: number,
  to: number,
  fits: (type: TokenType | undefined, index: number) => boolean,
  insideOnly = false,
): number | null {
  let depth = 0;
  for (let i = from; i < (insideOnly ? Math.min(to, from + mostAhead) : to); i++) {
    const type = tokens[i]?.tokenType;
    if (depth === 0 && fits(type, i)) return i;
    if (openers.has(type)) depth++;
    else if (closers.has(type) && insideOnly && depth === 0) return null;
    else if (closers.has(type)) depth = Math.max(0, depth - 1);
  }
  return null;
}

type Kinds = ReadonlySet<TokenType | undefined>;

const ends: Kinds = new Set([t.Name, t.Numeral, t.Size, t.Text, t.True, t.False, t.RightParen, t.RightBracket]);
const begins: Kinds = new Set([t.Name, t.Numeral, t.Size, t.Text, t.True, t.False, t.Arrow, t.From]);
