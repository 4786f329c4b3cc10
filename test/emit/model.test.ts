import { createHash } from "node:crypto";
import onnxProto from "onnx-proto";
import { describe, expect, it } from "vitest";
import type { Tensor } from "../../src/compiler/ir.ts";
import { emit, ModelTooLarge } from "../../src/emit/emit.ts";
import { initialise } from "../../src/weights/initialise.ts";
import { elementsOf } from "../../src/weights/weights.ts";
import { denseNet121 } from "./densenet.ts";
import { conv, Network } from "./network.ts";
import {
  decode,
  defaults,
  emitWith,
  inferredShapes,
  joined,
  largestDifference,
  run,
  sample,
  statedShapes,
} from "./running.ts";

const { onnx } = onnxProto;

describe("DenseNet-121", () => {
  const architecture = denseNet121();
  const model = emit(architecture, initialise(architecture, { init: "he", seed: 0 }), defaults);

  it("has the nodes that its definition counts", () => {
    expect(nodeTypes(model)).toEqual({
      AveragePool: 3,
      BatchNormalization: 121,
      Concat: 58,
      Conv: 120,
      Flatten: 1,
      Gemm: 1,
      GlobalAveragePool: 1,
      MaxPool: 1,
      Relu: 121,
    });
    expect(model.nodes).toBe(427);
    expect(emitWith(architecture, { fold: true }).nodes).toBe(368);
  });

  it("has the published number of parameters and little beside them", () => {
    expect(model.tensorBytes).toBe(32_250_016);
    const structure = model.bytes - model.tensorBytes;
    const shapes = onnx.GraphProto.encode({ valueInfo: decode(model).graph?.valueInfo ?? [] }).finish().length;
    expect(structure).toBeLessThan(170_000);
    expect(structure - shapes).toBeLessThan(140_000);
  });

  it("has the tensors under their public names, in their shapes", () => {
    const stored = architecture.tensors.filter((tensor) => tensor.kind !== "counter");
    const written = (decode(model).graph?.initializer ?? []).map((one) => `${one.name} ${one.dims?.map(Number)}`);
    expect(written.sort()).toEqual(stored.map(({ name, shape }) => `${name} ${shape}`).sort());
  });

  it("states the shape of every tensor as ONNX Runtime infers it", async () => {
    expect(await inferredShapes(model)).toEqual(statedShapes(model));
    expect(statedShapes(model).size).toBe(427);
  });

  it("computes the same with normalisations folded", async () => {
    const input = sample([1, 3, 224, 224]);
    const [plain, folded] = [
      await run(model, input),
      await run(
        emit(architecture, initialise(architecture, { init: "he", seed: 0 }), { ...defaults, fold: true }),
        input,
      ),
    ];
    const scale = Math.max(...(plain.output?.data ?? []).map(Math.abs));
    expect(scale).toBeGreaterThan(0.1);
    expect(largestDifference(plain.output?.data ?? [], folded.output?.data ?? []) / scale).toBeLessThan(1e-5);
  });
});

