import type { IToken, TokenType } from "chevrotain";
import * as t from "../../../grammar/tokens.ts";
import { isConstruct } from "../constructs.ts";
import { builtinFunctions } from "../functions.ts";
import { layers } from "../layers/registry.ts";
import { type Brackets, behind, closers, forgotten, type Imbalance, openerOf, openers, placeOf } from "./brackets.ts";

/**
 * A closing bracket whose opening one was left out: `conv7x7, 64)`, `blocks = 6, 12]`, `n = depth - 4) / 6`. What commas
 * part, or an operator goes on from, must stand in brackets. Null where the closing one may as well be too many.
 */
export function unopened(brackets: Brackets, index: number): Imbalance | null {
  const { tokens, landmarks } = brackets;
  const closer = tokens[index] as IToken;
  const comma = firstComma(brackets, index);
  if (comma === index - 1) return null;
  const last = (comma ?? index) - 1;
  if (comma !== null && closers.has(tokens[last]?.tokenType)) {
    const open = landmarks.openBracket(last);
    if (open === null) return null;
    const plain = plainAfterList(tokens, open, last);
    if (plain !== null) return missingAt(brackets, plain, tokens[last] as IToken, false);
    if (!closesCall(tokens, open)) return missingAt(brackets, open, closer, false);
    const glued = gluedWithin(tokens, open, last);
    return glued === null
      ? closedTooEarly(brackets, last, closer)
      : missingAt(brackets, glued, tokens[last] as IToken, true);
  }
  const start = itemStart(brackets, last);
  const word = tokens[start];
  if (!word) return null;
  const glued = word.tokenType === t.Name && calleeIn(word.image, openerOf(closer.tokenType), tokens) !== null;
  const goesOn = start < last && closer.tokenType === t.RightParen && arithmetic.has(tokens[index + 1]?.tokenType);
  if (comma === null && !glued && !goesOn) return null;
  if (comma !== null && !glued && !mayHold(brackets, start, closer)) return null;
  return missingAt(brackets, start, closer, comma !== null || glued);
}

/** May a list of items in such brackets begin here? Of arguments after their callee; within brackets a list after `=`. */
function mayHold({ tokens, open }: Brackets, start: number, closer: IToken): boolean {
  if (!openers.has(tokens[open.at(-1) ?? -1]?.tokenType)) return true;
  const before = tokens[start - 1]?.tokenType;
  return closer.tokenType === t.RightParen ? before === t.Name : before === t.Assign;
}

/** The bracket that `closer` closes was left out before the item that begins at `start`, or within its first word. */
function missingAt(brackets: Brackets, start: number, closer: IToken, ofCall: boolean): Imbalance {
  const { tokens, landmarks } = brackets;
  const word = tokens[start] as IToken;
  const callee = tokens[start - 1];
  const within = word.tokenType === t.Name ? calleeIn(word.image, openerOf(closer.tokenType), tokens) : null;
  const called = ofCall && within === null && callee?.tokenType === t.Name && !landmarks.beginsLine(start);
  const glued = ofCall && !called && word.tokenType === t.Name;
  const at = glued ? start + 1 : start;
  const open = closer.tokenType === t.RightParen ? "(" : "[";
  const after = glued ? (within ?? word.image) : (callee?.image ?? "");
  const span = called ? behind(brackets, at) : placeOf(brackets, word);
  const related = [{ span: placeOf(brackets, closer), message: `this \`${closer.image}\` closes nothing` }];
  return {
    say: (report) => report("unopened-bracket", span, { open, after }, { related }),
    at,
    // The first argument is part of the word: what parted it from the next goes.
    remove: glued ? 1 : 0,
    insert: [forgotten(openerOf(closer.tokenType), brackets, at)],
  };
}

/** `conv(1x1, max1, 2), bias = true)`: what was left out stands inside the brackets that end before the comma. */
function closedTooEarly(brackets: Brackets, index: number, last: IToken): Imbalance {
  const early = brackets.tokens[index] as IToken;
  const related = [{ span: placeOf(brackets, last), message: "so this one closes nothing" }];
  const facts = { found: early.image, early: true };
  return {
    say: (report) => report("unmatched-close", placeOf(brackets, early), facts, { related }),
    at: index,
    remove: 1,
    insert: [],
  };
}

/** A word between two brackets that is a callee and its first argument. */
function gluedWithin(tokens: readonly IToken[], open: number, close: number): number | null {
  for (let i = open + 1; i < Math.min(close, open + mostBehind); i++) {
    const token = tokens[i];
    if (token?.tokenType === t.Name && calleeIn(token.image, t.LeftParen, tokens) !== null) return i;
  }
  return null;
}

function closesCall(tokens: readonly IToken[], open: number): boolean {
  return tokens[open]?.tokenType === t.LeftParen && tokens[open - 1]?.tokenType === t.Name;
}

