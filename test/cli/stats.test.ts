import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderOf, small } from "./networks.ts";
import { run } from "./run.ts";

const densenet = "examples/densenet-121.dnet";

let folder: ReturnType<typeof folderOf>;
beforeAll(() => {
  folder = folderOf({ "small.dnet": small });
});
afterAll(() => folder.remove());

interface StatsJson {
  readonly layers: readonly Readonly<Record<string, unknown>>[];
  readonly tensors: readonly Readonly<Record<string, unknown>>[];
  readonly [field: string]: unknown;
}

describe("stats", () => {
  test("of DenseNet-121", async () => {
    const { code, out, err } = await run(["stats", densenet]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    await expect(out).toMatchFileSnapshot("stats/densenet-121.out");
  });

  test("of symbolic sizes, with a training head", async () => {
    const { code, out, err } = await run(["stats", "-"], { stdin: small });
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringContaining("note: taking Small, the first of 2 networks") as string,
    });
    await expect(out).toMatchFileSnapshot("stats/symbolic.out");
  });

  test("with sizes given", async () => {
    const { out } = await run(["stats", "-", "--dim=H=32", "--dim=W=32", "--quiet"], { stdin: small });
    await expect(out).toMatchFileSnapshot("stats/sizes-given.out");
  });

  test("keeps to the width of the window, and cuts names in the middle", async () => {
    const { out } = await run(["stats", densenet], { columns: 80 });
    const lines = out.split("\n");
    expect(
      Math.max(...lines.filter((line) => !line.startsWith("dense block")).map((line) => line.length)),
    ).toBeLessThanOrEqual(80);
    expect(lines.some((line) => /^feature….*layer1\.norm1 /.test(line))).toBe(true);
  });

  test("writes nothing where the network is not clean", async () => {
    const { code, out, err } = await run(["stats", folder.at("small.dnet"), "--network", "Broken"]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("error[expect-failed]");
  });

  test("of a network that needs parameters says which", async () => {
    const stdin = "network A(k) { input image[3, 8, 8] conv(3x3, k) }\n";
    const { code, err } = await run(["stats", "-"], { stdin });
    expect(code).toBe(1);
    expect(err).toContain("error[parameter-missing]");
    expect((await run(["stats", "-", "--set", "k=2"], { stdin })).code).toBe(0);
  });

  test("needs a network", async () => {
    const { code, err } = await run(["stats", "-"], { stdin: "block A { relu }\n" });
    expect({ code, err }).toEqual({ code: 1, err: "error: <stdin> declares no network\n" });
  });
});

describe("stats --format json", () => {
  test("has the fields that others build on", async () => {
    const { code, out } = await run(["stats", densenet, "--format", "json"]);
    expect(code).toBe(0);
    const { layers, tensors, ...totals } = JSON.parse(out) as StatsJson;
    expect(totals).toEqual({
      schemaVersion: 1,
      network: "DenseNet121",
      file: densenet,
      parameters: { growth: 32, compression: 0.5, classes: 1000 },
      input: { name: "image", shape: ["N", 3, 224, 224] },
      outputs: [{ name: "output", shape: ["N", 1000] }],
      params: 7_978_856,
      buffers: 83_648,
      macs: 2_834_161_664,
      flops: 5_668_323_328,
      depth: 121,
      memory: {
        weightBytes: 32_250_016,
        activationBytes: 195_146_656,
        peakBytes: 8_429_568,
        concatBytes: 40_692_736,
      },
    });
    expect(layers.find((layer) => layer.name === "features.denseblock1.denselayer1.norm1")).toEqual({
      name: "features.denseblock1.denselayer1.norm1",
      kind: "batchnorm",
      input: ["N", 64, 56, 56],
      output: ["N", 64, 56, 56],
      params: 128,
      buffers: 128,
      macs: 0,
      source: { file: densenet, line: 7, column: 18 },
    });
    expect(tensors[0]).toEqual({
      name: "features.conv0.weight",
      shape: [64, 3, 7, 7],
      dtype: "float32",
      kind: "parameter",
    });
  });

  test("has symbolic quantities as text", async () => {
    const { out } = await run(["stats", "-", "--format", "json"], { stdin: small });
    expect(JSON.parse(out)).toMatchObject({
      parameters: { growth: 4, compression: 0.5 },
      input: { shape: ["N", 3, "H", "W"] },
      macs: "1712·H·W + 100",
      params: 1967,
    });
  });
});
