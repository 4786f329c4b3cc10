import { type Breakage, inArguments, keeping, wrong } from "./breakage.ts";

/** Expressions that are worth nothing, or nothing that fits. */
export const brokenValues: Readonly<Record<string, Breakage>> = {
  fraction: inArguments("not-whole", () => "7 / 2"),
  "text for a number": inArguments("wrong-type", () => '"3"'),
  "list for a number": inArguments("wrong-type", () => "[3]"),
  "truth for a number": inArguments("wrong-type", () => "1 < 2"),
  "number for a truth": keeping("wrong-type", () => `residual(when = ${wrong("1", "true")}) { relu }`),
  "sum of lists": inArguments("wrong-type", () => "len([1] + 3)", "len([1, 1] )+ 1"),
  none: inArguments("argument-range", () => "0"),
  "less than none": inArguments("argument-range", () => "-3"),
  "rate above 1": keeping("argument-range", () => `dropout(${wrong("3 / 2", "1 / 2")})`),
  "eps of 0": keeping("argument-range", () => `batchnorm(eps = ${wrong("0", "0.1")})`),
  "too large": inArguments("too-large", () => "2 ^ 40"),
  "division by zero": inArguments("division-by-zero", ({ shape }) => `3 / (channels - ${shape.c})`),
  "negative power of zero": inArguments("division-by-zero", () => "0 ^ -1"),
  "greatest of nothing": inArguments("empty-list", () => "max([])"),
  "item that is not there": inArguments("index-outside", () => "[3, 3][2]", "[3, 3][1]"),
  "slice that is not there": inArguments("slice-outside", () => "sum([3][0..2])", "sum([3][0..1])"),
  "names for items": keeping(
    "pattern-mismatch",
    () => `for ${wrong("[a, b] in [[1]]", "[a, b] in [[1, 2]]")} { scale(a + b) }`,
  ),
  "fewer than no rounds": keeping("negative-count", () => `repeat ${wrong("-1", "1")} { relu }`),
  "rounds over a number": keeping("wrong-type", () => `for x in ${wrong("3", "0..3")} { scale(x + 1) }`),
  "size of a size": keeping("size-needed", ({ shape }) => {
    return shape.h === null || typeof shape.h === "number" ? null : `repeat ${wrong("height", "1")} { relu }`;
  }),
  "label with a space": keeping("bad-label", () => `${wrong('"a b"', '"a_b{channels}"')}: relu`),
  "nearly another value": keeping(
    "nearly-literal",
    ({ shape }) => `expect channels ~= ${wrong("channels", `${shape.c}`)}`,
  ),
  "word for a padding": keeping("wrong-type", ({ shape }) =>
    shape.h === null ? null : `conv(3x3, ${shape.c}, pad = ${wrong('"same"', "same")})`,
  ),
  requirement: keeping(
    "require-failed",
    ({ shape }) => `require ${wrong(`channels == ${shape.c + 1}`, `channels == ${shape.c}`)}`,
  ),
  "contract of the shape": keeping("expect-failed", ({ shape }) => {
    return `expect ${wrong(`channels != ${shape.c}`, `channels == ${shape.c}`)}`;
  }),
  "contract of height": keeping("expect-failed", ({ shape }) => {
    return typeof shape.h !== "number" ? null : `expect ${wrong(`height == ${shape.h + 1}`, `height == ${shape.h}`)}`;
  }),
  "more than a number can be": inArguments("limit-bits", () => "2 ^ 20_000"),
  "nested too deep": inArguments("limit-nesting", () => `${"(".repeat(240)}3${")".repeat(240)}`),
};
