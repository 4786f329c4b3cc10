import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import * as dnetc from "../../../src/index.ts";
import { type LoadOptions, type ReadableFile, type ReadStretch, WeightsFault } from "../../../src/index.ts";
import { elementsOf } from "../../../src/weights/weights.ts";
import { fileOf, type Saved } from "../../cli/saved-weights.ts";

const [net] = dnetc.compile({
  path: "net.dnet",
  text: `network Net {
    input image[3, 8, 8]
    stem: conv(3x3, 16) norm: batchnorm relu pick: select(8)
    globalavgpool classifier: linear(10)
    training { aux: linear(3) }
  }`,
}).architectures as [dnetc.Architecture];

const initial = dnetc.initialise(net, { init: "xavier", seed: 3 });
const joined = (chunks: Iterable<Uint8Array>) => Buffer.concat([...chunks]);
const written = joined(dnetc.encodeWeights(net, initial).chunks);

/** Files in memory. */
function filesOf(files: Readonly<Record<string, Uint8Array>>) {
  const read: ReadStretch = (file, offset, length) => (files[file] as Uint8Array).slice(offset, offset + length);
  const open = (file: string): ReadableFile | null => {
    const size = files[file]?.length;
    return size === undefined ? null : { file, size, read: (offset, length) => read(file, offset, length) };
  };
  return { read, open, catalogue: (file: string) => dnetc.readCatalogue(open(file) as ReadableFile, open) };
}

const { read, catalogue } = filesOf({ "w.safetensors": written });
const load = (options: Partial<LoadOptions> = {}, to = net) =>
  dnetc.loadWeights(to, catalogue("w.safetensors"), { name: "w", read, ...options });

function emitted(weights: dnetc.Weights, architecture = net, dtype: dnetc.Dtype = "f32"): Buffer {
  const provenance = { version: "1", sourceHash: "", init: "xavier", seed: 3, params: 0, macs: 0 };
  const sha256 = () => createHash("sha256");
  const rest = { opset: 17, batch: null, fold: true, external: null, dtype, keepIo: "f32" } as const;
  return joined(dnetc.emit(architecture, weights, { ...rest, provenance, sha256 }).chunks);
}

/** A tensor with its axes in another order. */
function transposedBy(order: readonly number[], shape: readonly number[], values: Float32Array) {
  const sizes = order.map((axis) => shape[axis] as number);
  const strideOf = (axis: number) => elementsOf(shape.slice(axis + 1));
  const moved = values.map((_, i) => {
    let [rest, at] = [i, 0];
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      const size = sizes[axis] as number;
      at += (rest % size) * strideOf(order[axis] as number);
      rest = Math.floor(rest / size);
    }
    return values[at] as number;
  });
  return { shape: sizes, data: new Uint8Array(moved.buffer) };
}

