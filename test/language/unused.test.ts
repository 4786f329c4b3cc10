import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/compiler/compile.ts";
import { defaultLimits } from "../../src/compiler/limits.ts";
import { compileText } from "../compiling.ts";
import { around, codesIn } from "./checking.ts";

/** Each with one name, `k`, that only this place uses. */
const uses: Readonly<Record<string, string>> = {
  "an arm that is never taken": "network Net(k = 3) { input image[3, 8, 8] if false { conv(1x1, k) } relu }",
  "an arm that is never taken, of an expression":
    "network Net(k = 3) { input image[3, 8, 8] conv(1x1, if true then 4 else k) }",
  "a contract": "network Net(k = 3) { input image[3, 8, 8] relu expect channels == k }",
  "a precondition": 'network Net(k = 3) { input image[3, 8, 8] require k < 4, "few" relu }',
  "a label": 'network Net(k = 3) { input image[3, 8, 8] "layer{k}": relu }',
  "the label of a scope": 'network Net { input image[3, 8, 8] repeat 2 as k { "stage{k}": { relu } } }',
  "a default": "network Net(k = 3, m = k) { input image[3, 8, 8] conv(1x1, m) }",
  "a default of a block": "block B(k, m = k) { conv(1x1, m) }\nnetwork Net { input image[3, 8, 8] B(3) }",
  "the size of the input": "network Net(k = 3) { input image[k, 8, 8] relu }",
  "the argument of a variant": "let k = 4\nnetwork Net(m) { input image[m, 8, 8] relu }\nnetwork V = Net(k)",
  "the contract of a variant":
    "let k = 3\nnetwork Net { input image[3, 8, 8] relu }\nnetwork V = Net { expect channels == k }",
  "another value": "let k = 4\nlet m = k\nnetwork Net { input image[3, 8, 8] conv(1x1, m) }",
  "a value that hides it": "network Net { input image[3, 8, 8] let k = 3 let k = k + 1 conv(1x1, k) }",
  "a function": "fn k(x) = x\nnetwork Net { input image[3, 8, 8] conv(1x1, k(3)) }",
  "a function that nothing calls": "let k = 3\nfn _f(x) = x + k\nnetwork Net { input image[3, 8, 8] relu }",
  "a block in a loop that never runs": "block K { relu }\nnetwork Net { input image[3, 8, 8] repeat 0 { K } relu }",
  "a pattern": "network Net { input image[3, 8, 8] for [k, _m] in [[3, 4]] { conv(1x1, k) } }",
  "an element of a list": "network Net { input image[3, 8, 8] conv(1x1, sum([k for k in [3, 4]])) }",
  "an index of a tensor": "network Net { input image[3, 8, 8] repeat 2 as k { -> x[k] } add(x[0]) }",
  "a join": "network Net { input image[3, 8, 8] -> k relu add(k) }",
  "a branch": "network Net { input image[3, 8, 8] -> k relu concat { branch { from k } branch { } } }",
  "a round before it is named":
    "network Net { input image[3, 8, 8] -> k repeat 2 { from k { tanh -> k } } relu add(k) }",
  "training only": "network Net { input image[3, 8, 8] -> k relu training { from k linear(2) } tanh }",
  "the index of a dense layer": "network Net { input image[3, 8, 8] dense(2) as k { conv(1x1, 4 + 0 * k) } }",
  "an underscore before it":
    "network Net(_k = 3) { input image[3, 8, 8] let _m = 4 -> _t for _ in [1, 2] { relu } repeat 2 as _i { relu } }",
};

describe("a name counts as used by", () => {
  it.each(Object.entries(uses))("%s", (_, text) => {
    expect(codesIn(text)).toEqual([]);
  });
});

describe("nothing uses", () => {
  it("a parameter that only a variant sets or states", () => {
    const text = "network Net(k = 3) { input image[3, 8, 8] relu }\nnetwork V = Net(k = 4) { expect k == 4 }";
    expect(codesIn(text)).toEqual(["unused-parameter"]);
  });

  it("what a name of the same spelling hides", () => {
    expect(codesIn(around("let k = 3 if true { let k = 4 conv(1x1, k) }"))).toEqual(["unused-value"]);
    expect(codesIn(around("for channels in [3, 4] { conv(1x1, channels) } let m = 1"))).toEqual(["unused-value"]);
    expect(codesIn(around("-> k let k = 4 conv(1x1, k)"))).toEqual(["unused-tensor"]);
  });

  it("what is declared twice over: each is told", () => {
    expect(codesIn(around("let a = 1 relu let a = 2"))).toEqual(["unused-value", "unused-value"]);
  });

  it("of a tensor that is named again, once", () => {
    expect(codesIn(around("-> k relu -> k tanh"))).toEqual(["unused-tensor"]);
  });
});

describe("nothing is said", () => {
  it("beside an error, which may be why", () => {
    expect(codesIn("network Net(growth = 3) { input image[3, 8, 8] conv(1x1, grwth) }")).toEqual(["unknown-name"]);
    expect(codesIn(around("let k = 3 conv(1x1, 4, groups = 2)"))).toEqual(["groups-mismatch"]);
  });

  it("of the declarations of a file without networks, which others import", () => {
    expect(codesIn("let k = 3\nfn f(x) = x\nblock B { relu }")).toEqual([]);
    expect(codesIn("block B(k) { relu }")).toEqual(["unused-parameter"]);
  });

  it("of files that are imported", () => {
    const load = () =>
      "let k = 3\nblock B(m = 1) { relu }\nblock C { relu }\nnetwork Other { input image[3, 8, 8] relu }";
    const text = 'import { B } from "./b.dnet"\nnetwork Net { input image[3, 8, 8] B }';
    const options = { load, network: null, set: new Map(), dims: new Map(), limits: defaultLimits, lint: true };
    expect(compile({ path: "m.dnet", text }, options).diagnostics).toEqual([]);
  });

  it("of the examples and the library", () => {
    for (const folder of ["examples", "std", "test/fixtures/ok"]) {
      for (const name of readdirSync(folder).filter((one) => one.endsWith(".dnet"))) {
        const { diagnostics } = compileText(readFileSync(join(folder, name), "utf8"));
        expect(diagnostics.filter(({ severity }) => severity === "warning")).toEqual([]);
      }
    }
  });
});

it("of many warnings as many are shown as of errors", () => {
  const text = around(Array.from({ length: 300 }, (_, i) => `let a${i} = ${i}`).join(" "));
  const codes = compileText(`${text.replace("8, 8]", "8, 8] relu")}`).diagnostics.map(({ code }) => code);
  expect(codes).toEqual([...Array(100).fill("unused-value"), "more-messages"]);
});

it("no variant is named beside what is unused", () => {
  const text = "let k = 4\nnetwork Net { input image[3, 8, 8] relu }\nnetwork V = Net";
  const { diagnostics } = compileText(text);
  expect(diagnostics.map(({ code, related }) => [code, related])).toEqual([["unused-value", []]]);
});
