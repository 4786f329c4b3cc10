import { describe, expect, it } from "vitest";
import { compile } from "../../src/compiler/compile.ts";
import { defaultLimits } from "../../src/compiler/limits.ts";
import { compileText } from "../compiling.ts";
import { codes, codesIn, lastShape, mistakesOf, networkIn, outputOf, worthOf } from "./checking.ts";

describe("blocks", () => {
  it("take what has no default by position or name, the rest by name", () => {
    const head = "block B(a, b, c = 1) { conv(a, b, stride = c) }";
    expect(outputOf("B(3, 4)", "3, 8, 8", head)).toBe("[N, 4, 8, 8]");
    expect(outputOf("B(b = 4, a = 3, c = 2)", "3, 8, 8", head)).toBe("[N, 4, 4, 4]");
    expect(outputOf("B(3, b = 4)", "3, 8, 8", head)).toBe("[N, 4, 8, 8]");
    expect(codes("B(3, 4, 2)", "3, 8, 8", head)).toEqual(["argument-needs-name"]);
    expect(codes("B(3)", "3, 8, 8", head)).toEqual(["missing-argument"]);
    expect(codes("B", "3, 8, 8", head)).toEqual(["missing-argument"]);
    expect(codes("B(3, 4, a = 3)", "3, 8, 8", head)).toEqual(["duplicate-argument"]);
    expect(codes("B(3, 4, d = 3)", "3, 8, 8", head)).toEqual(["unknown-argument"]);
    expect(codes("B(3, 4) { relu }", "3, 8, 8", head)).toEqual(["body-unexpected"]);
  });

  it("have defaults from the parameters before and from the tensor that enters", () => {
    const head = "block B(k, twice = 2 * k, out = twice + channels) { conv(1x1, out) }";
    expect(outputOf("B(4)", "3, 8, 8", head)).toBe("[N, 11, 8, 8]");
    expect(outputOf("B(4, twice = 1)", "3, 8, 8", head)).toBe("[N, 4, 8, 8]");
    expect(codes("B", "3, 8, 8", "block B(a = b, b = 1) { relu }")).toEqual(["unknown-name"]);
    expect(codesIn("block B(a, a) { relu }")).toEqual(["duplicate-name"]);
  });

  it("may be used by blocks before and after them, and used many times", () => {
    const head = "block A { B B }\nblock B { conv(3x3, channels + 1) }";
    expect(outputOf("A A", "3, 8, 8", head)).toBe("[N, 7, 8, 8]");
  });

  it("take paddings and lists as arguments", () => {
    const head = "block B(kernel, pad = half) { conv(kernel, 4, stride = 2, pad = pad) }";
    expect(outputOf("B(3)", "3, 9, 9", head)).toBe("[N, 4, 5, 5]");
    expect(outputOf("B(1x3, pad = same)", "3, 9, 9", head)).toBe("[N, 4, 5, 5]");
    expect(outputOf("B(3, pad = 0)", "3, 9, 9", head)).toBe("[N, 4, 4, 4]");
  });

  it("have no input and need no tensor of the outside", () => {
    expect(codes("B", "3, 8, 8", "block B { input x[3, 8, 8] relu }")).toEqual(["input-misplaced"]);
  });
});

describe("functions and values", () => {
  it("compute", () => {
    expect(worthOf("divisible(36)", "fn divisible(c) = max(8, floor((c + 4) / 8) * 8)")).toBe("40");
    expect(worthOf("f(g(2), k)", "fn f(a, b) = a - b\nfn g(x) = x ^ 2\nlet k = 1")).toBe("3");
    expect(worthOf("f()", "fn f() = [1, 2]")).toBe("[1, 2]");
  });

  it("want as many arguments as they declare", () => {
    expect(mistakesOf("f(1)", "fn f(a, b) = a")).toEqual(["wrong-arity"]);
    expect(mistakesOf("k(1)", "let k = 1")).toEqual(["not-a-function"]);
    expect(mistakesOf("f", "fn f(a) = a")).toEqual(["function-as-value"]);
    expect(codesIn("fn f(a, a) = a")).toEqual(["duplicate-name"]);
  });

  it("are checked even where nothing uses them", () => {
    expect(codesIn("fn f(a) = b")).toEqual(["unknown-name"]);
    expect(codesIn("block B { rellu }")).toEqual(["unknown-layer"]);
  });

  it("may be called like a function of the language, which they hide", () => {
    expect(worthOf("floor(3.7)", "fn floor(x) = x * 2")).toBe("7.4");
  });
});

