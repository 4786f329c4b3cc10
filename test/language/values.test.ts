import { describe, expect, it } from "vitest";
import { holds, mistakesOf, worthOf } from "./checking.ts";

describe("numbers are exact", () => {
  it.each([
    "0.1 + 0.2 == 0.3",
    "floor(0.29 * 100) == 29",
    "1 / 3 + 1 / 3 + 1 / 3 == 1",
    "0.1 * 3 == 0.3",
    "1e-5 == 1 / 100_000",
    "1_000 == 1000",
    "2.834G == 2_834_000_000",
    "7.98M == 7_980_000",
    "16K == 16_000",
    "2 ^ 100 % 10 == 6",
    "9_007_199_254_740_993 - 9_007_199_254_740_992 == 1",
    "10 ^ 30 / 10 ^ 29 == 10",
    "7.50 == 7.5",
    "2e3K == 2M",
  ])("%s", (condition) => {
    expect(holds(condition)).toBe(true);
  });

  it("shows them as people write them", () => {
    expect(worthOf("36 / 5")).toBe("7.2");
    expect(worthOf("1 / 3")).toBe("1/3");
    expect(worthOf("-1 / 8")).toBe("-0.125");
    expect(worthOf("1e-9")).toBe("1e-9");
    expect(worthOf("6 / 3")).toBe("2");
  });
});

describe("operators", () => {
  it.each([
    ["2 + 3 * 4", "14"],
    ["(2 + 3) * 4", "20"],
    ["2 ^ 3 ^ 2", "512"],
    ["-2 ^ 2", "-4"],
    ["2 ^ -1", "0.5"],
    ["2 ^ -2 ^ 2", "0.0625"],
    ["0 ^ 0", "1"],
    ["10 - 4 - 3", "3"],
    ["24 / 4 / 2", "3"],
    ["- -3", "3"],
    ["1 + -2 * 3", "-5"],
    ["-1 % 3", "2"],
    ["1 % -3", "-2"],
    ["-7 % -3", "-1"],
    ["5.5 % 2", "1.5"],
    ["2 * 7 % 4", "2"],
    ["(-1) ^ 1_000_000_001", "-1"],
    ["1 ^ 1_000_000_000_000", "1"],
    ["0 ^ 1_000_000_000_000", "0"],
  ])("%s is %s", (expression, value) => {
    expect(worthOf(expression)).toBe(value);
  });

  it.each([
    "0 < 0.5 <= 1",
    "not (0 < 2 <= 1)",
    "3 > 2 > 1",
    "1 == 1 != 2",
    "not 1 == 2",
    "true or false and false",
    "not false and true",
    "1 + 1 == 2 and 2 * 2 == 4",
    "0..2 + 1 == [0, 1, 2]",
    "(if true then 1 else 2) + 1 == 2",
    "if false then 1 else 2 + 1 == 3",
    "(let x = 2 in x * x) == 4",
  ])("%s", (condition) => {
    expect(holds(condition)).toBe(true);
  });

  it("decides and, or and if by the first that settles it", () => {
    expect(holds("true or 1 / 0 == 1")).toBe(true);
    expect(holds("not (false and 1 / 0 == 1)")).toBe(true);
    expect(worthOf("if true then 1 else 1 / 0")).toBe("1");
  });

  it("wants truth values where it decides, and numbers where it counts", () => {
    expect(mistakesOf("1 and true")).toEqual(["wrong-type"]);
    expect(mistakesOf("not 1")).toEqual(["wrong-type"]);
    expect(mistakesOf("if 1 then 2 else 3")).toEqual(["wrong-type"]);
    expect(mistakesOf("true + 1")).toEqual(["wrong-type"]);
    expect(mistakesOf("[1] + 2")).toEqual(["wrong-type"]);
    expect(mistakesOf('"a" + 1')).toEqual(["wrong-type"]);
    expect(mistakesOf("-half")).toEqual(["wrong-type"]);
    expect(mistakesOf("[1] < [2]")).toEqual(["wrong-type"]);
    expect(mistakesOf("1 < true")).toEqual(["wrong-type"]);
    expect(mistakesOf("2 ^ 0.5")).toEqual(["not-whole"]);
  });

  it("says once what is wrong, not again where the result is used", () => {
    expect(mistakesOf("(1 / 0 + 2) * [1][3] ^ 2")).toEqual(["division-by-zero", "index-outside"]);
    expect(mistakesOf("y + 1", "let y = 1 / 0")).toEqual(["division-by-zero"]);
    expect(mistakesOf("1 % 0")).toEqual(["division-by-zero"]);
    expect(mistakesOf("0 ^ -1")).toEqual(["division-by-zero"]);
  });
});

