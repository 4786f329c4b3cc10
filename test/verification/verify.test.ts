import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { smallestSizes } from "../../src/compiler/concrete.ts";
import type { Architecture } from "../../src/compiler/ir.ts";
import { emit } from "../../src/emit/emit.ts";
import { compareWithArchitecture } from "../../src/inspect/compare.ts";
import { readModel } from "../../src/inspect/model.ts";
import { runOnDevice } from "../../src/runtime/run-on-device.ts";
import { divergenceOf } from "../../src/verification/divergence.ts";
import { randomInput } from "../../src/verification/input.ts";
import type { DeviceReport } from "../../src/verification/reports.ts";
import { runOnDevices } from "../../src/verification/run-on-devices.ts";
import { evaluateWithVerificationWeights } from "../../src/verification/verification-weights.ts";
import { compareRuns } from "../../src/verification/verify-model.ts";
import { compileText } from "../compiling.ts";
import { defaults, joined } from "../emit/running.ts";
import { attribute, changed, type Graph, node, tensor } from "./changed.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "dnetc-verify-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const network = `network Small(growth = 8) {
  input image[3, 16, 16]
  stem: conv(3x3, 16) norm0: batchnorm act0: relu maxpool(3x3, stride = 2, pad = 1)
  block1: dense(3, growth, bottleneck = 4)
  transition1: transition(0.5)
  block2: dense(2, growth)
  norm5: batchnorm act5: silu globalavgpool classifier: linear(10)
}`;

describe("a model as it was written", () => {
  it.each([false, true])("agrees with the reference, folded: %s", async (fold) => {
    const report = await verified(network, { fold });
    expect(report.outputs).toHaveLength(1);
    expect(report.outputs[0]?.error.maxRelError).toBeLessThan(1e-5);
    expect(report.layers.length).toBeGreaterThan(30);
    expect(report.ok).toBe(true);
  });

  it("may have a layer of the name of an output", async () => {
    const { ok } = await verified("network Named { input image[2, 6, 7] output: linear(5) tanh }");
    expect(ok).toBe(true);
  });

  it("may have layers of the names of a tensor and of the input", async () => {
    const { ok } = await verified(
      'network Named { input image[2, 6, 7] "a.weight": conv(3x3, 4) a: conv(3x3, 4) image: conv(1x1, 2) relu }',
    );
    expect(ok).toBe(true);
  });

  it("with symbolic sizes runs at the smallest that meet the assumptions", async () => {
    const { ok } = await verified(`network Open {
      input image[3, H, W]
      require H % 4 == 0 and W % 4 == 0 and H >= 10
      conv(3x3, 8, stride = 2) batchnorm relu -> skip
      conv(3x3, 8, stride = 2) relu6 upsample(2) concat(skip)
      conv(1x1, 2)
    }`);
    expect(ok).toBe(true);
  });
});

it("rounding errors do not grow from layer to layer", async () => {
  const { layers } = await verified(
    "network Deep { input image[3, 6, 6] repeat 160 { conv(3x3, 8) batchnorm(affine = false) relu } conv(1x1, 2) }",
  );
  expect(Math.max(...layers.map((one) => one.error.maxRelError))).toBeLessThan(1e-5);
});

/** ONNX Runtime would take a Pad of plain zeros into the pooling after it. */
describe("zeros around an image stay zeros", () => {
  it.each([
    "scale(1, shift = -9) pad(1) maxpool(3, stride = 1)",
    "pad([0, 1, 0, 0]) avgpool(1)",
    "pad([0, 1, 0, 0]) maxpool(1)",
    "pad(2) maxpool(2, pad = 1)",
    "pad(2) avgpool(2, pad = 1, countpad = false)",
    "avgpool(3, pad = 1, stride = 2, ceil = true)",
    "pad(2) conv(3x3, 4)",
  ])("%s", async (layers) => {
    const { ok } = await verified(`network Padded { input image[2, 6, 7] ${layers} tanh }`);
    expect(ok).toBe(true);
  });
});