describe("every program ends", () => {
  const cases: readonly (readonly [what: string, text: string])[] = [
    ["a function", "fn f(x) = if x == 0 then 0 else f(x - 1)"],
    ["two functions", "fn f(x) = g(x)\nfn g(x) = f(x)"],
    ["values", "let a = b\nlet b = a"],
    ["a value and a function", "let a = f(1)\nfn f(x) = a + x"],
    ["a block", "block B { relu B }"],
    ["blocks in a branch never taken", "block A { if false { B } }\nblock B { A }"],
    ["a block in a default", "fn f(x) = k\nlet k = f(1)\nblock B(n = k) { relu }"],
    ["a variant", "network A = A"],
    ["variants", "network A = B\nnetwork B = A"],
  ];
  it.each(cases)("%s that uses itself is shown with the cycle", (_, text) => {
    const { diagnostics } = compileText(text);
    expect(diagnostics.map(({ code }) => code)).toEqual(["recursion"]);
    expect(diagnostics[0]?.message).toMatch(/^`(\w+)` uses itself: (\w+ → )+\1$/);
  });
});

describe("networks and variants", () => {
  const base = "network Net(k, m = 2 * k) { input image[3, 8, 8] conv(1x1, k) conv(1x1, m) }\n";

  it("with all parameters given are compiled, in the order of declaration", () => {
    const { architectures, networks } = compileText(`${base}network B = Net(k = 4)\nnetwork A = B(m = 3)`);
    expect(architectures.map(({ name }) => name)).toEqual(["B", "A"]);
    expect(networks).toEqual(["Net", "B", "A"]);
    expect(architectures.map(lastShape)).toEqual(["[N, 8, 8, 8]", "[N, 3, 8, 8]"]);
    expect(architectures[1]?.parameters).toEqual([
      { name: "k", value: 4 },
      { name: "m", value: 3 },
    ]);
  });

  it("keep their own documentation, or that of what they vary", () => {
    const text = `## The base.\n${base}## Small.\nnetwork Small = Net(k = 1)\nnetwork Plain = Net(k = 2)`;
    expect(compileText(text).architectures.map(({ doc }) => doc)).toEqual(["Small.", "The base."]);
  });

  it("need a parameter without default once they are asked for", () => {
    expect(codesIn(base, { network: "Net" })).toEqual(["parameter-missing"]);
    expect(codesIn(`${base}network V = Net(m = 3)`, { network: "V" })).toEqual(["parameter-missing"]);
  });

  it("may vary without parentheses or braces, and hold contracts only", () => {
    expect(lastShape(networkIn("network Net { input image[3, 8, 8] relu }\nnetwork V = Net"))).toBe("[N, 3, 8, 8]");
    expect(codesIn(`${base}network V = Net(k = 3) { relu }`)).toEqual(["variant-body"]);
    expect(codesIn(`${base}network V = Net(k = 3) { let a = 3 }`)).toEqual(["variant-body"]);
  });

  it("are varied by name, from other networks only", () => {
    expect(codesIn(`${base}network V = Net(4)`)).toEqual([]);
    expect(codesIn(`${base}network V = Net(4, 3)`)).toEqual(["argument-needs-name"]);
    expect(codesIn(`${base}network V = Net(k = 4, q = 3)`)).toEqual(["unknown-argument"]);
    expect(codesIn(`${base}network V = Netz(k = 4)`)).toEqual(["unknown-network"]);
    expect(codesIn("block B { relu }\nnetwork V = B")).toEqual(["unknown-network"]);
  });
});

