import { describe, expect, test } from "vitest";
import { shown } from "./parsing.ts";

const trees: readonly (readonly [text: string, tree: string])[] = [
  ["-2^2", "(- (^ 2 2))"],
  ["2^-1", "(^ 2 (- 1))"],
  ["2^3^2", "(^ 2 (^ 3 2))"],
  ["2^-3^2", "(^ 2 (- (^ 3 2)))"],
  ["--a", "(- (- a))"],
  ["-a[0]^2", "(- (^ (at a 0) 2))"],
  ["-a * b", "((- a) * b)"],
  ["a * -b", "(a * (- b))"],
  ["a - b - c", "(a - b - c)"],
  ["a - (b - c)", "(a - (b - c))"],
  ["(a - b) - c", "((a - b) - c)"],
  ["a + b * c ^ d", "(a + (b * (^ c d)))"],
  ["a * b / c % d", "(a * b / c % d)"],
  ["a..b+1", "(.. a (b + 1))"],
  ["a+1..b*2", "(.. (a + 1) (b * 2))"],
  ["s[a..b][0]", "(at (at s (.. a b)) 0)"],
  ["not a == b", "(not (a == b))"],
  ["not not a", "(not (not a))"],
  ["not a and b or c", "(or (and (not a) b) c)"],
  ["a or b and c or d", "(or a (and b c) d)"],
  ["a and not b", "(and a (not b))"],
  ["0 < theta <= 1", "(0 < theta <= 1)"],
  ["a == b != c ~= d", "(a == b != c ~= d)"],
  ["a + 1 == b * 2", "((a + 1) == (b * 2))"],
  ["0..n == m", "((.. 0 n) == m)"],
  ["if a then b else c + 1", "(if a b (c + 1))"],
  ["if a then b else if c then d else e", "(if a b (if c d e))"],
  ["let x = a in x + 1", "(let x a (x + 1))"],
  ["let x = let y = 1 in y in x", "(let x (let y 1 y) x)"],
  ["(if a then b else c) + 1", "((if a b c) + 1)"],
  ["f()", "f()"],
  ["f(a, b[1],)[2]", "(at f(a, (at b 1)) 2)"],
  ["[]", "[]"],
  ["[1, [2], 3x3,]", "[1, [2], 3x3]"],
  ["[x * 2 for x in 0..n]", "[(x * 2) for x in (.. 0 n)]"],
  ["[a for [a, b] in list]", "[a for a b in list]"],
  ["[if a then b else c for a in d]", "[(if a b c) for a in d]"],
  ["true", "true"],
  ["1x7", "1x7"],
  ['"a{b}"', '"a{b}"'],
  ['"\\"\\\\\\n\\t\\{\\}"', '"\\"\\\\\\n\\t{}"'],
];

describe("operators bind as the language says", () => {
  for (const [text, tree] of trees) test(text, () => expect(shown(text)).toBe(tree));
});

const numbers: readonly (readonly [text: string, value: string])[] = [
  ["1_000", "1000"],
  ["7_978_856", "7978856"],
  ["0.1", "0.1"],
  ["1.0", "1"],
  ["007", "7"],
  ["1e-5", "0.00001"],
  ["1E+3", "1000"],
  ["2.834G", "2834000000"],
  ["7.98M", "7980000"],
  ["16K", "16000"],
  ["1.5e-3K", "1.5"],
  ["0e99", "0"],
  ["0.5e1_0", "?"],
  ["9007199254740993", "9007199254740993"],
  ["0..n", "(.. 0 n)"],
  ["1.5..n", "(.. 1.5 n)"],
];

describe("numbers are exact", () => {
  for (const [text, value] of numbers) test(text, () => expect(shown(text).split("\n")[0]).toBe(value));
});

const mistakes: readonly (readonly [text: string, tree: string])[] = [
  ["", "?\n1:1 unexpected-end: expected an expression, but nothing follows"],
  ["1 +", "(1 + ?)\n1:4 unexpected-end: expected an expression after `+`, but nothing follows"],
  ["1 2", "1\n1:3 unexpected-token: expected the end of the expression, but found `2`"],
  ["a +* b", "(a + ?)\n1:4 unexpected-token: expected an expression after `+`, but found `*`"],
  ["(1 + 2", "(1 + 2)\n1:7 unclosed-bracket: expected `)`"],
  ["[1, 2)", "[1, 2]\n1:6 unexpected-token: expected `,` or `]`, but found `)`"],
  ["f(1, * , 3)", "f(1)\n1:6 unexpected-token: expected an expression or `)`, but found `*`"],
  ["1 + not a", "(1 + (not a))\n1:5 misplaced-not: `not` cannot follow `+`, which binds tighter"],
  ["2 ** 3", "(^ 2 3)\n1:3 foreign-operator: there is no operator `**`"],
  ["7 // 2", "(7 / 2)\n1:3 floor-division: there is no operator `//`"],
  ["3×3", "3x3\n1:1 foreign-operator: there is no operator `×`"],
  ["a ? b", "a\n1:3 bad-character: `?` means nothing here"],
];

describe("a wrong expression", () => {
  for (const [text, tree] of mistakes) test(JSON.stringify(text), () => expect(shown(text)).toBe(tree));
});