/** The first comma of the statement, and of the bracket around, that stands before `index`. */
function firstComma({ tokens, landmarks, open }: Brackets, index: number): number | null {
  const bound = open.at(-1) ?? -1;
  const list = tokens[index]?.tokenType === t.RightBracket;
  let found: number | null = null;
  let depth = 0;
  for (let i = index - 1; i > Math.max(bound, index - mostBehind); i--) {
    const type = tokens[i]?.tokenType;
    if (depth === 0 && (bounds.has(type) || (type === t.Assign && (list || !namesArgument(tokens, i))))) break;
    if (closers.has(type)) depth++;
    else if (openers.has(type)) depth--;
    else if (type === t.Comma && depth === 0) found = i;
    if (depth === 0 && landmarks.beginsStatement(i)) break;
  }
  return (list ? null : assignInHeader(tokens, index)) ?? found;
}

const mostBehind = 200;

/** `, stride = 2`; a list after `blocks =` ends there, as does a `let`. */
function namesArgument(tokens: readonly IToken[], assign: number): boolean {
  return tokens[assign - 2]?.tokenType === t.Comma;
}

/** `network A = Bgrowth = 32)` and `network Agrowth = 32)`: no comma, but the `=` of an argument. */
function assignInHeader(tokens: readonly IToken[], index: number): number | null {
  for (let i = index - 1; i > Math.max(0, index - mostBehind) && !bounds.has(tokens[i]?.tokenType); i--) {
    if (tokens[i]?.tokenType !== t.Assign) continue;
    if (tokens[i - 2]?.tokenType === t.Assign) return i;
    if (tokens[i - 2]?.tokenType === t.Network && tokens[i + 1]?.tokenType !== t.Name) return i;
  }
  return null;
}

/** Where the expression that ends at `last` begins: operands with operators between. */
function itemStart({ tokens, landmarks, open }: Brackets, last: number): number {
  const bound = open.at(-1) ?? -1;
  let at = last;
  while (at > bound + 1) {
    const type = tokens[at]?.tokenType;
    if (closers.has(type)) at = landmarks.openBracket(at) ?? at;
    const before = tokens[at - 1]?.tokenType;
    const calls = openers.has(tokens[at]?.tokenType) && before === t.Name;
    if (!calls && !arithmetic.has(type) && !arithmetic.has(before)) return at;
    if (arithmetic.has(type) && !operandEnds.has(before)) return at;
    if (landmarks.beginsLine(at) && landmarks.beginsStatement(at)) return at;
    at--;
  }
  return at;
}

/** In `[[1, 2], 3, 4]` the 3, at whose place another list should begin; null where lists and numbers are not mixed. */
function plainAfterList(tokens: readonly IToken[], open: number, close: number): number | null {
  if (tokens[open]?.tokenType !== t.LeftBracket || tokens[open + 1]?.tokenType !== t.LeftBracket) return null;
  let depth = 0;
  for (let i = open + 1; i < close; i++) {
    const type = tokens[i]?.tokenType;
    if (openers.has(type)) depth++;
    else if (closers.has(type)) depth--;
    else if (depth === 0 && type !== t.Comma) return i;
  }
  return null;
}

type Kinds = ReadonlySet<TokenType | undefined>;

/** What no list of arguments goes across. */
const bounds: Kinds = new Set([
  ...[t.LeftBrace, t.RightBrace, t.In, t.Let, t.Require, t.Expect, t.For, t.Input, t.Repeat, t.Colon],
]);
const operandEnds: Kinds = new Set([t.Name, t.Numeral, t.Size, t.RightParen, t.RightBracket]);
const arithmetic: Kinds = new Set([t.Plus, t.Minus, t.Star, t.Slash, t.Percent, t.Caret]);

/** `conv7x7` is `conv` and its first argument: a layer, or a name of the text that is imported or has brackets elsewhere. */
function calleeIn(word: string, opener: TokenType, tokens: readonly IToken[]): string | null {
  if (word.length > longestWord || layers.has(word) || isConstruct(word)) return null;
  const isCalled = (name: string) =>
    tokens.some((token, i) => {
      if (token.image !== name) return false;
      return tokens[i + 1]?.tokenType === opener || (opener === t.LeftParen && imports.has(tokens[i - 1]?.tokenType));
    });
  if (isCalled(word)) return null;
  for (let length = word.length - 1; length > 1; length--) {
    const start = word.slice(0, length);
    if (opener === t.LeftParen && (layers.has(start) || isConstruct(start) || builtinFunctions.has(start)))
      return start;
    if (isCalled(start)) return start;
  }
  return null;
}

const longestWord = 60;
const imports: Kinds = new Set([t.Network, t.LeftBrace, t.Comma]);
