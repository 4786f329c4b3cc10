import type { IToken, TokenType } from "chevrotain";
import * as t from "../../../grammar/tokens.ts";
import { isConstruct } from "../constructs.ts";
import type { Report } from "../diagnostics.ts";
import { layers } from "../layers/registry.ts";
import type { Span } from "../source.ts";
import { suggest } from "../suggest.ts";
import { importHelp } from "./foreign-imports.ts";
import { firstOfLine, misreadWord } from "./misread.ts";
import type { Place } from "./syntax-errors.ts";

/** A mistake that comes from the habits of another language: a message of its own, or help for the usual one. */
export type Habit = { readonly kind: "said"; say(report: Report): void } | { readonly kind: "help"; help: string };

/** The habit behind a failure, null where none is known. */
export function habitOf(place: Place): Habit | null {
  for (const recognise of habits) {
    const habit = recognise(place);
    if (habit) return habit;
  }
  return null;
}

const habits: readonly ((place: Place) => Habit | null)[] = [
  pythonChoice,
  misreadWord,
  assignment,
  comparison,
  arithmetic,
  colonBody,
  colonValue,
  expectMessage,
  repeatIn,
  countedFor,
  inputAssigned,
  foreignImport,
  spacedSize,
  tupleOfNumbers,
  bareArguments,
  commaBetweenLayers,
  squareArguments,
  arrowBetweenLayers,
  tupleOfNames,
  outputInExpect,
  misspeltWord,
  looseText,
];

/** `a if c else b` */
function pythonChoice({ failure, found, previous, source, tokens, landmarks }: Place): Habit | null {
  const late = found?.tokenType === t.Else && failure.rule === "body" && failure.caller === "ifStatement";
  const bracketed = found?.tokenType === t.If && previous !== null && landmarks.insideBracket(failure.index);
  if (!late && !bracketed) return null;
  const word = late ? lastBefore(tokens, failure.index, t.If) : found;
  if (!word) return null;
  return say((report) => report("conditional-order", spanOf(source, word), {}));
}

/** `x = conv(…)`; but in `expect a = b` a comparison is meant. */
function assignment({ failure, found, previous, source, landmarks, tokens }: Place): Habit | null {
  const follows = found?.tokenType === t.Assign && previous?.tokenType === t.Name;
  if (!follows || (failure.rule !== "body" && failure.rule !== "file")) return null;
  const before = tokens[failure.index - 2]?.tokenType;
  if (!landmarks.beginsLine(failure.index - 1) && before !== t.LeftBrace && before !== t.RightBrace) return null;
  const value = tokens[failure.index + 1];
  const layer = value?.tokenType === t.Name && (layers.has(value.image) || isConstruct(value.image));
  return say((report) => report("assignment", spanOf(source, previous), { name: previous.image, layer }));
}

function comparison(place: Place): Habit | null {
  if (place.found?.tokenType !== t.Assign) return null;
  const first = firstOfLine(place)?.tokenType;
  if (first !== t.Expect && first !== t.Require && first !== t.If) return null;
  return { kind: "help", help: "equality is written `==`" };
}

/** `conv(3x3, 8) + x` */
function arithmetic({ failure, found, source }: Place): Habit | null {
  if (failure.rule !== "body" || failure.expected !== null || !found || !operators.has(found.tokenType)) return null;
  return say((report) => report("tensor-arithmetic", spanOf(source, found), { operator: found.image }));
}

/** `for x in y:` */
function colonBody({ failure, found }: Place): Habit | null {
  if (found?.tokenType !== t.Colon || (failure.expected !== t.LeftBrace && failure.rule !== "network")) return null;
  return { kind: "help", help: "a body stands between braces: `{ … }`" };
}

/** `growth: 12` between parentheses */
function colonValue({ failure, found, previous, landmarks }: Place): Habit | null {
  if (found?.tokenType !== t.Colon || previous?.tokenType !== t.Name || !landmarks.insideBracket(failure.index))
    return null;
  return { kind: "help", help: `a value is given with \`=\`: \`${previous.image} = …\`` };
}

/** `expect c, "message"`; with a colon behind it the text would be a label. */
function expectMessage({ failure, found, tokens }: Place): Habit | null {
  const [next, after] = tokens.slice(failure.index + 1);
  if (failure.rule !== "body" || found?.tokenType !== t.Comma || next?.tokenType !== t.Text) return null;
  if (after?.tokenType === t.Colon) return null;
  return { kind: "help", help: "`expect` takes no message, as it shows both sides; `require` takes one" };
}

/** `repeat i in 3 { … }` */
function repeatIn({ found, previous, tokens, failure }: Place): Habit | null {
  const word = tokens[failure.index - 2];
  if (found?.tokenType !== t.In || word?.tokenType !== t.Repeat || previous?.tokenType !== t.Name) return null;
  const count = tokens[failure.index + 1];
  const times = count?.tokenType === t.Numeral ? count.image : "n";
  return { kind: "help", help: `a count stands before its name: \`repeat ${times} as ${previous.image}\`` };
}

/** `for 3 { … }` */
function countedFor({ failure, found }: Place): Habit | null {
  if (failure.rule !== "pattern" || found?.tokenType !== t.Numeral) return null;
  return { kind: "help", help: `without a list write \`repeat ${found.image}\`` };
}

/** `input = image(3, 32, 32)`, `input image(3, 32, 32)` */
function inputAssigned({ failure, found, tokens }: Place): Habit | null {
  if (failure.rule !== "inputStatement" || (found?.tokenType !== t.Assign && found?.tokenType !== t.LeftParen))
    return null;
  const after = tokens.slice(failure.index + 1, failure.index + 8);
  const sizes = after.filter((token) => token.tokenType === t.Numeral).map((token) => token.image);
  const written = sizes.length === 3 ? sizes.join(", ") : "3, 224, 224";
  return { kind: "help", help: `sizes stand in square brackets: \`input image[${written}]\`` };
}

