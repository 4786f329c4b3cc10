import { describe, expect, it } from "vitest";
import type { Architecture } from "../../../src/compiler/ir.ts";
import { isWhole, type MatchOptions, match } from "../../../src/weights/loading/match.ts";
import { describeMismatches, summarizeMatching } from "../../../src/weights/loading/mismatches.ts";
import { publishedMapping } from "../../../src/weights/loading/published-names.ts";
import { readRules } from "../../../src/weights/loading/rules.ts";
import type { Catalogue, SavedTensor } from "../../../src/weights/safetensors/catalogue.ts";
import type { Dtype } from "../../../src/weights/safetensors/dtypes.ts";
import { compileText } from "../../compiling.ts";

const architecture = networkOf(`network Net {
  input image[3, 8, 8]
  stem: conv(3x3, 16) norm: batchnorm relu
  pick: select(8)
  globalavgpool classifier: linear(10)
  training { aux: linear(3) }
}`);

function networkOf(text: string): Architecture {
  const { architectures, diagnostics } = compileText(text);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return architectures[0] as Architecture;
}

type Change = Readonly<Record<string, null | { dtype?: Dtype; shape?: readonly number[]; name?: string }>>;

/** The tensors of a network, changed; null takes one away. */
function catalogue(change: Change = {}, of = architecture): Catalogue {
  const saved = of.tensors.flatMap(({ name, shape, dtype }): readonly SavedTensor[] => {
    const changed = change[name];
    if (changed === null) return [];
    const own = { name, dtype: dtype === "int64" ? "I64" : "F32", shape } as const;
    return [{ file: "w", offset: 0, bytes: 0, ...own, ...changed }];
  });
  const added = Object.entries(change).filter(([name]) => !of.tensors.some((one) => one.name === name));
  const all = [
    ...saved,
    ...added.map(
      ([name, one]) => ({ file: "w", offset: 0, bytes: 0, name, dtype: "F32", shape: [1], ...one }) as const,
    ),
  ];
  return new Map(all.map((one) => [one.name, one]));
}

const plain: MatchOptions = { mappings: [], mayLack: () => false, mayExceed: () => false };

function report(change: Change, options: Partial<MatchOptions> = {}, of = architecture): readonly string[] {
  const matching = match(of, catalogue(change, of), { ...plain, ...options });
  const summary = summarizeMatching(matching);
  expect(isWhole(matching)).toBe(summary === "");
  const told = describeMismatches(matching, "w", "Net").filter((one) => one.kind !== "unexpected" || !one.meantFor);
  return [...told.map(({ kind, message, help }) => `${kind}: ${message}${help === "" ? "" : ` (${help})`}`), summary];
}

describe("weights fit a network", () => {
  it("by name, shape and type", () => {
    const matching = match(architecture, catalogue(), plain);
    expect(isWhole(matching)).toBe(true);
    expect([...matching.found.keys()]).toEqual([
      "stem.weight",
      "norm.weight",
      "norm.bias",
      "norm.running_mean",
      "norm.running_var",
      "pick.index",
      "classifier.weight",
      "classifier.bias",
    ]);
  });

  it("without counters and training heads, whatever these are", () => {
    expect(report({ "net/norm/num_batches_tracked": { dtype: "I64", shape: [] } })).toEqual([""]);
    expect(report({ "norm.num_batches_tracked": null, "aux.weight": null, "aux.bias": null })).toEqual([""]);
    expect(report({ "norm.num_batches_tracked": { dtype: "F32", shape: [1] }, "aux.weight": { shape: [9] } })).toEqual([
      "",
    ]);
  });

  it.each(["F64", "F32", "F16", "BF16"] as const)("as %s", (dtype) => {
    expect(report({ "stem.weight": { dtype } })).toEqual([""]);
  });

  it("without what may be missing, and with what may be more", () => {
    const isHead = (name: string) => name.startsWith("classifier.");
    const change = { "classifier.weight": null, "fc.weight": {} };
    expect(report(change, { mayLack: isHead, mayExceed: (name) => name === "fc.weight" })).toEqual([""]);
    const { lacking } = match(architecture, catalogue(change), { ...plain, mayLack: isHead });
    expect(lacking.map(({ name }) => name)).toEqual(["classifier.weight"]);
  });

  it("with names that rules change", () => {
    const rules = [{ rules: readRules("backbone.{name...} -> {name}"), sparesKnown: false }];
    const change = { "stem.weight": { name: "backbone.stem.weight" } };
    expect(report(change, { mappings: rules })).toEqual([""]);
  });
});

