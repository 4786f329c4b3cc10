import fc from "fast-check";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { markLine } from "../../src/cli/mark-line.ts";
import { layOut } from "../../src/cli/visible-text.ts";

const paint = { primary: (text: string) => text, secondary: (text: string) => text };

/** What makes lines hard to lay out: of no column, of two, of as many as come to the next stop. */
const pieces = [
  "a",
  "conv(",
  "\t",
  "層",
  "👍",
  "👨‍👩‍👧",
  "🇫🇷",
  "e\u0301",
  "한",
  "\u0301",
  "שלום",
  "\u202e",
  "\u001b[31m",
  "\ud83d",
  "\u200b",
  " ",
  "\u0007",
  "ﬁ",
  "１",
];

const line = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 60 }).map((parts) => parts.join(""));
const width = fc.integer({ min: 12, max: 90 });

describe("a frame, whatever stands in the line", () => {
  test("is no wider than it may be, and marks what it says", () => {
    let seen = 0;
    fc.assert(
      fc.property(line, width, fc.boolean(), fc.nat(), fc.nat(), (text, columns, unicode, a, b) => {
        const [start = 0, end = 0] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y);
        const mark = { start, end, isPrimary: true, label: "" };
        const [code = "", marks = ""] = markLine(text, [mark], {
          ...paint,
          width: columns,
          labelWidth: columns,
          unicode,
        });
        expect(widthOnScreen(code)).toBeLessThanOrEqual(columns);
        expect(marks).toMatch(/^ *\^+$/);
        expect(marks.length).toBeLessThanOrEqual(columns + 1);
        const isWhole = !/^(?:…|\.\.\.)|(?:…|\.\.\.)$/.test(code);
        if (!isWhole) return;
        const cells = layOut(text, unicode);
        const marked = cells.filter(
          ({ offset }, index) => offset < end && (cells[index + 1]?.offset ?? text.length) > start,
        );
        const before = cells.filter(({ offset }) => offset < (marked[0]?.offset ?? start));
        const [left, under] = [before, marked].map((some) => widthOnScreen(some.map((cell) => cell.text).join("")));
        if (start === end || !under) return;
        expect(marks).toBe(" ".repeat(left ?? 0) + "^".repeat(under));
        seen++;
      }),
      { numRuns: 1000 },
    );
    expect(seen).toBeGreaterThan(100);
  });

  test("sends nothing to the terminal that moves the cursor, and nothing but ASCII where that is all it shows", () => {
    fc.assert(
      fc.property(line, width, (text, columns) => {
        const mark = { start: 0, end: text.length, isPrimary: true, label: "" };
        const style = { ...paint, width: columns, labelWidth: columns };
        expect(markLine(text, [mark], { ...style, unicode: true }).join("")).not.toMatch(/[\p{Cc}\u200b\u202e\p{Cs}]/u);
        expect(markLine(text, [mark], { ...style, unicode: false }).join("")).toMatch(/^[\x20-\x7e]*$/);
      }),
    );
  });
});

/** As a terminal that draws the parts of a grapheme over each other would show it. */
function widthOnScreen(text: string): number {
  const graphemes = [...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text)];
  return graphemes.reduce((sum, { segment }) => sum + Math.min(2, stringWidth(segment.replaceAll("\u200d", ""))), 0);
}

test("a label that would not end within its width goes below its mark, word by word", () => {
  const text = "dense(6, growth = 32) as l { Layer(48) }";
  const marks = [
    { start: 0, end: 5, isPrimary: true, label: "this block" },
    { start: 29, end: 38, isPrimary: false, label: "makes [N, 48, 56, 56] from 128 = 64 + 32·(3−1) channels" },
  ];
  const shown = (labelWidth: number) =>
    markLine(text, marks, { ...paint, width: 60, labelWidth, unicode: true }).slice(1);
  expect(shown(100)).toEqual([
    "^^^^^                        --------- makes [N, 48, 56, 56] from 128 = 64 + 32·(3−1) channels",
    "|",
    "this block",
  ]);
  expect(shown(60)).toEqual([
    "^^^^^                        ---------",
    "|                            |",
    "|                            makes [N, 48, 56, 56] from 128",
    "|                            = 64 + 32·(3−1) channels",
    "this block",
  ]);
  expect(shown(40)[0]).toMatch(/- makes .* channels$/);
});