describe("imports", () => {
  const files: Readonly<Record<string, string>> = {
    "lib/blocks.dnet": 'import { twice } from "../numbers.dnet"\nblock Unit(k) { conv(1x1, twice(k)) }\nlet hidden = 3',
    "numbers.dnet": "let factor = 2\nfn twice(x) = factor * x\nlet six = twice(3)",
    "net.dnet": "network Net(k = 4) { input image[3, 8, 8] conv(1x1, k) expect params == target }\nlet target = 12",
    "a.dnet": 'import { B } from "./b.dnet"\nblock A { relu }',
    "b.dnet": 'import { A } from "./a.dnet"\nblock B { relu }',
  };
  const compileFiles = (text: string) =>
    compile(
      { path: "main.dnet", text },
      { load: (path) => files[path] ?? null, network: null, set: new Map(), dims: new Map(), limits: defaultLimits },
    );
  const wrong = (text: string) => compileFiles(text).diagnostics.map(({ code }) => code);
  const shapeOf = (text: string) => compileFiles(text).architectures.map(lastShape);
  const net = (statements: string) => `network Main { input image[3, 8, 8] ${statements} }`;

  it("bring names from another file, whose own names they keep", () => {
    const head = 'import { Unit } from "./lib/blocks.dnet"\nimport { six } from "./numbers.dnet"\nlet factor = 100\n';
    expect(shapeOf(head + net("Unit(5) conv(1x1, channels + six)"))).toEqual(["[N, 16, 8, 8]"]);
  });

  it("bring networks to vary, whose contracts stay those of their file", () => {
    const brings = 'import { Net } from "./net.dnet"\n';
    const head = `${brings}let target = 24\n`;
    expect(wrong(`${brings}network V = Net(k = 4) { expect params == 12 }`)).toEqual([]);
    expect(wrong(`${head}network V = Net(k = 8) { expect params == target }`)).toEqual(["expect-not-checked"]);
    expect(wrong(`${head}network V = Net(k = 4) { expect params == target }`)).toEqual(["expect-failed"]);
  });

  it("bring from the library", () => {
    const text = 'import { DenseNet } from "std/densenet"\nnetwork D = DenseNet(classes = 10)';
    expect(shapeOf(text)).toEqual(["[N, 10]"]);
  });

  it("bring nothing else into view", () => {
    expect(wrong(`import { Unit } from "./lib/blocks.dnet"\n${net("conv(1x1, hidden)")}`)).toEqual(["unknown-name"]);
    expect(wrong('import { twice } from "./lib/blocks.dnet"')).toEqual(["import-unknown"]);
    expect(wrong('import { Units } from "./lib/blocks.dnet"')).toEqual(["import-unknown"]);
  });

  it("say where they fail", () => {
    expect(wrong('import { A } from "./missing.dnet"')).toEqual(["import-not-found"]);
    expect(wrong('import { A } from "std/densnet"')).toEqual(["import-not-found"]);
    expect(wrong('import { A } from "numbers"')).toEqual(["import-path"]);
    expect(wrong('import { A } from "/numbers.dnet"')).toEqual(["import-path"]);
    expect(wrong('import { A } from "./a.dnet"')).toEqual(["import-cycle"]);
    expect(wrong('import { X } from "./main.dnet"')).toEqual(["import-cycle"]);
    expect(wrong('import { six } from "./numbers.dnet"\nlet six = 7')).toEqual(["duplicate-name"]);
    expect(
      wrong('import { six } from "./numbers.dnet"\nimport { six } from "./numbers.dnet"\nlet half = six / 2'),
    ).toEqual(["unused-import"]);
  });

  it("show the mistakes of the files they bring, in those files", () => {
    const load = () => "block Bad { rellu }";
    const options = { load, network: null, set: new Map(), dims: new Map(), limits: defaultLimits };
    const { diagnostics } = compile({ path: "m.dnet", text: 'import { Bad } from "./bad.dnet"' }, options);
    expect(diagnostics.map(({ code, span }) => `${span.source.path} ${code}`)).toEqual(["bad.dnet unknown-layer"]);
  });
});
