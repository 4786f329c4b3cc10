/**
 * The same words in ASCII, for terminals that show nothing else. Between backquotes stands code: a sign that the
 * language does not have is spelt out there, as `3\u{d7}3`, since `3x3` is what it should be.
 */
export function toAscii(text: string): string {
  if (isAscii.test(text)) return text;
  return text
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(foreign, spellOut))
    .replaceAll(superscripts, (digits) => `^${[...digits].map((one) => superscriptDigits.indexOf(one)).join("")}`)
    .replaceAll(beyond, (character) => replacements[character] ?? spellOut(character));
}

/** A character by its number; a control character that is shown as a picture, by its key. */
export function spellOut(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x2400 && code < 0x2420) return `^${String.fromCodePoint(code - 0x2400 + 0x40)}`;
  return code === 0x2421 ? "^?" : `\\u{${code.toString(16)}}`;
}

const isAscii = /^[\n\x20-\x7e]*$/;
const beyond = /[^\0-\x7f]/gu;
const superscriptDigits = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const superscripts = /[⁰¹²³⁴⁵⁶⁷⁸⁹]+/g;
const foreign = /[×÷≤≥≠–“”„‘’]/g;

const replacements: Readonly<Record<string, string>> = {
  "×": "x",
  "·": "*",
  "÷": "/",
  "−": "-",
  "–": "-",
  "—": "-",
  "±": "+-",
  "≤": "<=",
  "≥": ">=",
  "≠": "!=",
  "≈": "~",
  "→": "->",
  "…": "...",
  "⌊": "floor(",
  "⌋": ")",
  "⌈": "ceil(",
  "⌉": ")",
  "√": "sqrt ",
  "“": '"',
  "”": '"',
  "„": '"',
  "‘": "'",
  "’": "'",
  α: "alpha",
  β: "beta",
  γ: "gamma",
  θ: "theta",
  Σ: "sum",
};