describe("weights in the API", () => {
  it("come out of a file as they went in", () => {
    const { weights, report } = load();
    const none = { errors: [], warnings: [], idleRules: [], idlePatterns: [], lacking: [] };
    const nothing = { ...none, summary: "", fitting: null, rule: null, seemFolded: false };
    expect(report).toEqual(nothing);
    if (!weights) throw new Error("they fit");
    expect(emitted(weights)).toEqual(emitted(initial));
    expect(joined(dnetc.encodeWeights(net, weights).chunks)).toEqual(written);
    const [tensor] = net.tensors as [dnetc.Tensor];
    expect(weights.data(tensor)).toEqual(initial.data(tensor));
  });

  it("come from the files that an index names", () => {
    const index = { weight_map: Object.fromEntries(net.tensors.map(({ name }) => [name, "w.safetensors"])) };
    const files = filesOf({ "w.safetensors": written, index: Buffer.from(JSON.stringify(index)) });
    const { weights } = dnetc.loadWeights(net, files.catalogue("index"), { name: "index", read: files.read });
    expect(weights && emitted(weights)).toEqual(emitted(initial));
    expect(() => filesOf({ index: Buffer.from(JSON.stringify(index)) }).catalogue("index")).toThrow(
      expect.objectContaining({ code: "weights-shard", message: "it names w.safetensors: there is no such file" }),
    );
  });

  it("that do not fit are a report", () => {
    const [other] = dnetc.compile({
      path: "",
      text: "network Net { input image[3, 8, 8] stem: conv(5x5, 16) globalavgpool head: linear(10) }",
    }).architectures as [dnetc.Architecture];
    const { weights, report } = load({ allowMissing: ["head.bias"] }, other);
    expect(weights).toBeNull();
    expect(report.errors.map(({ kind }) => kind)).toEqual(["missing", ...Array(9).fill("unexpected"), "shape"]);
    expect(report.errors.at(-1)).toMatchObject({ tensor: { shape: [16, 3, 5, 5] }, found: { name: "stem.weight" } });
    expect(report.lacking.map(({ name }) => name)).toEqual(["head.bias"]);
    expect(report.summary).toMatch(/^w does not fit Net: 1 tensor is missing, 9 tensors are unexpected, 1 tensor has/);
  });

  it("begin as initial ones where they may be missing", () => {
    const mappings = [{ rules: dnetc.readRules("classifier.{role} -> old.{role}"), sparesKnown: false }];
    const options = { mappings, allowMissing: ["classifier.*"], allowUnexpected: ["old.*"] };
    const { weights, report } = load({ ...options, initial: { init: "xavier", seed: 3 } });
    expect(report.lacking).toHaveLength(2);
    expect(weights && emitted(weights)).toEqual(emitted(initial));
  });

  const renamed = (name: (before: string) => string, to = net) => {
    const saved = net.tensors.map((tensor): Saved => {
      const data = initial.data(tensor);
      return {
        name: name(tensor.name),
        dtype: tensor.dtype === "int64" ? "I64" : "F32",
        shape: tensor.shape,
        data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      };
    });
    const { catalogue, read } = filesOf({ w: fileOf(saved) });
    return dnetc.loadWeights(to, catalogue("w"), { name: "w", read }).report;
  };

  it.each(["model.", "state_dict/", "a.b.c."])("come with the rule that takes %s away from every name", (prefix) => {
    const { rule, fitting, errors } = renamed((name) => `${prefix}${name}`);
    expect({ rule, fitting }).toEqual({ rule: { text: `${prefix}{rest...} -> {rest}`, found: 8 }, fitting: null });
    const meant = errors.flatMap((one) =>
      one.kind === "missing" ? `${prefix}${one.tensor.name} ${one.meant?.name}` : [],
    );
    expect(meant.map((pair) => pair.split(" ")).every(([expected, found]) => expected === found)).toBe(true);
    const mappings = [{ rules: dnetc.readRules(rule?.text ?? ""), sparesKnown: false }];
    const saved = filesOf({
      w: fileOf(
        net.tensors.map(({ name, shape, dtype }) => ({
          name: `${prefix}${name}`,
          shape,
          dtype: dtype === "int64" ? "I64" : "F32",
          data: new Uint8Array(elementsOf(shape) * (dtype === "int64" ? 8 : 4)),
        })),
      ),
    });
    expect(
      dnetc.loadWeights(net, saved.catalogue("w"), { name: "w", read: saved.read, mappings }).report.errors,
    ).toEqual([]);
  });

  it("come with the rule that puts before every name what the network has there", () => {
    const text = "network Net { input image[3, 8, 8] body: { stem: conv(3x3, 16) norm: batchnorm } globalavgpool }";
    const [other] = dnetc.compile({ path: "", text }).architectures as [dnetc.Architecture];
    expect(renamed((name) => name, other).rule).toEqual({ text: "{rest...} -> body.{rest}", found: 5 });
    const both = text.replace(" }", " classifier: linear(10) }");
    const [known] = dnetc.compile({ path: "", text: both }).architectures as [dnetc.Architecture];
    expect(renamed((name) => name, known).rule).toBeNull();
  });

  it("that a rule would give the names of others come without it", () => {
    const twice = (name: string) =>
      name.startsWith("classifier") ? name : `x.${name.replace("norm.bias", "stem.bias")}`;
    expect(renamed(twice).rule?.found).toBe(5);
    expect(renamed((name) => (name === "norm.bias" ? "x.stem.weight" : name)).rule).toBeNull();
  });

  it("that lie as TensorFlow has them are transposed", () => {
    const up =
      "network Net { input image[4, 4, 4] a: conv(3x3, 8, groups = 2) b: deconv(2x2, 6, stride = 2) globalavgpool c: linear(3) }";
    const [other] = dnetc.compile({ path: "", text: up }).architectures as [dnetc.Architecture];
    const right = dnetc.initialise(other, { init: "he", seed: 1 });
    const axes = new Map([
      ["a.weight", [2, 3, 1, 0]],
      ["b.weight", [2, 3, 1, 0]],
      ["c.weight", [1, 0]],
    ]);
    const tensors = other.tensors.map((tensor): Saved => {
      const order = axes.get(tensor.name) ?? tensor.shape.map((_, axis) => axis);
      return {
        name: tensor.name,
        dtype: "F32",
        ...transposedBy(order, tensor.shape, right.data(tensor) as Float32Array),
      };
    });
    const { catalogue, read } = filesOf({ w: fileOf(tensors) });
    // The inputs of a transposed convolution come first.
    const rules = "a.weight -> a.weight (HWIO)\nb.weight -> b.weight (HWOI)\nc.weight -> c.weight (IO)";
    const mappings = [{ rules: dnetc.readRules(rules), sparesKnown: false }];
    const { weights, report } = dnetc.loadWeights(other, catalogue("w"), { name: "w", read, mappings });
    expect(report.errors).toEqual([]);
    for (const tensor of other.tensors) expect(weights?.data(tensor)).toEqual(right.data(tensor));
    expect(dnetc.loadWeights(other, catalogue("w"), { name: "w", read }).report.errors).toHaveLength(3);
  });

  it.each([
    ["as they lie", [1, 3, 1, 1], ""],
    ["transposed", [1, 1, 3, 1], "a.weight -> a.weight (HWIO)"],
  ])("of float64 are rounded to float16 once, %s", (_, shape, rules) => {
    const text = "network Net { input image[3, 4, 4] a: conv(1x1, 1) }";
    const [other] = dnetc.compile({ path: "", text }).architectures as [dnetc.Architecture];
    // The middle of two numbers of float16, and just beside it; as float32 all are in the middle.
    const values = Float64Array.from([-1, 0, 1], (side) => 1 + 2 ** -11 + side * 2 ** -40);
    const tensors: Saved[] = [{ name: "a.weight", dtype: "F64", shape, data: new Uint8Array(values.buffer) }];
    const { catalogue, read } = filesOf({ w: fileOf(tensors) });
    const mappings = [{ rules: dnetc.readRules(rules), sparesKnown: false }];
    const { weights } = dnetc.loadWeights(other, catalogue("w"), { name: "w", read, mappings });
    if (!weights) throw new Error("they fit");
    const model = joined(dnetc.extractWeights(emitted(weights, other, "f16")).chunks);
    const held = Uint8Array.from(model.subarray(-6));
    expect(new Uint16Array(held.buffer)).toEqual(Uint16Array.of(0x3c00, 0x3c00, 0x3c01));
  });

  it("of a model with its normalisations in its convolutions are known by their biases", () => {
    const saved = net.tensors.flatMap(({ name, shape }): readonly Saved[] =>
      name.startsWith("norm.") ? [] : [{ name, dtype: "F32", shape, data: new Uint8Array(4 * elementsOf(shape)) }],
    );
    const bias: Saved = { name: "stem.bias", dtype: "F32", shape: [16], data: new Uint8Array(64) };
    const report = (tensors: readonly Saved[]) => {
      const { catalogue, read } = filesOf({ w: fileOf(tensors) });
      return dnetc.loadWeights(net, catalogue("w"), { name: "w", read }).report;
    };
    expect(report([...saved, bias]).seemFolded).toBe(true);
    expect(report(saved).seemFolded).toBe(false);
    expect(report([...saved, bias, { ...bias, name: "other.bias" }]).seemFolded).toBe(false);
  });

  it("of a wrong file are a fault with a code", () => {
    const { catalogue } = filesOf({ w: written.subarray(0, written.length - 1) });
    expect(() => catalogue("w")).toThrow(WeightsFault);
    expect(() => catalogue("w")).toThrow(expect.objectContaining({ code: "safetensors-truncated" }));
  });

  it("are looked at in steps that can be followed", () => {
    const steps = [...dnetc.loadingSteps(net, catalogue("w.safetensors"), { name: "w", read })];
    expect(steps[0]).toEqual({ done: 0, total: steps.at(-1)?.done });
  });

  it("are those of a model, wherever they lie in it", () => {
    const model = emitted(initial);
    const again = joined(dnetc.extractWeights(model).chunks);
    const names = [...filesOf({ w: again }).catalogue("w").keys()];
    expect(names).not.toContain("norm.weight");
    expect(names).toContain("stem.bias");
    expect(() => dnetc.extractWeights(written)).toThrow(dnetc.ModelFault);
  });
});
