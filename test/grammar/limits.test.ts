import { describe, expect, test } from "vitest";
import { LimitExceeded, type LimitName, type Limits } from "../../src/compiler/limits.ts";
import { deep } from "../deep.ts";
import { parsed } from "./parsing.ts";

/** The limit is 256 KiB; a quarter of it shows as well what grows faster than the text. */
const size = (deep ? 256 : 64) * 1024;

/** The limit that a text exceeds and where; null where it exceeds none. */
function exceeded(text: string, limits: Partial<Limits> = {}): { limit: LimitName; start: number } | null {
  try {
    parsed(text, limits);
    return null;
  } catch (error) {
    if (!(error instanceof LimitExceeded)) throw error;
    return { limit: error.limit, start: error.span?.start ?? -1 };
  }
}

function filled(part: string, before = "", after = ""): string {
  return before + part.repeat(Math.floor((size - before.length - after.length) / part.length)) + after;
}

describe("each limit is told by name, at its place", () => {
  test("bytes are those of UTF-8", () => {
    expect(exceeded("#aé😀", { bytes: 8 })).toBeNull();
    expect(exceeded("#aé😀", { bytes: 7 })).toEqual({ limit: "bytes", start: 0 });
    expect(exceeded("#€", { bytes: 3 })).toEqual({ limit: "bytes", start: 0 });
  });

  test("tokens", () => {
    expect(exceeded("let a = 1", { tokens: 4 })).toBeNull();
    expect(exceeded("let a = 1", { tokens: 3 })).toEqual({ limit: "tokens", start: 8 });
  });

  test("bits, before the number is computed", () => {
    expect(exceeded("let a = 1e999999999")).toEqual({ limit: "bits", start: 8 });
    expect(exceeded("let a = 1e-999999999")).toEqual({ limit: "bits", start: 8 });
    expect(exceeded(`let a = ${"9".repeat(5000)}`)).toEqual({ limit: "bits", start: 8 });
    expect(exceeded(`let a = 3x${"9".repeat(5000)}`)).toEqual({ limit: "bits", start: 8 });
    expect(exceeded("let a = 1e2000")).toBeNull();
  });

  test("messages", () => {
    expect(parsed("let = 1\n".repeat(50), { messages: 7 }).diagnostics).toHaveLength(7);
    expect(parsed("@ ".repeat(500)).diagnostics).toHaveLength(100);
    expect(parsed("let x = *\n".repeat(500)).diagnostics).toHaveLength(100);
    expect(parsed('let x = "\\q"\n'.repeat(500)).diagnostics).toHaveLength(100);
  });
});

/** For each construct that nests: n levels of it. The expression around them is a level of its own. */
const nests: Readonly<Record<string, (n: number) => string>> = {
  parentheses: (n) => `let x = ${"(".repeat(n)}1${")".repeat(n)}`,
  lists: (n) => `let x = ${"[".repeat(n)}1${"]".repeat(n)}`,
  calls: (n) => `let x = ${"f(".repeat(n)}1${")".repeat(n)}`,
  "minus signs": (n) => `let x = ${"- ".repeat(n)}1`,
  nots: (n) => `let x = ${"not ".repeat(n)}a`,
  powers: (n) => `let x = ${"2^".repeat(n)}2`,
  indices: (n) => `let x = a${"[0]".repeat(n)}`,
  "nested indices": (n) => `let x = ${"a[".repeat(n)}0${"]".repeat(n)}`,
  choices: (n) => `let x = ${"if a then b else ".repeat(n)}c`,
  conditions: (n) => `let x = ${"if ".repeat(n)}a${" then b else c".repeat(n)}`,
  lets: (n) => `let x = ${"let a = 1 in ".repeat(n)}a`,
  "values of lets": (n) => `let x = ${"let a = ".repeat(n)}1${" in a".repeat(n)}`,
  bodies: (n) => `network A ${"{ residual ".repeat(n)}${"}".repeat(n)}`,
  scopes: (n) => `network A ${"{ a: ".repeat(n)}relu${"}".repeat(n)}`,
  loops: (n) => `network A ${"{ repeat 2 ".repeat(n)}{ }${"}".repeat(n)}`,
};

