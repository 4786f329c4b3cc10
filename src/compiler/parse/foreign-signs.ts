import type { TokenType } from "chevrotain";
import * as t from "../../../grammar/tokens.ts";

/** What stands here for an operator of other languages. Type null: nothing, the operator is left out. */
export const foreignOperators: ReadonlyMap<string, { readonly instead: string; readonly type: TokenType | null }> =
  new Map([
    ["**", { instead: "^", type: t.Caret }],
    ["&&", { instead: "and", type: t.And }],
    ["&", { instead: "and", type: t.And }],
    ["||", { instead: "or", type: t.Or }],
    ["|", { instead: "or", type: t.Or }],
    ["!", { instead: "not", type: t.Not }],
    ["===", { instead: "==", type: t.Equal }],
    ["!==", { instead: "!=", type: t.Unequal }],
    ["<>", { instead: "!=", type: t.Unequal }],
    ["≠", { instead: "!=", type: t.Unequal }],
    ["≤", { instead: "<=", type: t.AtMost }],
    ["≥", { instead: ">=", type: t.AtLeast }],
    ["=>", { instead: "->", type: t.Arrow }],
    ["→", { instead: "->", type: t.Arrow }],
    [":=", { instead: "=", type: t.Assign }],
    ["+=", { instead: "=", type: t.Assign }],
    ["-=", { instead: "=", type: t.Assign }],
    ["*=", { instead: "=", type: t.Assign }],
    ["/=", { instead: "=", type: t.Assign }],
    ["×", { instead: "*", type: t.Star }],
    ["·", { instead: "*", type: t.Star }],
    ["÷", { instead: "/", type: t.Slash }],
    ["−", { instead: "-", type: t.Minus }],
    ["–", { instead: "-", type: t.Minus }],
    ["²", { instead: "^ 2", type: null }],
    ["³", { instead: "^ 3", type: null }],
  ]);

/** What to write in place of a word that begins with a digit but is no number. */
export function numberHelp(text: string): string {
  const unit = /^([\d_.]*\d)([kmg])$/.exec(text);
  if (unit) {
    const [, figure = "", letter = ""] = unit;
    return `for a product write \`${figure} * ${letter}\`, for ${units[letter]} \`${figure}${letter.toUpperCase()}\``;
  }
  const sides = /^(\d+)[xX](\w+)$/.exec(text);
  if (sides && /^\d+$/.test(sides[2] ?? "")) return `a size has a small x: \`${sides[1]}x${sides[2]}\``;
  if (sides && /^[A-Za-z_]\w*$/.test(sides[2] ?? "") && !/^\d*[xX]/.test(sides[2] ?? "")) {
    return `a size that is not two plain numbers is a list: \`[${sides[1]}, ${sides[2]}]\``;
  }
  if (/^\d+x\d/.test(text)) return "a size is two numbers, height x width: `3x3`";
  if (/^\.\d/.test(text)) return `write \`0${text}\``;
  if ((text.match(/\./g)?.length ?? 0) > 1) return "a number has one point";
  if (/^[\d_.]+$/.test(text)) return "`_` stands between two digits";
  const product = /^(\d+(?:\.\d+)?)([A-Za-z_]\w*)$/.exec(text);
  if (product) return `for a product write \`${product[1]} * ${product[2]}\``;
  return "a number is written like `12`, `0.5`, `1e-5`, `1_000` or `2.5M`";
}

const units: Readonly<Record<string, string>> = { k: "thousands", m: "millions", g: "billions" };

/** A run of characters in words, and what to do about it. */
export function characterHelp(run: string): { readonly characters: string; readonly help: string } {
  const first = [...run][0] ?? "";
  const code = `U+${(first.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
  const spaces = /^[\s\u200b-\u200f\u2060\ufeff]+$/u.test(run);
  if (spaces) return { characters: `the invisible character ${code}`, help: "replace it with a plain space" };
  if (/^[\p{C}]+$/u.test(run)) return { characters: `the control character ${code}`, help: "take it away" };
  return {
    characters: `\`${[...run].slice(0, 12).join("")}\``,
    help: [...run].length === 1 ? (habits[run] ?? "") : "",
  };
}

/** Single characters that other languages use. */
const habits: Readonly<Record<string, string>> = {
  ";": "statements need no mark between them: take it away",
  "?": "write `if c then a else b`",
  "@": "take it away",
  "\\": "a statement may go on in the next line without a mark: take it away",
  "~": "write `not`; approximately equal is `~=`",
  ".": "layers stand side by side: `conv(3x3, 64) relu`; a range is written `a..b`, a number like `0.5`",
  "“": 'texts stand between straight quotes: `"…"`',
  "„": 'texts stand between straight quotes: `"…"`',
  "'": 'texts stand between straight quotes: `"…"`',
};