/** `import torch`, `from torch import nn` */
function foreignImport({ failure, found }: Place): Habit | null {
  const file = found?.tokenType === t.From && failure.rule === "file";
  if (!file && !(failure.rule === "importDeclaration" && failure.expected === t.LeftBrace)) return null;
  return { kind: "help", help: importHelp };
}

/** `3 x 3` */
function spacedSize({ found, previous }: Place): Habit | null {
  if (previous?.tokenType !== t.Numeral || found?.tokenType !== t.Name || !/^[xX]\d*$/.test(found.image)) return null;
  return { kind: "help", help: "a size is written without spaces: `3x3`" };
}

/** `conv((3, 3), 8)` */
function tupleOfNumbers({ failure, found }: Place): Habit | null {
  if (failure.rule !== "operand" || failure.expected !== t.RightParen || found?.tokenType !== t.Comma) return null;
  return { kind: "help", help: "several values in a row are a list, `[a, b]`; a size is `3x3`" };
}

/** `conv 3x3, 8` */
function bareArguments({ failure, found, previous }: Place): Habit | null {
  const literal = found?.tokenType === t.Numeral || found?.tokenType === t.Size;
  if (failure.rule !== "body" || !literal || previous?.tokenType !== t.Name) return null;
  if (!layers.has(previous.image) && !isConstruct(previous.image) && !/^[A-Z]/.test(previous.image)) return null;
  return { kind: "help", help: `arguments stand in parentheses: \`${previous.image}(${found.image}, …)\`` };
}

/** `conv(3x3, 8), relu` */
function commaBetweenLayers({ failure, found }: Place): Habit | null {
  if (failure.rule !== "body" || failure.expected !== null || found?.tokenType !== t.Comma) return null;
  return { kind: "help", help: "layers stand side by side, with no mark between them" };
}

/** `conv[3x3, 8]` and `skip[0]` */
function squareArguments({ failure, found, previous, source }: Place): Habit | null {
  const opens = found?.tokenType === t.LeftBracket || found?.tokenType === t.LeftParen;
  if (failure.rule !== "body" || !opens || previous?.tokenType !== t.Name) return null;
  const { image } = previous;
  const help =
    layers.has(image) || isConstruct(image) || /^[A-Z]/.test(image)
      ? `arguments stand in parentheses: \`${image}(…)\``
      : `a tensor is named by \`-> ${image}[i]\` and taken up by \`from ${image}[i]\``;
  if (found.tokenType === t.LeftParen) return null;
  return say((report) => report("bare-bracket", spanOf(source, found), { found: "[" }, { help }));
}

/** `image -> conv(3x3, 8)` */
function arrowBetweenLayers({ failure, found, tokens, source }: Place): Habit | null {
  const named = tokens[failure.index - 2]?.tokenType === t.Arrow;
  if (failure.rule !== "body" || found?.tokenType !== t.LeftParen || !named) return null;
  const help = "`->` gives a name to the tensor before it; layers stand side by side: `conv(3x3, 8) relu`";
  return say((report) => report("bare-bracket", spanOf(source, found), { found: "(" }, { help }));
}

/** `for i, c in list`, `for (i, c) in list` */
function tupleOfNames({ failure, found }: Place): Habit | null {
  const comma = failure.rule === "forHeader" && found?.tokenType === t.Comma;
  if (!comma && !(failure.rule === "pattern" && found?.tokenType === t.LeftParen)) return null;
  return {
    kind: "help",
    help: "several names stand in brackets: `for [a, b] in list`; a count is `for x in list as i`",
  };
}

/** `expect output == …` */
function outputInExpect(place: Place): Habit | null {
  const { found, previous } = place;
  if (found?.tokenType !== t.Output || !previous || firstOfLine(place)?.tokenType !== t.Expect) return null;
  return { kind: "help", help: "the last tensor is spoken of by its parts: `expect channels == 10`" };
}

/** `repat 3 { … }`: a line that fails begins with what is almost a word of the language. */
function misspeltWord(place: Place): Habit | null {
  const { rule } = place.failure;
  if (rule !== "body" && rule !== "file") return null;
  const first = rule === "file" ? place.found : firstOfLine(place);
  if (first?.tokenType !== t.Name) return null;
  const word = suggest(first.image, rule === "file" ? declarationWords : statementWords);
  return word === null ? null : { kind: "help", help: `did you mean \`${word}\`?` };
}

/** `require c "message"` */
function looseText({ failure, previous }: Place): Habit | null {
  if (failure.rule !== "labelled" || failure.expected !== t.Colon || previous?.tokenType !== t.Text) return null;
  return {
    kind: "help",
    help: "a text is the label of what follows, after `:`; in `require` a comma stands before it",
  };
}

function say(how: (report: Report) => void): Habit {
  return { kind: "said", say: how };
}

function lastBefore(tokens: readonly IToken[], index: number, type: TokenType): IToken | null {
  for (let i = index - 1; i >= 0; i--) if (tokens[i]?.tokenType === type) return tokens[i] ?? null;
  return null;
}

function spanOf(source: Span["source"], token: IToken): Span {
  return { source, start: token.startOffset, end: (token.endOffset ?? token.startOffset) + 1 };
}

const declarationWords = ["network", "block", "fn", "let", "import"];
const statementWords = ["input", "let", "for", "repeat", "if", "from", "require", "expect", "output", "training"];
const operators: ReadonlySet<TokenType> = new Set([t.Plus, t.Minus, t.Star, t.Slash, t.Percent, t.Caret]);