describe("lists, ranges and sizes", () => {
  it.each([
    ["1x7", "[1, 7]"],
    ["3x3[0] + 3x3[1]", "6"],
    ["[1, 2, 3,]", "[1, 2, 3]"],
    ["[]", "[]"],
    ["[10, 20, 30][1]", "20"],
    ["[[1, 2], [3, 4]][1][0]", "3"],
    ["[10, 20, 30, 40][1..3]", "[20, 30]"],
    ["[10, 20][0..0]", "[]"],
    ["[10, 20][2..2]", "[]"],
    ["[2 * x for x in [1, 2]]", "[2, 4]"],
    ["[a + b for [a, b] in [[1, 2], [3, 4]]]", "[3, 7]"],
    ["[[i * j for j in 0..2] for i in 0..2]", "[[0, 0], [0, 1]]"],
    ["len(0..5)", "5"],
    ["len(5..0)", "0"],
    ["(2..5)[1]", "3"],
    ["(2..9)[1..3]", "[3, 4]"],
    ["reverse(0..3)", "[2, 1, 0]"],
    ["reverse([])", "[]"],
  ])("%s is %s", (expression, value) => {
    expect(worthOf(expression)).toBe(value);
  });

  it("compares lists item by item, and a range like the list of its numbers", () => {
    expect(holds("[1, 2] == [1, 4 / 2]")).toBe(true);
    expect(holds("0..2 == [0, 1]")).toBe(true);
    expect(holds("3x3 == [3, 3]")).toBe(true);
    expect(holds("[1] != [1, 2]")).toBe(true);
    expect(holds("3 != [3, 3]")).toBe(true);
    expect(holds('half == half and half != same and half != 1 and "a" == "a"')).toBe(true);
  });

  it("leaves no index out of bounds", () => {
    expect(mistakesOf("[1, 2][2]")).toEqual(["index-outside"]);
    expect(mistakesOf("[1, 2][-1]")).toEqual(["index-outside"]);
    expect(mistakesOf("[1, 2][0.5]")).toEqual(["not-whole"]);
    expect(mistakesOf("[1, 2][0..3]")).toEqual(["slice-outside"]);
    expect(mistakesOf("[1, 2][2..1]")).toEqual(["slice-outside"]);
    expect(mistakesOf("3[0]")).toEqual(["wrong-type"]);
    expect(mistakesOf("0..1.5")).toEqual(["not-whole"]);
    expect(mistakesOf("[a for [a, b] in [[1, 2, 3]]]")).toEqual(["pattern-mismatch"]);
    expect(mistakesOf("[a for [a, b] in [1]]")).toEqual(["wrong-type"]);
    expect(mistakesOf("[a for a in 3]")).toEqual(["wrong-type"]);
    expect(mistakesOf("[a for [a, a] in [[1, 2]]]")).toEqual(["duplicate-name"]);
  });
});

describe("functions of the language", () => {
  it.each([
    ["floor(-0.5)", "-1"],
    ["ceil(-0.5)", "0"],
    ["round(2.5)", "3"],
    ["round(-2.5)", "-2"],
    ["round(2.4)", "2"],
    ["abs(-1 / 3)", "1/3"],
    ["sum([1, 0.5, 2])", "3.5"],
    ["sum([])", "0"],
    ["sum(0..5)", "10"],
    ["min(3, 1, 2)", "1"],
    ["min([3, 1, 2])", "1"],
    ["max(1 / 3, 0.3)", "1/3"],
    ["max(5)", "5"],
    ["len([1, [2, 3]])", "2"],
  ])("%s is %s", (expression, value) => {
    expect(worthOf(expression)).toBe(value);
  });

  it("checks what it gives them", () => {
    expect(mistakesOf("floor()")).toEqual(["wrong-arity"]);
    expect(mistakesOf("floor(1, 2)")).toEqual(["wrong-arity"]);
    expect(mistakesOf("max()")).toEqual(["wrong-arity"]);
    expect(mistakesOf("max([])")).toEqual(["empty-list"]);
    expect(mistakesOf("len(3)")).toEqual(["wrong-type"]);
    expect(mistakesOf("sum([[1]])")).toEqual(["wrong-type"]);
    expect(mistakesOf("max(1, true)")).toEqual(["wrong-type"]);
    expect(mistakesOf("flor(1)")).toEqual(["unknown-function"]);
    expect(mistakesOf("floor")).toEqual(["function-as-value"]);
  });
});

describe("~= holds within half a unit of the last digit", () => {
  it.each([
    "2.8342G ~= 2.834G",
    "not (2.8346G ~= 2.834G)",
    "2_834_500_000 ~= 2.834G",
    "not (2_834_500_001 ~= 2.834G)",
    "2_833_500_000 ~= 2.834G",
    "not (2_833_499_999 ~= 2.834G)",
    "1499 ~= 1K",
    "not (1501 ~= 1K)",
    "3.14159 ~= 3.14",
    "7 ~= 7",
    "not (8 ~= 7)",
    "-0.52 ~= -0.5",
    "0.000012 ~= 1e-5",
    "7_978_856 ~= 7.98M",
  ])("%s", (condition) => {
    expect(holds(condition)).toBe(true);
  });

  it("takes its right side as written", () => {
    expect(mistakesOf("1 ~= 1 + 1")).toEqual(["nearly-literal"]);
    expect(mistakesOf("1 ~= y", "let y = 1")).toEqual(["nearly-literal"]);
    expect(mistakesOf("true ~= 1")).toEqual(["wrong-type"]);
  });
});
