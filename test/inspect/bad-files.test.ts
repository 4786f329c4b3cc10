import { gzipSync } from "node:zlib";
import onnxProto from "onnx-proto";
import { describe, expect, it } from "vitest";
import type { Architecture } from "../../src/compiler/ir.ts";
import { compareWithArchitecture } from "../../src/inspect/compare.ts";
import { ModelFault } from "../../src/inspect/fault.ts";
import { readModel } from "../../src/inspect/model.ts";
import { compileText } from "../compiling.ts";
import { deep } from "../deep.ts";
import { emitWith, joined } from "../emit/running.ts";
import { attribute, changed, type Graph, node, type Proto, tensor } from "../verification/changed.ts";

const { onnx } = onnxProto;
const architecture = compileText(`network Net {
  input image[3, 8, 8]
  stem: conv(3x3, 4, bias = true) norm: batchnorm act: relu6
  concat { branch { wide: conv(1x1, 2) } branch { avgpool(3, stride = 1, pad = 1) } }
  globalavgpool last: linear(2)
}`).architectures[0] as Architecture;
const bytes = joined(emitWith(architecture));

/** The code of what is wrong, "differs" or "same"; anything but a ModelFault is thrown on. */
function outcomeOf(file: Uint8Array): string {
  try {
    const { differences } = compareWithArchitecture(readModel(file), architecture, { batch: 2, sizes: new Map() });
    return differences.length > 0 ? "differs" : "same";
  } catch (error) {
    if (error instanceof ModelFault) return error.code;
    throw error;
  }
}

function faultOf(file: Uint8Array): ModelFault {
  try {
    compareWithArchitecture(readModel(file), architecture, { batch: 2, sizes: new Map() });
  } catch (error) {
    if (error instanceof ModelFault) return error;
    throw error;
  }
  throw new Error("nothing is wrong with the file");
}

describe("whatever the bytes are, a model or a fault comes of them", () => {
  it("cut off anywhere", () => {
    for (let end = 0; end < bytes.length; end += deep ? 1 : 7) {
      const outcome = outcomeOf(bytes.subarray(0, end));
      // What follows the opset is metadata.
      if (outcome !== "same") expect(outcome).toMatch(/^model-(truncated|not-onnx|opset)$/);
      else expect(end).toBeGreaterThan(bytes.length - 600);
    }
  });

  it("changed in any byte", () => {
    const seen = new Set<string>();
    for (let at = 0; at < bytes.length; at += deep ? 1 : 5) {
      for (const bits of [1, 4, 0x80, 0xff]) {
        const copy = bytes.slice();
        copy[at] = (copy[at] as number) ^ bits;
        seen.add(outcomeOf(copy));
      }
    }
    expect(seen.size).toBeGreaterThan(5);
  });
});

it("bytes after a whole model are told apart from a cut in its graph", () => {
  const appended = faultOf(Uint8Array.of(...bytes, 0x0a));
  expect(appended).toMatchObject({
    code: "model-truncated",
    message: expect.stringContaining("something was appended"),
  });
  expect(faultOf(bytes.subarray(0, 500)).message).not.toContain("appended");
});

