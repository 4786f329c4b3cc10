import { describe, expect, it } from "vitest";
import type { Activation, Architecture, OpOf } from "../../src/compiler/ir.ts";
import { batchnorm, conv, Network } from "./network.ts";
import { decode, emitWith, largestDifference, run, sample } from "./running.ts";

const image = [6, 7, 9] as const;

describe("folding", () => {
  it.each<[string, (network: Network) => Activation]>([
    ["a convolution", (network) => convolve(network, {})],
    ["one with a bias", (network) => convolve(network, { bias: true })],
    ["one with groups", (network) => convolve(network, { groups: 3 })],
    ["a standardised one", (network) => convolve(network, { standardize: 1e-5 })],
    ["a deconvolution", (network) => deconvolve(network, 1, false)],
    ["a deconvolution with groups and bias", (network) => deconvolve(network, 2, true)],
  ])("keeps what %s computes", async (_name, build) => {
    for (const affine of [true, false]) {
      const network = new Network(image);
      const x = build(network);
      const channels = x.shape[0] as number;
      const last = network.apply("batchnorm", batchnorm(channels, { affine, eps: 1e-3 }), [x], x.shape);
      const { plain, folded } = await both(network.architecture(last));
      expect(folded.types).toEqual(plain.types.slice(0, 1));
      expect(folded.initializers).toEqual(["layer.weight", "layer.bias"]);
      expect(largestDifference(plain.data, folded.data)).toBeLessThan(1e-5 * Math.max(...plain.data.map(Math.abs)));
    }
  });

  it("sees through a dropout", async () => {
    const network = new Network(image);
    const dropped = network.apply("dropout", { rate: 0.5 }, [convolve(network, {})], image);
    const { folded } = await both(network.architecture(network.apply("batchnorm", batchnorm(6), [dropped], image)));
    expect(folded.types).toEqual(["Conv"]);
  });

  it("leaves a normalisation alone where something else reads the convolution", async () => {
    const network = new Network(image);
    const x = convolve(network, {});
    const normal = network.apply("batchnorm", batchnorm(6), [x], image);
    const { folded } = await both(network.architecture(network.apply("add", {}, [normal, x], image)));
    expect(folded.types).toEqual(["Conv", "BatchNormalization", "Add"]);
  });

  it("leaves a normalisation alone where the convolution is published", async () => {
    const network = new Network(image);
    const x = convolve(network, {});
    const normal = network.apply("batchnorm", batchnorm(6), [x], image);
    const { folded } = await both(network.architecture(normal, { outputs: [{ name: "before", activation: x }] }));
    expect(folded.types).toEqual(["Conv", "BatchNormalization"]);
  });

  it("leaves a normalisation after a scatter alone", async () => {
    const network = new Network(image);
    const x = network.apply("scatter", { inChannels: 6, channels: 6 }, [network.input], image);
    const { folded } = await both(network.architecture(network.apply("batchnorm", batchnorm(6), [x], image)));
    expect(folded.types).toEqual(["Transpose", "Reshape", "Conv", "BatchNormalization"]);
  });

  it("leaves a normalisation before a convolution alone, and folds two in a row", async () => {
    const network = new Network(image);
    const before = network.apply("batchnorm", batchnorm(6), [network.input], image);
    const x = network.apply("conv", conv(6, 6, 3), [before], image, "layer");
    const first = network.apply("batchnorm", batchnorm(6), [x], image);
    const second = network.apply("batchnorm", batchnorm(6), [first], image);
    const { plain, folded } = await both(network.architecture(network.apply("relu", {}, [second], image)));
    expect(folded.types).toEqual(["BatchNormalization", "Conv", "Relu"]);
    expect(largestDifference(plain.data, folded.data)).toBeLessThan(1e-5 * Math.max(...plain.data.map(Math.abs)));
  });
});

function convolve(network: Network, more: Partial<OpOf<"conv">["settings"]>): Activation {
  return network.apply("conv", conv(6, 6, 3, more), [network.input], image, "layer");
}

function deconvolve(network: Network, groups: number, bias: boolean): Activation {
  const settings = {
    kernel: [2, 3],
    inChannels: 6,
    channels: 4,
    stride: [2, 2],
    pad: [0, 1, 0, 0],
    outpad: [0, 0],
  } as const;
  return network.apply("deconv", { ...settings, groups, bias }, [network.input], [4, 14, 18], "layer");
}

async function both(architecture: Architecture) {
  const [plain, folded] = [await observe(architecture, false), await observe(architecture, true)];
  return { plain, folded };
}

async function observe(architecture: Architecture, fold: boolean) {
  const model = emitWith(architecture, { fold });
  const { graph } = decode(model);
  const { output } = await run(model, sample([2, ...image]));
  return {
    types: (graph?.node ?? []).map((node) => node.opType),
    initializers: (graph?.initializer ?? []).map((one) => one.name),
    data: output?.data ?? new Float32Array(),
  };
}
