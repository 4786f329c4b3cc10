import { createToken, type IToken, Lexer, type TokenType } from "chevrotain";

/** What a lexed text is: the tokens of the grammar in order, and the comments, which the grammar does not see. */
export interface Lexed {
  readonly tokens: IToken[];
  readonly comments: readonly IToken[];
}

/**
 * Every character of the text ends up in a token, a comment or white space: what belongs to no word of the language
 * becomes one of the `mistakes`, which the caller has to report and to replace before it parses.
 */
export function tokenize(text: string): Lexed {
  lexer ??= new Lexer([...vocabulary], {
    positionTracking: "onlyOffset",
    ensureOptimizations: true,
    skipValidations: true,
  });
  const { tokens, groups } = lexer.tokenize(text);
  const comments = groups.comments ?? [];
  for (const token of [...tokens, ...comments]) token.endOffset = token.startOffset + token.image.length - 1;
  freeLabels(tokens);
  return { tokens, comments };
}

let lexer: Lexer | undefined;

/** Any word may be a label: a reserved one before ":" is a plain name. Nothing else puts a reserved word there. */
function freeLabels(tokens: readonly IToken[]): void {
  for (let i = 1; i < tokens.length; i++) {
    const word = tokens[i - 1];
    if (tokens[i]?.tokenType === Colon && word && isKeyword(word.tokenType)) retype(word, Name);
  }
}

/** Makes a token one of another type, where it stands. */
export function retype(token: IToken, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx as number;
}

export function isKeyword(type: TokenType): boolean {
  return keywords.has(type.name);
}

// The characters that a pattern can begin with, said outright: to find them Chevrotain would parse each pattern anew
// at every start.
const digits = [..."0123456789"];
const words = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"];
/** One character of each of the groups into which Chevrotain divides those beyond Latin-1. */
const others = Array.from({ length: 257 }, (_, group) => group * 255 + 256).map((code) => Math.min(code, 0xffff));
const latin = Array.from({ length: 256 }, (_, code) => code);

// Names, numbers and texts

const letter = "\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u1fff\\u3040-\\ud7ff\\uf900-\\ufdff";

/** A name with letters beyond A–Z: `größe`. */
export const ForeignName = createToken({
  name: "ForeignName",
  pattern: new RegExp(`[A-Za-z_]\\w*[${letter}][\\w${letter}]*|[${letter}][\\w${letter}]*`),
  start_chars_hint: [...words, ...latin.slice(0xc0), ...others],
});

/** `nn.Conv2d`: no name of the language has a dot. */
export const DottedName = createToken({
  name: "DottedName",
  pattern: /[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+/,
  start_chars_hint: words,
});

export const Name = createToken({
  name: "NAME",
  pattern: /[A-Za-z_][A-Za-z0-9_]*/,
  longer_alt: [ForeignName, DottedName],
  start_chars_hint: words,
});

export const Size = createToken({
  name: "SIZE",
  pattern: /\d+x\d+(?![A-Za-z0-9_]|\.\w)/,
  start_chars_hint: digits,
});

export const Numeral = createToken({
  name: "NUMBER",
  pattern: /\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?[KMG]?(?![A-Za-z0-9_]|\.\w)/,
  start_chars_hint: digits,
});

export const Text = createToken({
  name: "STRING",
  pattern: /"(?:[^"\\\n\r]|\\[^\n\r])*"/,
  start_chars_hint: ['"'],
});

// Words

function keyword(word: string): TokenType {
  const name = word.charAt(0).toUpperCase() + word.slice(1);
  return createToken({ name, pattern: word, label: `"${word}"`, longer_alt: [ForeignName, DottedName, Name] });
}

export const Network = keyword("network");
export const Block = keyword("block");
export const Fn = keyword("fn");
export const Import = keyword("import");
export const From = keyword("from");
export const Input = keyword("input");
export const Output = keyword("output");
export const Let = keyword("let");
export const In = keyword("in");
export const For = keyword("for");
export const Repeat = keyword("repeat");
export const As = keyword("as");
export const If = keyword("if");
export const Then = keyword("then");
export const Else = keyword("else");
export const Expect = keyword("expect");
export const Require = keyword("require");
export const Training = keyword("training");
export const And = keyword("and");
export const Or = keyword("or");
export const Not = keyword("not");
export const True = keyword("true");
export const False = keyword("false");

export const keywordTypes: readonly TokenType[] = [
  ...[Network, Block, Fn, Import, From, Input, Output, Let, In, For, Repeat, As],
  ...[If, Then, Else, Expect, Require, Training, And, Or, Not, True, False],
];

/** The reserved words. */
export const reservedWords: readonly string[] = keywordTypes.map((type) => type.PATTERN as string);

const keywords = new Set(keywordTypes.map((type) => type.name));

// Signs