describe("emit", () => {
  const tiny = () => {
    const network = new Network([3, 8, 8]);
    const x = network.apply("conv", conv(3, 4, 3), [network.input], [4, 8, 8], "stem");
    return network.architecture(network.apply("relu", {}, [x], [4, 8, 8]), { doc: "A test — with “quotes”." });
  };

  it("writes the metadata in a fixed order, with nothing of the machine", () => {
    const model = emitWith(tiny(), {
      provenance: { version: "1.2.3", sourceHash: "ab12", init: "he", seed: 5n, params: 108, macs: 6912 },
    });
    const proto = decode(model);
    expect(proto.metadataProps?.map(({ key, value }) => [key, value])).toEqual([
      ["dnetc.version", "1.2.3"],
      ["dnetc.source.sha256", "ab12"],
      ["dnetc.network", "Test"],
      ["dnetc.parameters", '{"growth":32}'],
      ["dnetc.params", "108"],
      ["dnetc.macs", "6912"],
      ["dnetc.init", "he"],
      ["dnetc.seed", "5"],
      [
        "dnetc.tensors.sha256",
        createHash("sha256")
          .update(Buffer.concat((proto.graph?.initializer ?? []).map((one) => one.rawData ?? new Uint8Array())))
          .digest("hex"),
      ],
    ]);
    expect([proto.producerName, proto.producerVersion, Number(proto.irVersion)]).toEqual(["dnetc", "1.2.3", 8]);
    expect([proto.docString, proto.graph?.docString, proto.graph?.name]).toEqual(
      Array(2).fill(tiny().doc).concat("Test"),
    );
    expect(proto.opsetImport?.map((one) => [one.domain, Number(one.version)])).toEqual([["", 17]]);
  });

  it("writes the same bytes every time", () => {
    expect(Buffer.compare(joined(emitWith(tiny())), joined(emitWith(tiny())))).toBe(0);
  });

  it("counts its bytes", () => {
    const model = emitWith(tiny());
    expect(model.bytes).toBe(joined(model).length);
    expect(model.tensorBytes).toBe(4 * 3 * 9 * 4);
  });

  it("fixes the batch where it is asked to", async () => {
    const model = emitWith(tiny(), { batch: 3 });
    expect([...statedShapes(model).values()]).toEqual([
      [3, 4, 8, 8],
      [3, 4, 8, 8],
    ]);
    expect((await run(model, sample([3, 3, 8, 8]))).output?.shape).toEqual([3, 4, 8, 8]);
    await expect(run(model, sample([2, 3, 8, 8]))).rejects.toThrow("dimensions");
  });

  it("takes weights as they lie in memory", () => {
    const architecture = tiny();
    const values = new Float32Array(108).fill(0.5);
    const model = emit(architecture, { data: () => values }, defaults);
    expect([...model.chunks].some((chunk) => chunk.buffer === values.buffer)).toBe(true);
  });

  it("asks for a tensor when it is its turn", () => {
    const network = new Network([3, 8, 8]);
    const x = network.apply("conv", conv(3, 4, 3), [network.input], [4, 8, 8], "first");
    const architecture = network.architecture(network.apply("conv", conv(4, 2, 1), [x], [2, 8, 8], "second"));
    const asked: string[] = [];
    const weights = {
      data({ name, shape }: Tensor) {
        asked.push(name);
        return new Float32Array(elementsOf(shape));
      },
    };
    const { chunks } = emit(architecture, weights, defaults);
    const written = Array.from(chunks, (chunk) => [chunk.length, asked.length]);
    expect(written.filter(([bytes]) => bytes === 4 * 3 * 9 * 4)).toEqual([[432, 1]]);
    expect(asked).toEqual(["first.weight", "second.weight"]);
  });

  it("refuses weights of another size", () => {
    expect(() => joined(emit(tiny(), { data: () => new Float32Array(107) }, defaults))).toThrow(
      "stem.weight has 107 values, not 108",
    );
  });

  it("refuses a model that protobuf cannot hold before it asks for weights", () => {
    const network = new Network([30_000]);
    const big = { inFeatures: 30_000, features: 30_000, bias: false };
    const architecture = network.architecture(network.apply("linear", big, [network.input], [30_000]));
    const asked: Tensor[] = [];
    const weights = {
      data(tensor: Tensor) {
        asked.push(tensor);
        return new Float32Array(elementsOf(tensor.shape));
      },
    };
    expect(() => emit(architecture, weights, defaults)).toThrow(ModelTooLarge);
    expect(asked).toEqual([]);
  });
});

function nodeTypes(model: ReturnType<typeof emitWith>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { opType } of decode(model).graph?.node ?? []) counts[opType ?? ""] = (counts[opType ?? ""] ?? 0) + 1;
  return counts;
}
