import type { IToken, TokenType } from "chevrotain";
import * as t from "../../../grammar/tokens.ts";
import { isConstruct } from "../constructs.ts";
import { layers } from "../layers/registry.ts";
import { suggest } from "../suggest.ts";
import type { Habit } from "./habits.ts";
import type { Place } from "./syntax-errors.ts";

/**
 * A name at the beginning of a statement reads as a layer, so a misspelt or forgotten word is noticed only behind it:
 * `expct params == 5` fails at `==`. This finds the word from the token at which the text stops to make sense.
 */
export function misreadWord(place: Place): Habit | null {
  const { failure, found, tokens } = place;
  if (failure.rule !== "body" || failure.expected !== null || !found) return null;
  const operand = operandBefore(place, failure.index);
  if (operand === null) return null;
  const before = tokens[operand - 1];
  const word = before?.tokenType === t.Name && !place.landmarks.beginsLine(operand) ? before : null;
  const kind = wordsBefore.find(({ at }) => at.has(found.tokenType));
  if (!kind) return null;
  const conditional = firstOfLine(place);
  const goesOn = conditional !== null && conditions.has(conditional.tokenType);
  const words = goesOn && kind.joined ? ["and", "or"] : kind.words;
  const meant = word && (word.image === "is" ? "==" : suggest(word.image, words));
  if (word && meant) return misspelt(place, word, meant);
  const alone = tokens[operand] as IToken;
  if (operand === failure.index - 1) {
    const own = suggest(alone.image, kind.alone);
    if (own) return misspelt(place, alone, own);
  }
  if (layers.has(alone.image) || isConstruct(alone.image)) return null;
  const missing = goesOn && kind.joined ? "`and` or `or`" : kind.missing;
  return missing === null ? null : absent(place, alone, missing);
}

/** What a name was meant for, by the token behind it or behind the operand that follows it. */
interface Misreading {
  readonly at: ReadonlySet<TokenType>;
  /** Words that may stand before the operand that the token follows. */
  readonly words: readonly string[];
  /** Words that may stand directly before the token. */
  readonly alone: readonly string[];
  /** What is missing before the operand where no word is near; null where nothing can be said. */
  readonly missing: string | null;
  /** Whether the operand may go on a condition of the same line. */
  readonly joined: boolean;
}

const comparisons = new Set([t.Equal, t.Unequal, t.Below, t.AtMost, t.Above, t.AtLeast, t.About]);
const arithmetic = new Set([t.Plus, t.Minus, t.Star, t.Slash, t.Percent, t.Caret]);
const operands = new Set([t.Numeral, t.Size, t.Not, t.True, t.False, t.LeftParen]);
const conditionWords = ["expect", "require", "if"];

const wordsBefore: readonly Misreading[] = [
  { at: comparisons, words: conditionWords, alone: [], missing: "`if`, `require` or `expect`", joined: true },
  { at: arithmetic, words: [...conditionWords, "repeat"], alone: [], missing: null, joined: true },
  { at: new Set([t.And, t.Or]), words: conditionWords, alone: [], missing: null, joined: false },
  { at: new Set([t.In]), words: ["for"], alone: [], missing: "`for`", joined: false },
  { at: new Set([t.Assign]), words: ["let"], alone: [], missing: null, joined: false },
  { at: new Set([t.LeftBracket]), words: ["input", "from"], alone: ["for"], missing: null, joined: false },
  { at: operands, words: [], alone: [...conditionWords, "repeat"], missing: null, joined: false },
];

const conditions: ReadonlySet<TokenType> = new Set([t.Expect, t.Require, t.If]);

function misspelt({ source }: Place, word: IToken, meant: string): Habit {
  const span = { source, start: word.startOffset, end: (word.endOffset ?? word.startOffset) + 1 };
  return { kind: "said", say: (report) => report("unknown-word", span, { word: word.image, meant }) };
}

function absent({ source, tokens }: Place, operand: IToken, expected: string): Habit {
  const end = (tokens[tokens.indexOf(operand)]?.endOffset ?? operand.startOffset) + 1;
  const span = { source, start: operand.startOffset, end };
  return {
    kind: "said",
    say: (report) => report("unexpected-token", span, { found: `\`${operand.image}\``, expected }),
  };
}

/** The index of the name with which the operand before a token begins: `x`, `f(x)`, `l[0]`; null for anything else. */
function operandBefore({ tokens, landmarks }: Place, index: number): number | null {
  let at = index - 1;
  const last = tokens[at]?.tokenType;
  if (last === t.RightParen || last === t.RightBracket) {
    const open = landmarks.openBracket(at);
    if (open === null) return null;
    at = open - 1;
  }
  return tokens[at]?.tokenType === t.Name ? at : null;
}

/** The word with which the line of a failure begins. */
export function firstOfLine({ tokens, landmarks, failure }: Place): IToken | null {
  let index = Math.min(failure.index, tokens.length) - 1;
  while (index > 0 && !landmarks.beginsLine(index) && tokens[index]?.tokenType !== t.LeftBrace) index--;
  const first = tokens[index]?.tokenType === t.LeftBrace ? index + 1 : index;
  return tokens[first] ?? null;
}
