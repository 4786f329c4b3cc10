import onnxProto from "onnx-proto";
import { describe, expect, it } from "vitest";
import type { Architecture } from "../../src/compiler/ir.ts";
import type { EmitOptions } from "../../src/emit/emit.ts";
import { compareWithArchitecture } from "../../src/inspect/compare.ts";
import { readModel } from "../../src/inspect/model.ts";
import { compileText } from "../compiling.ts";
import { emitWith, joined } from "../emit/running.ts";
import { changed, type Graph, tensor } from "../verification/changed.ts";

const { DataType } = onnxProto.onnx.TensorProto;

const architecture = compileText(`network Net {
  input image[3, 8, 8]
  stem: conv(3x3, 4) norm: batchnorm act: relu6
  globalavgpool last: linear(2)
}`).architectures[0] as Architecture;

/** What is wrong after a change to a model, in words. */
function problems(options: Partial<EmitOptions>, change: (graph: Graph) => void): readonly string[] {
  const model = readModel(changed(joined(emitWith(architecture, options)), change));
  const { differences } = compareWithArchitecture(model, architecture, { batch: 1, sizes: new Map() });
  return differences.map(({ kind, where, problem }) => `${kind}: ${where} ${problem}`);
}

/** A tensor of two bytes a value as one of float32. */
function widened(graph: Graph, name: string): void {
  const found = tensor(graph, name);
  Object.assign(found, { dataType: DataType.FLOAT, rawData: new Uint8Array(2 * (found.rawData?.length ?? 0)) });
}

describe("a model in half precision is found to be wrong where", () => {
  it("one tensor is of another type, which its reader cannot mix", () => {
    expect(problems({ dtype: "f16" }, (graph) => widened(graph, "stem.weight"))).toEqual([
      "tensor: stem.weight is float32 [4, 3, 3, 3], and should be float16 [4, 3, 3, 3]",
      "node: stem (Conv) reads float16 and float32",
    ]);
  });

  it("the bias that folding adds is of another type", () => {
    const change = (graph: Graph) => {
      widened(graph, "stem.bias");
      const cast = graph.node?.findIndex((node) => node.name === "stem.bias.float32") ?? -1;
      graph.node?.splice(cast, 1);
      graph.valueInfo = graph.valueInfo?.filter(({ name }) => name !== "stem.bias.float32") ?? [];
      for (const { input } of graph.node ?? []) if (input?.[2] === "stem.bias.float32") input[2] = "stem.bias";
    };
    const words = "tensor: stem.bias is float32 [4], and should be bfloat16 [4]";
    expect(problems({ dtype: "bf16", fold: true }, change)).toEqual([words]);
  });

  it("a constant holds what rounding to another type would leave", () => {
    const change = (graph: Graph) => {
      tensor(graph, "act.max").rawData = Uint8Array.of(0x01, 0x46);
    };
    const words = "node: act reads act.max, which holds 6.00390625 at 0, and should hold 6";
    expect(problems({ dtype: "f16" }, change)).toEqual([words]);
  });

  it("a tensor is stated in another type", () => {
    const change = (graph: Graph) => {
      const type = graph.valueInfo?.find(({ name }) => name === "norm")?.type?.tensorType;
      if (type) type.elemType = DataType.FLOAT;
    };
    expect(problems({ dtype: "f16" }, change)).toEqual(["shape: norm is stated as float32, and should be float16"]);
  });

  it("its output is in another type than its input", () => {
    const change = (graph: Graph) => {
      const type = graph.output?.[0]?.type?.tensorType;
      if (type) type.elemType = DataType.FLOAT;
    };
    const words = "border: output is stated as float32, and should be float16";
    expect(problems({ dtype: "f16", keepIo: "none" }, change)).toEqual([words]);
  });
});

it("bits of float16 and bfloat16 may lie in numbers of their own, as other writers store them", () => {
  const unpacked = (graph: Graph) => {
    for (const one of graph.initializer ?? []) {
      if (one.dataType !== DataType.FLOAT16 && one.dataType !== DataType.BFLOAT16) continue;
      one.int32Data = [...new Uint16Array(Uint8Array.from(one.rawData ?? []).buffer)];
      delete one.rawData;
    }
  };
  for (const dtype of ["f16", "bf16"] as const) {
    const bytes = joined(emitWith(architecture, { dtype }));
    const [packed, other] = [bytes, changed(bytes, unpacked)].map((file) => readModel(file).graph.initializers);
    for (const [name, one] of packed ?? []) expect([...(other?.get(name)?.bytes() ?? [])]).toEqual([...one.bytes()]);
    expect(problems({ dtype }, unpacked)).toEqual([]);
  }
});
