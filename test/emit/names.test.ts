import { describe, expect, it } from "vitest";
import { conv, Network } from "./network.ts";
import { decode, emitWith, run, sample } from "./running.ts";

const image = [3, 4, 4] as const;

describe("names", () => {
  it("are those of ops and tensors", () => {
    const network = new Network(image);
    const x = network.apply("conv", conv(3, 3, 3, { bias: true }), [network.input], image, "a.b.stem");
    const y = network.apply("silu", {}, [x], image, "a.silu1");
    const graph = decode(emitWith(network.architecture(network.apply("relu", {}, [y], image, "relu1")))).graph;
    const nodes = graph?.node?.map((node) => [node.name, node.input, node.output]);
    expect(nodes).toEqual([
      ["a.b.stem", ["image", "a.b.stem.weight", "a.b.stem.bias"], ["a.b.stem"]],
      ["a.silu1.sigmoid", ["a.b.stem"], ["a.silu1.sigmoid"]],
      ["a.silu1", ["a.b.stem", "a.silu1.sigmoid"], ["a.silu1"]],
      ["relu1", ["a.silu1"], ["output"]],
    ]);
    expect(graph?.input?.map((one) => one.name)).toEqual(["image"]);
  });

  it("published ones win, and what clashes gets a suffix", async () => {
    const network = new Network(image);
    const x = network.apply("relu", {}, [network.input], image, "image");
    const y = network.apply("conv", conv(3, 3, 1), [x], image, "features");
    const z = network.apply("relu", {}, [y], image, "features.weight");
    const silu = network.apply("silu", {}, [z], image, "layer");
    const last = network.apply("relu", {}, [silu], image, "layer.sigmoid");
    const outputs = [{ name: "features", activation: x }];
    const model = emitWith(network.architecture(last, { outputs }));
    const graph = decode(model).graph;
    const made = graph?.node?.map((node) => `${node.name} -> ${node.output}`);
    expect(made).toEqual([
      "image -> features",
      "features -> features_2",
      "features.weight -> features.weight_2",
      "layer.sigmoid_2 -> layer.sigmoid",
      "layer -> layer",
      "layer.sigmoid -> output",
    ]);
    expect(graph?.initializer?.map((one) => one.name)).toEqual(["features.weight"]);
    expect(Object.keys(await run(model, sample([1, ...image])))).toEqual(["output", "features"]);
  });

  it("come from the maker where the published op leaves no node", () => {
    const network = new Network(image);
    const x = network.apply("relu", {}, [network.input], image);
    const last = network.apply("dropout", { rate: 0.5 }, [x], image);
    const graph = decode(emitWith(network.architecture(last))).graph;
    expect(graph?.node?.map((node) => [node.name, ...(node.output ?? [])])).toEqual([["relu1", "output"]]);
  });
});
