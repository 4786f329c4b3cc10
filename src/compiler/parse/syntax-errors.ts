import type { IToken, TokenType } from "chevrotain";
import { Landmarks } from "../../../grammar/landmarks.ts";
import type { Failure } from "../../../grammar/recovery.ts";
import * as t from "../../../grammar/tokens.ts";
import type { Extra, Report } from "../diagnostics.ts";
import type { Source, Span } from "../source.ts";
import { expectedWords, foundWords } from "./expected.ts";
import { habitOf } from "./habits.ts";
import type { Mended } from "./lexical.ts";

/**
 * Says each failure of the parser in the words of the catalogue, but for the echoes of what was said of the tokens.
 * Returns the tokens that were inserted and over which the parser stumbled all the same.
 */
export function reportFailures(
  failures: readonly Failure[],
  { tokens, troubles }: Mended,
  source: Source,
  report: Report,
): ReadonlySet<IToken> {
  const landmarks = new Landmarks(tokens, source.text);
  const blamed = new Set<IToken>();
  for (const failure of failures) {
    const at = tokens[failure.index] ?? null;
    const found = tokens.find((token, i) => i >= failure.index && !token.isInsertedInRecovery) ?? null;
    const previous = tokens[failure.index - 1] ?? null;
    const place: Place = { failure, found, previous, source, landmarks, tokens };
    if (at?.isInsertedInRecovery) {
      if (!blamed.has(at)) explain(place, report);
      blamed.add(at);
    } else if (!isEcho(place, troubles)) explain(place, report);
  }
  return blamed;
}

/** Where a failure is. `found` is null at the end of the text, `previous` at its start. */
export interface Place {
  readonly failure: Failure;
  readonly found: IToken | null;
  readonly previous: IToken | null;
  readonly source: Source;
  readonly landmarks: Landmarks;
  readonly tokens: readonly IToken[];
}

function isEcho({ found, previous, source }: Place, troubles: readonly number[]): boolean {
  const from = previous?.startOffset ?? 0;
  const to = found?.startOffset ?? source.text.length;
  return troubles.some((offset) => offset >= from && offset <= to);
}

function explain(place: Place, report: Report): void {
  const { failure, found } = place;
  const habit = habitOf(place);
  const extra: Extra = habit?.kind === "help" ? { help: habit.help } : {};
  if (habit?.kind === "said") habit.say(report);
  else if (failure.expected === t.RightBrace && failure.rule === "body") unclosedBody(place, report);
  else if (failure.rule === "body" && failure.expected === null && found) strayInBody(place, found, extra, report);
  else if (failure.rule === "file" && found) strayInFile(place, found, extra, report);
  else if (failure.expected && closers.has(failure.expected)) unclosedBracket(place, extra, report);
  else unexpected(place, extra, report);
}

function unexpected(place: Place, extra: Extra, report: Report): void {
  const { failure, found, previous } = place;
  const expected = expectedWords(failure, previous, null);
  if (found === null) report("unexpected-end", endOf(place), { expected }, extra);
  else if (failure.expected === t.Name && t.isKeyword(found.tokenType)) {
    report("reserved-word", spanOf(place, found), { word: found.image, expected });
  } else report("unexpected-token", spanOf(place, found), { found: foundWords(found), expected }, extra);
}

function unclosedBody(place: Place, report: Report): void {
  const { found, landmarks, failure, tokens } = place;
  const open = tokens[landmarks.unclosedBrace(failure.index) ?? -1];
  const related = open ? [{ span: spanOf(place, open), message: "this `{` is not closed" }] : [];
  const span = found ? spanOf(place, found) : endOf(place);
  report("unclosed-body", span, { found: found ? foundWords(found) : "the end of the text" }, { related });
}

function unclosedBracket(place: Place, extra: Extra, report: Report): void {
  const { failure, found, previous, landmarks, tokens } = place;
  const open = tokens[landmarks.openBracket(failure.index) ?? -1] ?? null;
  const expected = expectedWords(failure, previous, open);
  const related = open ? [{ span: spanOf(place, open), message: `this \`${open.image}\` is not closed` }] : [];
  if (found && !landmarks.beginsLine(failure.index) && !braces.has(found.tokenType)) {
    report("unexpected-token", spanOf(place, found), { found: foundWords(found), expected }, extra);
  } else report("unclosed-bracket", endOf(place), { expected, open: open?.image ?? "(" }, { ...extra, related });
}

function strayInBody(place: Place, found: IToken, extra: Extra, report: Report): void {
  const span = spanOf(place, found);
  const type = found.tokenType;
  if (closers.has(type)) report("unmatched-close", span, { found: found.image });
  else if (brackets.has(type)) report("bare-bracket", span, { found: found.image });
  else if (declarations.has(type)) report("nested-declaration", span, { word: found.image });
  else {
    const expected = type === t.Else ? "an `if` before it" : expectedWords(place.failure, place.previous, null);
    report("unexpected-token", span, { found: foundWords(found), expected }, extra);
  }
}

function strayInFile(place: Place, found: IToken, extra: Extra, report: Report): void {
  const span = spanOf(place, found);
  const type = found.tokenType;
  if (type === t.RightBrace || closers.has(type)) report("unmatched-close", span, { found: found.image });
  else if (type === t.Name || type === t.Arrow || t.isKeyword(type)) {
    report("outside-network", span, { found: foundWords(found) }, extra);
  } else {
    const expected = "a declaration: `network`, `block`, `fn`, `let` or `import`";
    report("unexpected-token", span, { found: foundWords(found), expected }, extra);
  }
}

function spanOf({ source }: Place, token: IToken): Span {
  return { source, start: token.startOffset, end: (token.endOffset ?? token.startOffset) + 1 };
}

/** Behind the last token before the failure: where something is missing. */
function endOf({ source, previous }: Place): Span {
  const end = previous ? (previous.endOffset ?? previous.startOffset) + 1 : 0;
  return { source, start: end, end };
}

type Kinds = ReadonlySet<TokenType>;

const closers: Kinds = new Set([t.RightParen, t.RightBracket]);
const brackets: Kinds = new Set([t.LeftParen, t.LeftBracket, t.LeftBrace]);
const braces: Kinds = new Set([t.LeftBrace, t.RightBrace]);
const declarations: Kinds = new Set([t.Network, t.Block, t.Fn, t.Import]);
