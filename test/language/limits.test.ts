import { describe, expect, it } from "vitest";
import { defaultLimits, type LimitName, type Limits } from "../../src/compiler/limits.ts";
import { compileText } from "../compiling.ts";
import { deep } from "../deep.ts";
import { around, codesIn } from "./checking.ts";

const lowered = (limits: Partial<Limits>): { limits: Limits } => ({ limits: { ...defaultLimits, ...limits } });

/** A small program that needs a little more than `most`, and is clean with what `enough` gives. */
interface Bound {
  readonly text: string;
  readonly most: number;
  readonly enough: number;
}

const nested = `network Net { input image[3, 8, 8] conv(1x1, ${"(".repeat(20)}4${")".repeat(20)}) }`;
const calls = "fn a(x) = b(x)\nfn b(x) = c(x)\nfn c(x) = x\nnetwork Net { input image[3, 8, 8] conv(1x1, a(4)) }";

const bounds: Readonly<Record<Exclude<LimitName, "messages">, Bound>> = {
  bytes: { text: `${around("relu")}# é`, most: around("relu").length + 3, enough: around("relu").length + 4 },
  tokens: { text: around("relu relu"), most: 14, enough: 15 },
  nesting: { text: nested, most: 20, enough: 30 },
  ops: { text: around("repeat 5 { relu }"), most: 4, enough: 5 },
  bits: { text: around("conv(1x1, 2 ^ 70 / 2 ^ 68)"), most: 64, enough: 80 },
  fuel: { text: around("repeat 1000 { } relu"), most: 1000, enough: 10_000 },
};

describe("each limit", () => {
  it.each(Object.entries(bounds))(
    "%s is told by name, and is no lower than it says",
    (name, { text, most, enough }) => {
      const { architectures, diagnostics } = compileText(text, lowered({ [name]: most }));
      expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([[`limit-${name}`, "error"]]);
      expect(diagnostics[0]?.message).toContain(String(most));
      expect(architectures).toEqual([]);
      expect(codesIn(text, lowered({ [name]: enough }))).toEqual([]);
    },
  );

  it("nesting holds for calls and blocks too", () => {
    expect(codesIn(calls, lowered({ nesting: 8 }))).toEqual([]);
    const chain = Array.from({ length: 30 }, (_, i) => `fn f${i}(x) = ${i === 0 ? "x" : `f${i - 1}(x)`}`).join("\n");
    expect(codesIn(`${chain}\n${around("conv(1x1, f29(3))")}`, lowered({ nesting: 20 }))).toEqual(["limit-nesting"]);
    const blocks = Array.from({ length: 30 }, (_, i) => `block B${i} { ${i === 0 ? "relu" : `B${i - 1}`} }`).join("\n");
    expect(codesIn(`${blocks}\n${around("B29")}`, lowered({ nesting: 20 }))).toEqual(["limit-nesting"]);
  });

  it("messages ends the list after so many, from each phase", () => {
    const unknown = around(Array.from({ length: 20 }, (_, i) => `foo${i}`).join(" "));
    expect(codesIn(unknown, lowered({ messages: 5 }))).toEqual([...Array(5).fill("unknown-layer"), "limit-messages"]);
    const wrong = around("conv(1x1, 4, groups = 3) ".repeat(20));
    expect(codesIn(wrong, lowered({ messages: 5 }))).toEqual([...Array(5).fill("groups-mismatch"), "limit-messages"]);
    const syntax = around(Array.from({ length: 20 }, () => "let = 3").join("\n"));
    const shown = codesIn(syntax, lowered({ messages: 5 }));
    expect(shown).toHaveLength(6);
    expect(shown).toContain("limit-messages");
    expect(codesIn(unknown, lowered({ messages: 20 }))).toHaveLength(20);
  });

  it("keeps what was found before it", () => {
    expect(codesIn(around("conv(1x1, 4, groups = 2) repeat 100 { relu }"), lowered({ ops: 10 }))).toEqual([
      "groups-mismatch",
      "limit-ops",
    ]);
  });
});

