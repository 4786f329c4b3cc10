import type { IToken } from "chevrotain";
import { isKeyword, Name, Numeral, Size, tokenize } from "../../grammar/tokens.ts";
import { declaredAt } from "./names.ts";
import type { Random } from "./random.ts";

/** A program with one edit. */
export interface Mutant {
  readonly text: string;
  /** The edited text, in the mutant. */
  readonly start: number;
  readonly end: number;
  /** The word that was misspelt, and how. */
  readonly word: { readonly meant: string; readonly written: string } | null;
  /** Whether the edit touches a name where it is given. */
  readonly declares: boolean;
}

/** A program that is right, and its tokens. */
export interface Original {
  readonly text: string;
  readonly tokens: readonly IToken[];
  /** The offsets of the tokens that give a name. */
  readonly declared: ReadonlySet<number>;
}

export function original(text: string): Original {
  return { text, tokens: tokenize(text).tokens, declared: declaredAt(text) };
}

/** The ways to be wrong by one edit. Null where the program has nothing of the kind. */
export const kinds = {
  "token left out": (from, random) => {
    const { startOffset, image } = random.of(from.tokens);
    return edited(from, startOffset, startOffset + image.length, "");
  },
  "character left out": (from, random) => {
    const { startOffset, image } = random.of(from.tokens);
    const at = startOffset + random.below(image.length);
    return edited(from, at, at + 1, "");
  },
  "tokens swapped": (from, random) => {
    const first = random.below(from.tokens.length - 1);
    const [a, b] = [from.tokens[first] as IToken, from.tokens[first + 1] as IToken];
    const between = from.text.slice(a.startOffset + a.image.length, b.startOffset);
    return edited(from, a.startOffset, b.startOffset + b.image.length, b.image + between + a.image);
  },
  "characters swapped": (from, random) => {
    const { startOffset, image } = random.of(from.tokens.filter((token) => token.image.length > 1));
    const at = startOffset + random.below(image.length - 1);
    return edited(from, at, at + 2, `${from.text[at + 1]}${from.text[at]}`);
  },
  "bracket left out": (from, random) => {
    const { startOffset } = random.of(from.tokens.filter(({ image }) => brackets.includes(image)));
    return edited(from, startOffset, startOffset + 1, "");
  },
  "bracket added": (from, random) => {
    const { startOffset } = random.of(from.tokens);
    return edited(from, startOffset, startOffset, random.of(brackets));
  },
  "number changed": (from, random) => {
    const token = random.of(from.tokens.filter((one) => one.tokenType === Numeral || one.tokenType === Size));
    const digits = [...token.image].flatMap((character, i) => (/\d/.test(character) ? [i] : []));
    const at = token.startOffset + random.of(digits);
    return edited(from, at, at + 1, random.of([..."0123456789"]));
  },
  "word misspelt": (from, random) => misspelt(from, words(from), random),
  "declaration misspelt": (from, random) => misspelt(from, declaredNames(from), random),
} as const satisfies Record<string, (from: Original, random: Random) => Mutant | null>;

export type Kind = keyof typeof kinds;

const brackets = [..."()[]{}"];

function edited({ text, tokens, declared }: Original, start: number, end: number, instead: string): Mutant {
  const declares = tokens.some(({ startOffset, image }) => {
    return declared.has(startOffset) && startOffset < end && startOffset + image.length > start;
  });
  const mutated = text.slice(0, start) + instead + text.slice(end);
  return { text: mutated, start, end: start + instead.length, word: null, declares };
}

function misspelt(from: Original, tokens: readonly IToken[], random: Random): Mutant | null {
  if (tokens.length === 0) return null;
  const { startOffset, image: meant } = random.of(tokens);
  const written = misspell(meant, random);
  return { ...edited(from, startOffset, startOffset + meant.length, written), word: { meant, written } };
}

const letters = [..."abcdefghijklmnopqrstuvwxyz"];

/** A letter left out, added or changed, or two neighbours swapped. */
function misspell(word: string, random: Random): string {
  const at = random.below(word.length);
  const [before, after] = [word.slice(0, at), word.slice(at + 1)];
  switch (random.below(4)) {
    case 0:
      return before + after;
    case 1:
      return before + random.of(letters) + word.slice(at);
    case 2:
      return before + random.of(letters) + after;
    default:
      return (
        word.slice(0, at) +
        word
          .slice(at, at + 2)
          .split("")
          .reverse()
          .join("") +
        word.slice(at + 2)
      );
  }
}

/** Of a single letter nobody can say what was meant, nor is it a misspelling. */
const leastLetters = 2;

/** Words that stand for something said elsewhere: keywords, layers, arguments, functions, and uses of names. */
function words({ tokens, declared }: Original): readonly IToken[] {
  return tokens.filter((token, i) => {
    if (token.image.length < leastLetters || tokens[i + 1]?.image === ":") return false;
    return isKeyword(token.tokenType) || (token.tokenType === Name && !declared.has(token.startOffset));
  });
}

/** Names where they are given, of those that are used. */
function declaredNames({ tokens, declared }: Original): readonly IToken[] {
  const used = new Set(tokens.filter((token) => !declared.has(token.startOffset)).map((token) => token.image));
  return tokens.filter((token) => {
    return declared.has(token.startOffset) && token.image.length >= leastLetters && used.has(token.image);
  });
}