/** What can be wrong with a model that loads and runs: each is found, at the first layer that is another. */
describe("a model that was changed is found out", () => {
  const changes: readonly (readonly [what: string, layer: string, change: (graph: Graph) => void])[] = [
    ["one weight with the other sign", "stem", (graph) => flipSign(values(graph, "stem.weight"), 40)],
    [
      "a padding moved by a pixel",
      "maxpool1",
      (graph) => {
        attribute(node(graph, "maxpool1"), "pads").ints = [0, 0, 2, 2];
      },
    ],
    [
      "the inputs of a Concat swapped",
      "block1.concat1",
      (graph) => void node(graph, "block1.concat1").input?.reverse(),
    ],
    [
      "another epsilon",
      "norm0",
      (graph) => {
        attribute(node(graph, "norm0"), "epsilon").f = 1e-3;
      },
    ],
    [
      "another activation",
      "act5",
      (graph) => {
        node(graph, "act5.sigmoid").opType = "HardSigmoid";
      },
    ],
    [
      "γ and the variance of a normalisation swapped",
      "block2.denselayer1.norm1",
      (graph) => {
        const { input } = node(graph, "block2.denselayer1.norm1");
        if (input) [input[1], input[4]] = [input[4] ?? "", input[1] ?? ""];
      },
    ],
    [
      "β and the mean of a normalisation swapped",
      "norm5",
      (graph) => {
        const { input } = node(graph, "norm5");
        if (input) [input[2], input[3]] = [input[3] ?? "", input[2] ?? ""];
      },
    ],
  ];
  it.each(changes)("%s: %s", async (what, layer, change) => {
    const { ok, layers, differences } = await verified(network, {}, change);
    expect(ok).toBe(false);
    expect(layers.find((one) => !one.ok)?.name).toBe(layer);
    const isStored = what === "one weight with the other sign";
    expect(differences[0]?.where).toBe(isStored ? undefined : layer);
  });

  it("values that are no numbers", async () => {
    const { ok, layers } = await verified(network, {}, (graph) => {
      new DataView(values(graph, "stem.weight").buffer).setUint32(
        values(graph, "stem.weight").byteOffset,
        0x7fc00000,
        true,
      );
    });
    expect(ok).toBe(false);
    expect(layers.find((one) => !one.ok)).toMatchObject({ name: "stem", error: { nonFinite: expect.any(Number) } });
  });
});

describe("one thousandth more of the weights of one layer is found", () => {
  const plain = `network Plain { input image[3, 12, 12] repeat 20 { conv(3x3, 8) relu } conv(1x1, 4) }`;
  it.each([
    ["of a dense block", network, "block1.denselayer2.conv2"],
    ["in the middle of layers without normalisation", plain, "conv11"],
  ])("%s", async (_which, text, layer) => {
    const { layers } = await verified(text, {}, (graph) => scale(values(graph, `${layer}.weight`), 1.001));
    expect(layers.find((one) => !one.ok)?.name).toBe(layer);
  });
});

describe("a run whose output is the same whatever the layers are does not pass", () => {
  it.each(["conv(1x1, 1) softmax", "conv(3x3, 4) scale(0, shift = 2)", "linear(3) scale(1e-9, shift = 1)"])(
    "%s",
    async (layers) => {
      const report = await verified(`network Silent { input image[2, 6, 7] ${layers} }`);
      expect(report.ok).toBe(false);
      expect(report.layers.every((one) => one.ok)).toBe(true);
      expect(divergenceOf(report)).toBe("run-constant");
    },
  );

  it("but one number may be all that there is", async () => {
    const { ok } = await verified("network One { input image[2, 6, 7] linear(1) sigmoid }", { batch: 1 });
    expect(ok).toBe(true);
  });
});

async function verified(text: string, { fold = false, batch = 2 } = {}, change?: (graph: Graph) => void) {
  const architecture = compileText(text).architectures[0] as Architecture;
  const sizes = smallestSizes(architecture) ?? new Map<string, number>();
  const input = randomInput(architecture, { batch, seed: 1n, sizes });
  const known = evaluateWithVerificationWeights(architecture, { seed: 1n, batch: input.samples, sizes });
  const written = joined(emit(architecture, known.weights, { ...defaults, fold }));
  const bytes = change ? changed(written, change) : written;
  const file = path.join(folder, "model.onnx");
  writeFileSync(file, bytes);
  const comparison = compareWithArchitecture(readModel(bytes), architecture, { batch: 2, sizes });
  if (!change) expect(comparison.differences).toEqual([]);
  const subject = { architecture, file, comparison, input, sizes, evaluated: known };
  const { runs } = await runOnDevices(subject, ["cpu"], 0, host);
  const { reports } = await compareRuns(subject, runs, { tolerance: null, all: true }, host);
  return { ...(reports[0] as DeviceReport), differences: comparison.differences };
}

const host = { run: runOnDevice, watcher: { begin() {}, step: () => undefined } };

function values(graph: Graph, name: string): Uint8Array {
  return tensor(graph, name).rawData ?? new Uint8Array();
}

function scale(bytes: Uint8Array, factor: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; at += 4) view.setFloat32(at, view.getFloat32(at, true) * factor, true);
}

function flipSign(bytes: Uint8Array, index: number): void {
  bytes[index * 4 + 3] = (bytes[index * 4 + 3] as number) ^ 0x80;
}
