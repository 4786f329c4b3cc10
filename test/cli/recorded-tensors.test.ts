import onnxProto from "onnx-proto";
import { describe, expect, it } from "vitest";
import { checkRecorded } from "../../src/cli/verification/recorded-tensors.ts";
import { count } from "../../src/compiler/count.ts";
import type { Architecture } from "../../src/compiler/ir.ts";
import { emit } from "../../src/emit/emit.ts";
import { compareWithArchitecture } from "../../src/inspect/compare.ts";
import { readModel } from "../../src/inspect/model.ts";
import { type InitialKind, kindOfName } from "../../src/weights/init.ts";
import { initialise } from "../../src/weights/initialise.ts";
import { compileText } from "../compiling.ts";
import { defaults, joined } from "../emit/running.ts";
import { changed, type Graph, node, type Proto } from "../verification/changed.ts";

const architecture = compileText(`network Net {
  input image[3, 8, 8]
  stem: conv(3x3, 4) norm: batchnorm act: relu
  residual { conv(1x1, 4) batchnorm }
  concat { branch { left: conv(1x1, 2) } branch { right: conv(1x1, 2) } }
  globalavgpool last: linear(2)
}`).architectures[0] as Architecture;
const { params, macs } = count(architecture);
const provenance = { ...defaults.provenance, params, macs };
const bytes = joined(emit(architecture, initialise(architecture, provenance as never), { ...defaults, provenance }));

async function problems(change: (graph: Graph, model: Proto) => void, anyWeights = false, of = bytes) {
  const model = readModel(changed(of, change));
  const comparison = compareWithArchitecture(model, architecture, { batch: 1, sizes: new Map() });
  const found = await checkRecorded(model, architecture, comparison, anyWeights);
  return found.map(({ kind, where, problem }) => `${kind}: ${where} ${problem}`);
}

function record(model: Proto, key: string, value: string): void {
  for (const entry of model.metadataProps) if (entry.key === key) entry.value = value;
}

describe("what a model records of its values", () => {
  it.each([
    ["another seed", "dnetc.seed", "1", "he as dnetc.init and 1 as dnetc.seed, which make other values of stem.weight"],
    ["another way", "dnetc.init", "zeros", "zeros as dnetc.init and 0 as dnetc.seed, which make other values of stem"],
  ])("%s is found", async (_what, key, value, words) => {
    const change = (_graph: Graph, model: Proto) => record(model, key, value);
    expect(await problems(change)).toEqual([expect.stringContaining(`metadata: the model records ${words}`)]);
    expect(await problems(change, true)).toEqual([]);
  });

  it.each(["he", "xavier", "zeros", "constant=0.1", "xavier+zero-init-residual"])("%s is made again", async (init) => {
    const kind = kindOfName(init) as InitialKind;
    const weights = initialise(architecture, { ...kind, seed: 0 });
    const written = joined(emit(architecture, weights, { ...defaults, provenance: { ...provenance, init } }));
    expect(await problems(() => {}, false, written)).toEqual([]);
    const other = init === "he" ? "xavier" : "he";
    const change = (_graph: Graph, model: Proto) => record(model, "dnetc.init", other);
    const words = `metadata: the model records ${other} as dnetc.init and 0 as dnetc.seed, which make other values of `;
    expect(await problems(change, false, written)).toEqual([expect.stringContaining(words)]);
  });

  it("is in float32 where no other type is recorded", async () => {
    const change = (_graph: Graph, { metadataProps }: Proto) => {
      metadataProps.push(onnxProto.onnx.StringStringEntryProto.create({ key: "dnetc.dtype", value: "f16" }));
    };
    const words = "metadata: the model records f16 as dnetc.dtype, and should record nothing";
    expect(await problems(change, true)).toEqual([words]);
  });

  it("must be there, unless the weights may be any", async () => {
    const change = (_graph: Graph, model: Proto) => void model.metadataProps.splice(6, 3);
    expect(await problems(change)).toEqual(
      ["dnetc.init", "dnetc.seed", "dnetc.tensors.sha256"].map((key) => `metadata: the model does not record ${key}`),
    );
    expect(await problems(change, true)).toEqual([]);
  });

  it("holds in whatever order the tensors are stored and the nodes run", async () => {
    expect(await problems((graph) => void graph.initializer?.reverse())).toEqual([]);
    const exchange = (graph: Graph) => {
      const nodes = graph.node ?? [];
      const [left, right] = ["left", "right"].map((name) => nodes.indexOf(node(graph, name)));
      [nodes[left as number], nodes[right as number]] = [node(graph, "right"), node(graph, "left")];
    };
    expect(await problems(exchange)).toEqual([]);
  });

  it("is not blamed for nodes that read other tensors", async () => {
    const wired = (graph: Graph) => {
      const { input } = node(graph, "norm");
      if (input) [input[3], input[4]] = [input[4] ?? "", input[3] ?? ""];
    };
    expect(await problems(wired)).toEqual([]);
  });

  it("names how many tensors differ", async () => {
    const change = (graph: Graph) => {
      for (const tensor of graph.initializer ?? [])
        tensor.rawData = (tensor.rawData ?? new Uint8Array()).map((b) => b ^ 1);
    };
    expect(await problems(change)).toEqual([expect.stringMatching(/^values: stem\.weight and \d+ others hold other/)]);
  });

  it("tells tensors of unknown origin that changed their names", async () => {
    const change = (graph: Graph, model: Proto) => {
      record(model, "dnetc.init", "trained");
      const [one, two] = ["left.weight", "right.weight"].map((name) => graph.initializer?.find((t) => t.name === name));
      if (one && two) [one.name, two.name] = [two.name ?? "", one.name ?? ""];
    };
    expect(await problems(change)).toEqual(["values: right.weight is stored in the place of another tensor"]);
  });
});