describe("what is no ONNX model is called by its name", () => {
  const text = (words: string) => new TextEncoder().encode(words);
  it.each<[string, Uint8Array]>([
    ["an empty file", new Uint8Array()],
    ["a text, perhaps a program", text("network Net { input image[3, 8, 8] relu }\n")],
    ["JSON", text('{ "nodes": [] }')],
    ["a page of HTML", text("<!DOCTYPE html>\n<html><title>404</title></html>\n")],
    ["git lfs pull", text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n")],
    ["compressed by gzip", gzipSync(bytes)],
    ["a PyTorch file", Uint8Array.of(0x50, 0x4b, 3, 4, ...new Array(22).fill(0), ...text("net/data.pkl"))],
    ["a zip archive", Uint8Array.of(0x50, 0x4b, 3, 4, ...new Array(60).fill(0))],
    ["a Python pickle", Uint8Array.of(0x80, 2, 0x8a, 10)],
    ["a safetensors file", Uint8Array.of(24, 0, 0, 0, 0, 0, 0, 0, ...text('{"a":{"dtype":"F32"}}   '))],
  ])("%s", (words, file) => {
    expect(faultOf(file)).toMatchObject({ code: "model-not-onnx", message: expect.stringContaining(words) });
  });
});

type Change = (graph: Graph, model: Proto) => void;

it("numbers that make shapes lie in the file itself, others may lie beside it", () => {
  const network = compileText("network G { input image[4, 8, 8] groupnorm(2) shuffle(2) }").architectures[0];
  if (!network) throw new Error("no network");
  const outcome = (moved: string) => {
    const values: Uint8Array[] = [];
    const file = changed(joined(emitWith(network)), (graph) => {
      const one = tensor(graph, moved);
      values.push(Uint8Array.from(one.rawData ?? []));
      const externalData = [{ key: "location", value: "beside.bin" }];
      Object.assign(one, { rawData: undefined, dataLocation: onnx.TensorProto.DataLocation.EXTERNAL, externalData });
    });
    try {
      const model = readModel(file, () => () => values[0] as Uint8Array);
      return compareWithArchitecture(model, network, { batch: 1, sizes: new Map() }).differences;
    } catch (error) {
      return error instanceof ModelFault ? `${error.code}: ${error.message}` : error;
    }
  };
  expect(outcome("groupnorm1.axes")).toBe(
    "model-external: groupnorm1.axes lies beside the file, and must be in it: groupnorm1.factor takes a shape of it",
  );
  expect(outcome("shuffle1.permutation")).toEqual([]);
});

describe("what dnetc does not write", () => {
  const { AttributeProto, TensorProto } = onnx;
  it.each<[string, string, Change]>([
    [
      "model-foreign",
      "of the domain com.microsoft",
      (graph) => Object.assign(node(graph, "stem"), { domain: "com.microsoft" }),
    ],
    [
      "model-foreign",
      "is If with the attribute then_branch",
      (graph) => {
        const branch = { name: "then_branch", type: AttributeProto.AttributeType.GRAPH, g: { node: [] } };
        Object.assign(node(graph, "stem"), { opType: "If", attribute: [branch] });
      },
    ],
    [
      "model-foreign",
      "is a tensor of float64",
      (graph) => Object.assign(tensor(graph, "norm.bias"), { dataType: TensorProto.DataType.DOUBLE }),
    ],
    ["model-foreign", "sparse", (graph) => Object.assign(graph, { sparseInitializer: [{ dims: [1] }] })],
    ["model-foreign", "functions", (_graph, model) => Object.assign(model, { functions: [{ name: "f" }] })],
    ["model-foreign", "trained", (_graph, model) => Object.assign(model, { trainingInfo: [{}] })],
    ["model-foreign", "among its inputs", (graph) => graph.input?.push({ name: "norm.bias" })],
    ["model-foreign", "2 inputs", (graph) => graph.input?.push({ name: "second" })],
    ["model-opset", "opset 12", (_graph, model) => Object.assign(model.opsetImport[0] ?? {}, { version: 12 })],
    [
      "model-opset",
      "17 and 18",
      (_graph, model) => model.opsetImport.push(onnx.OperatorSetIdProto.create({ version: 18 })),
    ],
    ["model-inconsistent", "twice", (graph) => graph.initializer?.push(tensor(graph, "norm.bias"))],
    [
      "model-inconsistent",
      "has the shape",
      (graph) => Object.assign(tensor(graph, "norm.bias"), { dims: [2 ** 40, 2 ** 40] }),
    ],
    [
      "model-inconsistent",
      "has the shape",
      (graph) => Object.assign(tensor(graph, "norm.bias"), { dims: new Array(9).fill(1) }),
    ],
    ["model-inconsistent", "nothing before it makes", (graph) => graph.node?.reverse()],
    [
      "model-inconsistent",
      "nothing before it makes",
      (graph) => Object.assign(node(graph, "stem"), { input: ["act", "stem.weight"] }),
    ],
    ["model-inconsistent", "has no input", (graph) => Object.assign(node(graph, "stem"), { input: [] })],
    ["model-inconsistent", "there already", (graph) => graph.node?.push(node(graph, "stem"))],
    [
      "model-inconsistent",
      "two nodes of the name stem",
      (graph) => Object.assign(node(graph, "norm"), { name: "stem" }),
    ],
    [
      "model-foreign",
      "norm is made by an Elu, and should be by a BatchNormalization; then norm is Elu",
      (graph) => Object.assign(node(graph, "norm"), { opType: "Elu", input: ["stem"], attribute: [] }),
    ],
    [
      "model-inconsistent",
      "reads wide.weight, filters for 4 channels in each of 2 groups, and act has 4",
      (graph) => Object.assign(attribute(node(graph, "wide"), "group"), { i: 2 }),
    ],
    [
      "model-foreign",
      "it has none of the 8 layers of the network: it was not written by dnetc (its producer is pytorch)",
      (graph, model) => {
        model.producerName = "pytorch";
        const strange = (name: string) => (name === "image" || name === "output" ? name : `/${name}`);
        for (const one of graph.node ?? []) {
          one.name = strange(one.name ?? "");
          one.input = (one.input ?? []).map(strange);
          one.output = (one.output ?? []).map(strange);
        }
        for (const one of graph.initializer ?? []) one.name = strange(one.name ?? "");
      },
    ],
    ["model-inconsistent", "no node makes the output", (graph) => graph.output?.push({ name: "more" })],
  ])("%s: %s", (code, words, change) => {
    expect(faultOf(changed(bytes, (graph, model) => void change(graph, model)))).toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
  });
});

it("values may be single numbers, as other writers store them", () => {
  const unpacked = changed(bytes, (graph) => {
    const weight = tensor(graph, "stem.weight");
    weight.floatData = [...new Float32Array(Uint8Array.from(weight.rawData ?? []).buffer)];
    weight.rawData = null;
  });
  const [before, after] = [bytes, unpacked].map((file) =>
    readModel(file).graph.initializers.get("stem.weight")?.bytes(),
  );
  expect(outcomeOf(unpacked)).toBe("same");
  expect(after).toEqual(Uint8Array.from(before ?? []));
});

describe("what would cost time or memory", () => {
  const field = (number: number, body: Uint8Array) =>
    Buffer.concat([varint(number * 8 + 2), varint(body.length), body]);
  const modelOf = (graph: Uint8Array) =>
    Buffer.concat([bytes.subarray(0, 2), field(7, graph), field(8, Uint8Array.of(16, 17))]);
  it.each<[string, () => Uint8Array]>([
    ["a million empty nodes", () => modelOf(Buffer.alloc(2_000_000, Uint8Array.of(0x0a, 0)))],
    ["a tensor of a million dimensions", () => modelOf(field(5, field(1, new Uint8Array(1_000_000).fill(1))))],
    [
      "an attribute of a million numbers",
      () => modelOf(field(1, field(5, field(8, new Uint8Array(1_000_000).fill(1))))),
    ],
    ["a name of a million letters", () => modelOf(field(1, field(4, new Uint8Array(1_000_000).fill(0x41))))],
    [
      "a length beyond all files",
      () => Buffer.concat([Uint8Array.of(0x3a), new Uint8Array(9).fill(0xff), Uint8Array.of(1)]),
    ],
    ["a number without an end", () => new Uint8Array(64).fill(0xff)],
  ])("%s", (_what, file) => {
    const started = performance.now();
    const { message } = faultOf(file());
    expect(message.length).toBeLessThan(500);
    // Some seconds on a small machine; the bound only tells what grows faster than the file.
    expect(performance.now() - started).toBeLessThan(40_000);
  });
});

function varint(value: number): Uint8Array {
  return value < 0x80
    ? Uint8Array.of(value)
    : Buffer.concat([Uint8Array.of((value & 0x7f) | 0x80), varint(value >>> 7)]);
}