describe("weights that do not fit are told in one report", () => {
  it("with what was probably meant, by name", () => {
    expect(report({ "norm.running_var": { name: "norm.runing_var" } })).toEqual([
      "missing: w has no norm.running_var [16] (it has norm.runing_var, of the same shape, which is not used)",
      "1 tensor is missing, 1 tensor is unexpected",
    ]);
  });

  it("with what was probably meant, by shape", () => {
    expect(report({ "classifier.weight": { name: "fc.weight" } })).toEqual([
      "missing: w has no classifier.weight [10, 8] (it has fc.weight, of the same shape, which is not used)",
      "1 tensor is missing, 1 tensor is unexpected",
    ]);
  });

  it("with what was probably meant, by the end of its name", () => {
    const change = { "norm.weight": { name: "trunk.bn.norm.weight" }, "norm.bias": { name: "net/norm/beta" } };
    expect(report(change)).toEqual([
      "missing: w has no norm.weight [16] (it has trunk.bn.norm.weight, of the same shape, which is not used)",
      "missing: w has no norm.bias [16]",
      "unexpected: w has net/norm/beta [16], and Net has no such tensor",
      "2 tensors are missing, 2 tensors are unexpected",
    ]);
    const deep = networkOf("network Net { input image[3, 8, 8] a: { b: { norm: batchnorm } } globalavgpool }");
    const ends = { "a.b.norm.weight": { name: "c.d.norm.weight" }, "a.b.norm.bias": { name: "c.d.norm.bias" } };
    expect(report(ends, {}, deep)[1]).toContain("a.b.norm.bias [3] (it has c.d.norm.bias, of the same shape");
  });

  it("with no guess where several are of the shape", () => {
    expect(report({ "norm.weight": { name: "gamma" }, "norm.bias": { name: "beta" } })).toEqual([
      "missing: w has no norm.weight [16]",
      "missing: w has no norm.bias [16]",
      "unexpected: w has gamma [16], and Net has no such tensor",
      "unexpected: w has beta [16], and Net has no such tensor",
      "2 tensors are missing, 2 tensors are unexpected",
    ]);
  });

  it("by the name before and after a mapping", () => {
    const mappings = [publishedMapping("module")];
    expect(report({ "module.haed.x": {} }, { mappings })).toEqual([
      "unexpected: w has haed.x (module.haed.x) [1], and Net has no such tensor",
      "1 tensor is unexpected",
    ]);
  });

  it.each([
    [[16], "[16] in w, and [16, 3, 3, 3] in Net"],
    [
      [16, 27],
      "[16, 27] in w, and [16, 3, 3, 3] in Net (it has as many values, but shapes are not changed: reshape it before)",
    ],
    [
      [3, 3, 3, 16],
      "[3, 3, 3, 16] in w, and [16, 3, 3, 3] in Net (it is laid out as TensorFlow does: a rule of --map that ends in (HWIO) transposes it)",
    ],
  ])("where a shape is %j", (shape, words) => {
    expect(report({ "stem.weight": { shape } })).toEqual([
      `shape: stem.weight is ${words}`,
      "1 tensor has another shape",
    ]);
  });

  it("where a matrix is the other way round, and where one value is in a list", () => {
    const scalar = networkOf("network Net { input x[4, 1, 1] linear(1) }");
    const [, bias] = scalar.tensors;
    expect(report({ [bias?.name ?? ""]: { shape: [] } }, {}, scalar)).toEqual([
      `shape: ${bias?.name} is [] in w, and [1] in Net (it has as many values, but shapes are not changed: reshape it before)`,
      "1 tensor has another shape",
    ]);
    expect(report({ "classifier.weight": { shape: [8, 10] } })[0]).toContain(
      "(it is the other way round: a rule of --map that ends in (IO)",
    );
  });

  it("where what may be missing is there in another shape", () => {
    const words =
      "[7, 8] in w, and [10, 8] in Net (to let it begin anew, rename it in the file by a rule of --map, `classifier.{role} -> old.classifier.{role}`, with --allow-unexpected 'old.*')";
    const change = { "classifier.weight": { shape: [7, 8] } };
    expect(report(change, { mayLack: (name) => name.startsWith("classifier") })[0]).toBe(
      `shape: classifier.weight is ${words}`,
    );
  });

  it("where a mapping says how it lies in the file, and it does not", () => {
    const mappings = [{ rules: readRules("stem/kernel -> stem.weight (HWIO)"), sparesKnown: false }];
    const of = (shape: readonly number[]) => report({ "stem.weight": null, "stem/kernel": { shape } }, { mappings })[0];
    expect(of([3, 3, 3, 16])).toBe("");
    expect(of([5, 5, 3, 16])).toBe(
      "shape: stem.weight (stem/kernel) is [5, 5, 3, 16] (HWIO) in w, and [16, 3, 3, 3] in Net",
    );
    expect(of([27, 16])).toContain("(by a mapping it lies there as (HWIO), with 4 axes)");
  });

  it("where a type is not taken", () => {
    expect(report({ "stem.weight": { dtype: "F8_E4M3" }, "pick.index": { dtype: "I32" } })).toEqual([
      "dtype: stem.weight is F8_E4M3 in w; for float32, F64, F32, F16, BF16 can be taken",
      "dtype: pick.index is I32 in w; for int64, I64 can be taken",
      "2 tensors have element types that are not taken",
    ]);
  });

  it("each of hundreds, with a suggestion for all of one end, and for the first that are alike", () => {
    const large = networkOf(
      'network Net { input image[3, 8, 8] repeat 300 as i { "c{i}": conv(1x1, 3) } globalavgpool }',
    );
    const meant = (rename: (name: string) => string) => {
      const change = Object.fromEntries(large.tensors.map(({ name }) => [name, { name: rename(name) }]));
      const matching = match(large, catalogue(change, large), plain);
      const told = describeMismatches(matching, "w", "Net");
      expect(told).toHaveLength(600);
      expect(summarizeMatching(matching)).toBe("300 tensors are missing, 300 tensors are unexpected");
      expect(told.filter((one) => one.kind === "unexpected" && one.meantFor !== null)).toHaveLength(
        told.filter((one) => one.kind === "missing" && one.meant !== null).length,
      );
      return told.filter((one) => one.kind === "missing" && one.meant?.name === rename(one.tensor.name)).length;
    };
    expect(meant((name) => `x.${name}`)).toBe(300);
    expect(meant((name) => name.replace("weight", "wieght"))).toBe(200);
  });

  it("and two tensors of one name are a mistake of the rules", () => {
    const mappings = [{ rules: readRules("{x}.{role} -> stem.{role}"), sparesKnown: false }];
    expect(() => match(architecture, catalogue(), { ...plain, mappings })).toThrow(
      "stem.weight and norm.weight would both become stem.weight",
    );
  });
});
