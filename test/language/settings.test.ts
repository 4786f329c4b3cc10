import { describe, expect, it } from "vitest";
import { compileText } from "../compiling.ts";
import { codesIn, lastShape, networkIn } from "./checking.ts";

const net =
  "let ten = 10\nfn twice(x) = 2 * x\nnetwork Net(k = 4, m = 2 * k, list = [1, 2]) { input image[3, 8, 8] conv(1x1, k) conv(1x1, m) for s in list { conv(1x1, m, stride = s) } }";
const shape = (set: Readonly<Record<string, string>>, text = net) => lastShape(networkIn(text, { set }));

describe("--set", () => {
  it("gives parameters, and what others make of them", () => {
    expect(shape({})).toBe("[N, 8, 4, 4]");
    expect(shape({ k: "5" })).toBe("[N, 10, 4, 4]");
    expect(shape({ k: "5", m: "3" })).toBe("[N, 3, 4, 4]");
  });

  it("takes expressions, with the values and functions of the file", () => {
    expect(shape({ k: "floor(0.29 * 100)" })).toBe("[N, 58, 4, 4]");
    expect(shape({ m: "twice(ten)" })).toBe("[N, 20, 4, 4]");
    expect(shape({ list: "[s + 1 for s in 0..2]" })).toBe("[N, 8, 4, 4]");
    expect(shape({ list: "[2, 2, 2]" })).toBe("[N, 8, 1, 1]");
    expect(shape({ m: "if true then 1K else 2" })).toBe("[N, 1000, 4, 4]");
  });

  it("wins over a variant and over defaults", () => {
    expect(shape({ k: "6" }, `${net}\nnetwork V = Net(k = 5)`)).toBe("[N, 12, 4, 4]");
  });

  it("is told apart by text, with its own place", () => {
    for (const [text, code] of [
      ["5 +", "unexpected-end"],
      ["five", "unknown-name"],
      ["5 5", "unexpected-token"],
      ["channels", "no-tensor-here"],
      ["1 / 0", "division-by-zero"],
      ["params", "count-outside-expect"],
      ["relu", "layer-as-value"],
    ] as const) {
      const { diagnostics } = compileText(net, { set: { k: text } });
      expect(diagnostics.map((one) => [one.code, one.span.source.path])).toEqual([[code, "--set"]]);
    }
    expect(codesIn(net, { set: { k: "" } })).toEqual(["unexpected-end"]);
    expect(codesIn(net, { set: { k: '"x"' } })).toEqual(["wrong-type"]);
  });

  it("knows the parameters", () => {
    const { diagnostics } = compileText(net, { set: { grwoth: "5" } });
    expect(diagnostics).toMatchObject([
      { code: "unknown-parameter", message: "Net has no parameter `grwoth`", help: "its parameters are k, m and list" },
    ]);
    expect(codesIn("network Net { input image[3, 8, 8] relu }", { set: { k: "5" } })).toEqual(["unknown-parameter"]);
  });

  it("reaches each network that has the parameter", () => {
    const text = "network A(k = 1) { input image[3, 8, 8] conv(1x1, k) }\nnetwork B { input image[3, 8, 8] relu }";
    const { architectures, diagnostics } = compileText(text, { set: { k: "7" } });
    expect(diagnostics).toEqual([]);
    expect(architectures.map(lastShape)).toEqual(["[N, 7, 8, 8]", "[N, 3, 8, 8]"]);
  });
});

describe("networks without defaults", () => {
  const text = "network Net(k, m) { input image[3, 8, 8] conv(1x1, k) conv(1x1, m) }";

  it("wait until they are asked for", () => {
    expect(compileText(text)).toMatchObject({ architectures: [], diagnostics: [], networks: ["Net"] });
    expect(codesIn(text, { network: "Net" })).toEqual(["parameter-missing"]);
  });

  it("are complete with --set, and miss what it does not give", () => {
    expect(shape({ k: "5", m: "6" }, text)).toBe("[N, 6, 8, 8]");
    expect(codesIn(text, { set: { k: "5" } })).toEqual(["parameter-missing"]);
    expect(codesIn(text, { set: { q: "5" } })).toEqual(["unknown-parameter"]);
  });

  it("are still checked for names", () => {
    expect(codesIn("network Net(k) { input image[3, 8, 8] rellu }")).toEqual(["unknown-layer"]);
  });
});

describe("--dim", () => {
  const open = "network Net { input image[3, H, W] maxpool(2) }";
  const dims = (given: Readonly<Record<string, string>>) => lastShape(networkIn(open, { dims: given }));

  it("gives symbolic sizes", () => {
    expect(dims({ H: "8" })).toBe("[N, 3, 4, ⌊W/2⌋]");
    expect(dims({ H: "2 * 8", W: "6" })).toBe("[N, 3, 8, 3]");
  });

  it("wants whole sizes of at least 1, of names that are sizes", () => {
    expect(codesIn(open, { dims: { H: "0" } })).toEqual(["argument-range"]);
    expect(codesIn(open, { dims: { H: "7.5" } })).toEqual(["not-whole"]);
    expect(codesIn(open, { dims: { H: "W" } })).toEqual(["unknown-name"]);
    expect(codesIn(open, { dims: { Q: "8" } })).toEqual(["unknown-dim"]);
    expect(codesIn("network Net(H = 8) { input image[3, H, H] relu }", { dims: { H: "9" } })).toEqual(["unknown-dim"]);
  });

  it("reaches the root of a variant", () => {
    const text = `${open}\nnetwork V = Net`;
    expect(compileText(text, { dims: { H: "8", W: "8" } }).architectures.map(lastShape)).toEqual([
      "[N, 3, 4, 4]",
      "[N, 3, 4, 4]",
    ]);
  });
});