function sign(name: string, pattern: string): TokenType {
  return createToken({ name, pattern, label: `"${pattern}"` });
}

export const Arrow = sign("Arrow", "->");
export const Dots = sign("Dots", "..");
export const Equal = sign("Equal", "==");
export const Unequal = sign("Unequal", "!=");
export const AtMost = sign("AtMost", "<=");
export const AtLeast = sign("AtLeast", ">=");
export const About = sign("About", "~=");
export const Below = sign("Below", "<");
export const Above = sign("Above", ">");
export const Assign = sign("Assign", "=");
export const Plus = sign("Plus", "+");
export const Minus = sign("Minus", "-");
export const Star = sign("Star", "*");
export const Slash = sign("Slash", "/");
export const Percent = sign("Percent", "%");
export const Caret = sign("Caret", "^");
export const LeftParen = sign("LeftParen", "(");
export const RightParen = sign("RightParen", ")");
export const LeftBracket = sign("LeftBracket", "[");
export const RightBracket = sign("RightBracket", "]");
export const LeftBrace = sign("LeftBrace", "{");
export const RightBrace = sign("RightBrace", "}");
export const Comma = sign("Comma", ",");
export const Colon = sign("Colon", ":");

const signs: readonly TokenType[] = [
  ...[Arrow, Dots, Equal, Unequal, AtMost, AtLeast, About, Below, Above, Assign],
  ...[Plus, Minus, Star, Slash, Percent, Caret],
  ...[LeftParen, RightParen, LeftBracket, RightBracket, LeftBrace, RightBrace, Comma, Colon],
];

// What is not of the grammar

const Space = createToken({
  name: "Space",
  pattern: /[ \t\r\n]+|^\uFEFF/,
  group: Lexer.SKIPPED,
  start_chars_hint: [..." \t\r\n\uFEFF"],
});

export const Comment = createToken({
  name: "Comment",
  pattern: /#[^\n\r]*/,
  group: "comments",
  start_chars_hint: ["#"],
});

// Mistakes: each becomes one message

/** `2relu`, `3xk`, `4k`, `.5`, `1.2.3`, `3X3`. */
export const BadNumber = createToken({
  name: "BadNumber",
  pattern: /\.?\d(?:[A-Za-z0-9_]|\.(?=\w))*/,
  start_chars_hint: [".", ...digits],
});

/** `3×3`. */
export const ForeignSize = createToken({
  name: "ForeignSize",
  pattern: /\d+ ?[×✕] ?\d+(?![A-Za-z0-9_])/,
  start_chars_hint: digits,
});

/** Runs to the end of its line. */
export const OpenText = createToken({
  name: "OpenText",
  pattern: /"(?:[^"\\\n\r]|\\[^\n\r])*\\?/,
  start_chars_hint: ['"'],
});

/** `'text'`, `“text”`. */
export const ForeignText = createToken({
  name: "ForeignText",
  pattern: /'[^'\n\r]*'|[“„«][^“”„«»\n\r]*[“”»]/,
  start_chars_hint: [..."'“„«"],
});

/** `/* … *\/` and `""" … """`; without an end, to the end of the file. */
export const ForeignComment = createToken({
  name: "ForeignComment",
  pattern: /\/\*[\s\S]*?(?:\*\/|$)|"""[\s\S]*?(?:"""|$)/,
  start_chars_hint: ["/", '"'],
});

export const ForeignOperator = createToken({
  name: "ForeignOperator",
  pattern: /\/\/|\*\*|&&?|\|\|?|===|!==|!(?!=)|:=|[-+*/]=(?!=)|=>|<>|[≤≥≠→×·÷−–²³]/,
  start_chars_hint: [..."/*&|=!:-+<≤≥≠→×·÷−–²³"],
});

/** A run of characters that mean nothing here. */
export const BadCharacters = createToken({
  name: "BadCharacters",
  pattern: new RegExp(`[^ \\t\\r\\n\\w"#()\\[\\]{},:=!<>~+\\-*/%^.&|≤≥≠→×·÷−–²³“„«'${letter}]+|[^]`),
  start_chars_hint: [...latin, ...others],
});

export const mistakes: readonly TokenType[] = [
  ...[BadNumber, ForeignSize, OpenText, ForeignText, ForeignComment],
  ...[ForeignOperator, ForeignName, DottedName, BadCharacters],
];

/**
 * In lexing order: the first that matches is taken, so what begins like another comes before it. The patterns of
 * the signs keep their places by length.
 */
export const vocabulary: readonly TokenType[] = [
  ...[Space, Comment, ForeignComment, ForeignOperator],
  ...signs,
  ...[ForeignSize, Size, Numeral, BadNumber],
  ...keywordTypes,
  ...[Name, DottedName, ForeignName],
  ...[Text, OpenText, ForeignText, BadCharacters],
];