describe("nesting", () => {
  for (const [name, nest] of Object.entries(nests)) {
    test(`195 ${name} are no trouble, 205 are too many, and a file full of them does not overflow the stack`, () => {
      expect(exceeded(nest(195))).toBeNull();
      expect(exceeded(nest(205))?.limit).toBe("nesting");
      expect(exceeded(nest(20_000), { bytes: 1e9, tokens: 1e9 })?.limit).toBe("nesting");
    });
  }

  test("inside a label counts from where the label stands", () => {
    const at = (n: number) =>
      `network A ${"{ a: ".repeat(100)}{ "${`{${"(".repeat(n)}1${")".repeat(n)}}`}": relu }${"}".repeat(100)}`;
    expect(exceeded(at(90))).toBeNull();
    expect(exceeded(at(105))?.limit).toBe("nesting");
  });

  test("what only stands side by side does not count", () => {
    expect(exceeded(`let x = 1${" + 1".repeat(5000)}`)).toBeNull();
    expect(exceeded(`let x = -a${" + -a".repeat(5000)}`)).toBeNull();
    expect(exceeded(`let x = a[0]${" + a[0]^2".repeat(2000)}`)).toBeNull();
    expect(exceeded(`network A { if a { } ${"else if a { } ".repeat(5000)}}`)).toBeNull();
    expect(exceeded(`network A { ${"let a = if b then c else d ".repeat(2000)}}`)).toBeNull();
  });
});

/** Texts as large as may be, each made to be slow. */
const slow: Readonly<Record<string, string>> = {
  "open brackets": filled("(", "let x = "),
  "mixed brackets": filled("([{"),
  "wrong brackets": filled("(]", "let x = "),
  braces: filled("{", "network A "),
  "bodies of loops": filled("for x in y {", "network A {"),
  "minus signs": filled("- ", "let x = "),
  choices: filled("if a then b else ", "let x = "),
  "let let": filled("let let = "),
  "let let, by line": filled("let let = 3\n"),
  "let without a value": filled("let x = \n"),
  lets: filled("let x=1 "),
  layers: filled("relu ", "network A {", "}"),
  items: filled("1,", "let x = [", "]"),
  labels: filled('"{i}": relu ', "network A {", "}"),
  "wrong labels": filled('"{": relu\n', "network A {", "}"),
  "open calls": filled("a(b c\n", "network A {", "}"),
  "wrong calls": filled("a(b c) ", "network A {", "}"),
  "closing braces": filled("} "),
  "nested declarations": filled("\nblock A { ", "network A {", "}"),
  "slash comments": filled("// a\n"),
  "slashes between": filled("a // ", "let x = "),
  "open comments": filled("/*"),
  quotes: filled('"\n'),
  "one open text": filled("a", '"'),
  "one text": filled("a", 'network A { "', '": relu }'),
  "escapes in a text": filled("\\n", 'let x = "', '"'),
  python: filled("def f(x):\n"),
  "bad characters": filled("$ "),
  "one run of them": filled("$"),
  digits: filled("1"),
  "grouped digits": filled("_1", "1", "x"),
  name: filled("a"),
  "dotted name": filled("a.", "", "b"),
  documentation: filled("##\n", "", "let x = 1"),
  "blank before a declaration": filled(" ", "", "let x = 1"),
};

describe(`any text of ${size / 1024} KiB ends soon`, () => {
  for (const [name, text] of Object.entries(slow)) {
    test(name, () => {
      const start = performance.now();
      exceeded(text);
      exceeded(text, { tokens: 1e9, bytes: 1e9 });
      // Some 0.2 s each on a small machine; the bound only tells what grows faster than the text.
      expect(performance.now() - start).toBeLessThan(15_000);
    });
  }
});