const many = <T>(count: number, make: (i: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const lines = (count: number, make: (i: number) => string) => many(count, make).join("\n");

/** Programs within the default limits of bytes and tokens that would run, or grow, without end. */
const bombs: readonly (readonly [what: string, text: string, codes: readonly string[]])[] = [
  ["a hundred thousand layers and one", around("repeat 100_001 { relu }"), ["limit-ops"]],
  [
    "blocks that double",
    `${lines(40, (i) => `block B${i} { ${i === 0 ? "relu" : `B${i - 1} B${i - 1}`} }`)}\n${around("B39")}`,
    ["limit-fuel"],
  ],
  [
    "empty blocks that double",
    `${lines(40, (i) => `block B${i} { ${i === 0 ? "" : `B${i - 1} B${i - 1}`} }`)}\n${around("B39 relu")}`,
    ["limit-fuel"],
  ],
  [
    "contracts in blocks that double",
    `${lines(30, (i) => `block B${i} { expect depth >= 0 ${i === 0 ? "relu" : `B${i - 1} B${i - 1}`} }`)}\n${around("B29")}`,
    ["limit-fuel"],
  ],
  [
    "functions that double",
    `${lines(60, (i) => `fn f${i}(x) = ${i === 0 ? "x" : `f${i - 1}(x) + f${i - 1}(x)`}`)}\n${around("conv(1x1, f59(1))")}`,
    ["limit-fuel"],
  ],
  ["an endless loop", around("repeat 10_000_000_000 { } relu"), ["limit-fuel"]],
  ["a loop over an endless range", around("for i in 0..10_000_000_000 { } relu"), ["limit-fuel"]],
  ["a tower of powers", around("conv(1x1, 2 ^ 2 ^ 2 ^ 2 ^ 2 ^ 2)"), ["limit-bits"]],
  ["a power that is nearly nothing", around("conv(1x1, 2 ^ -(2 ^ 2 ^ 2 ^ 2))"), ["limit-bits"]],
  ["a literal of a million digits", around("conv(1x1, 1e1_000_000)".replaceAll("_", "")), ["limit-bits"]],
  ["fractions that grow", around("conv(1x1, sum([1 / n for n in 1..100_000]))"), ["limit-fuel"]],
  [
    "comprehensions in comprehensions",
    around("conv(1x1, sum([sum([sum([1 for c in 0..1000]) for b in 0..1000]) for a in 0..1000]))"),
    ["limit-fuel"],
  ],
  ["a long list", around("conv(1x1, len([0 for i in 0..1_000_000_000]))"), ["limit-fuel"]],
  ["a long list turned round", around("conv(1x1, reverse(0..1_000_000_000)[0])"), ["limit-fuel"]],
  [
    "lists of lists that double, compared",
    `let a0 = [0, 0]\n${lines(60, (i) => `let a${i + 1} = [a${i}, a${i}]`)}\n${around("if a60 == a60 { relu }")}`,
    ["limit-fuel"],
  ],
  [
    "a parameter of lists that double",
    `let a0 = [0, 0]\n${lines(60, (i) => `let a${i + 1} = [a${i}, a${i}]`)}\nnetwork Net(x = a60) { input image[3, 8, 8] relu }`,
    ["limit-fuel"],
  ],
  [
    "5,000 functions in a row",
    `${lines(4_000, (i) => `fn f${i}(x)=${i === 0 ? "x" : `f${i - 1}(x)`}`)}\n${around("conv(1x1, f3999(3))")}`,
    ["limit-nesting"],
  ],
  [
    "5,000 values in a row",
    `${lines(5_000, (i) => `let a${i} = ${i === 0 ? "1" : `a${i - 1}`}`)}\n${around("conv(1x1, a4999)")}`,
    ["limit-nesting"],
  ],
  [
    "2,000 variants of one another",
    `${around("relu")}${lines(2_000, (i) => `network V${i} = ${i === 0 ? "Net" : `V${i - 1}`}`)}`,
    ["limit-nesting"],
  ],
  ["contracts, again and again", around("repeat 1_000_000 as i { expect macs >= i } relu"), ["limit-fuel"]],
  [
    "5,000 blocks in a row",
    `${lines(5_000, (i) => `block B${i} { ${i === 0 ? "relu" : `B${i - 1}`} }`)}\n${around("B4999")}`,
    ["limit-nesting"],
  ],
  ["a power of a sum of sizes", around("conv(1x1, 8) if ((H + W) ^ 20) ^ 20 > 0 { relu }", "3, H, W"), ["limit-fuel"]],
  [
    "comparisons of long polynomials",
    around(
      lines(50, (i) => `if (H + W + ${i}) ^ 30 > (H - W) ^ 30 or true { relu }`),
      "3, H, W",
    ),
    ["limit-fuel"],
  ],
  [
    "sizes that are floors of floors",
    around("conv(1x1, 8) repeat 300 { conv(3x3, 8, stride = 3) upsample(2) }", "3, H, W"),
    ["limit-fuel"],
  ],
  ["many layers of symbolic size", around("repeat 100_000 { conv(3x3, 3) }", "3, H, W"), ["limit-fuel"]],
  ["sizes beyond all numbers", around("repeat 100_000 { upsample(2_000_000_000) }", "3, H, W"), ["limit-bits"]],
  ["layers that all store", around("repeat 900_000 { batchnorm }"), ["limit-fuel"]],
  [
    "labels that grow",
    `${lines(190, (i) => `block B${i} { "${"x".repeat(190)}": ${i === 0 ? "C" : `B${i - 1}`} }`)}\nblock C { repeat 100_000 { conv(1x1, 3) } }\n${around("B189")}`,
    ["limit-fuel"],
  ],
  ["labels of many parts", around(`repeat 99_999 as i { "l{i}.${"a.".repeat(90)}b": relu }`), ["limit-fuel"]],
  ["one label, again and again", around("repeat 99_999 { repeat 20 { x: { } } x: relu }"), ["limit-fuel"]],
  ["one tensor, again and again", around("repeat 500_000 { x: conv(1x1, 3) }"), ["duplicate-tensor", "limit-fuel"]],
  [
    "values in a body, again and again",
    around(`let k = 1 repeat 400 { ${many(8000, (i) => `let a${i} = k`).join(" ")} } relu`),
    ["limit-fuel"],
  ],
  [
    "long fractions, compared",
    around("let a = 3 ^ 6000 / 7 ^ 100 let b = a + 1 repeat 1_000_000 { if a == b { } } relu"),
    ["limit-fuel"],
  ],
  [
    "the remainder of long numbers",
    around("let a = 3 ^ 6000 repeat 1_000_000 { let _b = a % 7 } relu"),
    ["limit-fuel"],
  ],
  [
    "the greatest of long fractions",
    around("let l = [i + 3 ^ 6000 / 7 ^ 100 for i in 0..100] repeat 100_000 { let _b = max(l) } relu"),
    ["limit-fuel"],
  ],
  [
    "long fractions, rounded",
    around("let a = 3 ^ 6000 / 7 ^ 100 repeat 1_000_000 { let _b = round(a) } relu"),
    ["limit-fuel"],
  ],
  [
    "a long fraction where a whole number is wanted, again and again",
    around("let a = 3 ^ 6000 / 2 ^ 9000 repeat 1_000_000 { conv(1x1, a) } relu"),
    ["not-whole", "limit-fuel"],
  ],
  [
    "a mistake in a loop",
    around("repeat 1_000_000 { conv(1x1, 4, groups = 3) } relu"),
    ["limit-fuel", "groups-mismatch"],
  ],
  [
    "long labels that are none",
    around('let a = 3 ^ 6000 repeat 1_000_000 { "a{a}": relu }'),
    ["bad-label", "limit-fuel"],
  ],
  [
    "floors of symbolic sizes",
    around("repeat 100_000 { let _a = floor((H * W + floor(H / 7)) / 5) } relu", "3, H, W"),
    ["limit-fuel"],
  ],
  [
    "long texts, compared",
    around(`repeat 1_000_000 { if "${"a".repeat(100_000)}" == "${"a".repeat(99_999)}b" { } } relu`),
    ["limit-fuel"],
  ],
  ["joins of joins", around(`-> t repeat 10_000 { concat(${"t, ".repeat(10_000)}) from t } relu`), ["limit-fuel"]],
  ["a dense block of slices", around("dense(333_000) { slice(0..1) }"), ["limit-ops"]],
  ["50,001 tokens", around("relu ".repeat(50_000)), ["limit-tokens"]],
  ["a comment of 300,000 bytes", "#".repeat(300_000), ["limit-bytes"]],
  ["brackets without end", around(`conv(1x1, ${"(".repeat(10_000)}4`), ["limit-nesting"]],
  [
    "braces times blocks",
    `${lines(150, (i) => `block B${i} { ${"if true { ".repeat(40)} ${i === 0 ? "relu" : `B${i - 1}`} ${" }".repeat(40)} }`)}\n${around("B149")}`,
    ["limit-nesting"],
  ],
  ["a label of 100,000 letters", around(`"${"a".repeat(100_000)}": relu`), ["bad-label"]],
  ["names that are nearly others", around(`conv(1x1, 3, ${"groups".repeat(20_000)} = 3)`), ["unknown-argument"]],
];

describe("what would not end, or not fit, ends with a message", () => {
  // What runs out of fuel runs out of a twentieth of it too, twenty times sooner.
  const scarce = lowered({ fuel: defaultLimits.fuel / 20 });
  it.each(bombs)("%s", { timeout: 60_000 }, (_, text, codes) => {
    // Where in a loop the fuel ends decides which of two messages stands first.
    const found = codesIn(text, deep || !codes.includes("limit-fuel") ? {} : scarce);
    expect([...found].sort()).toEqual([...codes].sort());
  });
});

/** Large, and good. */
const large: readonly (readonly [what: string, text: string])[] = [
  ["99,999 layers", around("repeat 99_999 { relu }")],
  ["a sum of 20,000 terms", around(`conv(1x1, ${"1 + ".repeat(20_000)}1)`)],
  ["a chain of 20,000 comparisons", around(`if ${"1 <= ".repeat(20_000)}1 { relu }`)],
  ["a list of 20,000 items", around(`conv(1x1, len([${"1, ".repeat(20_000)}]))`)],
  ["2 million items", around("conv(1x1, len([0 for i in 0..2_000_000]) - 1_999_999)")],
  ["a join of 100,000 branches", around("concat { repeat 100_000 { branch { } } }")],
  ["a dense block of 10,000 layers", around("dense(10_000, 4)")],
  ["a loop of 190 braces", around(`${"if true { ".repeat(190)}relu${" }".repeat(190)}`)],
  ["(H + W) ^ 30", around("conv(1x1, 8) expect (H + W) ^ 30 > 0", "3, H, W")],
  ["a polynomial of 5,000 layers", around("repeat 2500 { conv(3x3, 3, stride = 3) upsample(3) }", "3, H, W")],
  ["2,000 variants", `${around("repeat 10 { relu }")}${lines(2_000, (i) => `network V${i} = Net`)}`],
];

describe("large programs within the limits compile", () => {
  it.each(large)("%s", { timeout: 60_000 }, (_, text) => {
    expect(codesIn(text)).toEqual([]);
  });
});
