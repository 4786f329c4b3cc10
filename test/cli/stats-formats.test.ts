import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { csv } from "../../src/cli/stats/csv.ts";
import { floors, folderOf, small } from "./networks.ts";
import { run } from "./run.ts";

const densenet = "examples/densenet-121.dnet";

let folder: ReturnType<typeof folderOf>;
beforeAll(() => {
  folder = folderOf({ 'one,"two".dnet': "network A { input image[3, H, W] conv(1x1, 2) }" });
});
afterAll(() => folder.remove());

interface StatsJson {
  readonly denseBlocks: readonly Readonly<Record<string, unknown>>[];
  readonly layers: readonly Readonly<Record<string, unknown>>[];
  readonly tensors: readonly Readonly<Record<string, unknown>>[];
  readonly [field: string]: unknown;
}

describe("stats --format json", () => {
  test("has the fields that others build on", async () => {
    const { code, out } = await run(["stats", densenet, "--format", "json"]);
    expect(code).toBe(0);
    const { denseBlocks, layers, tensors, ...totals } = JSON.parse(out) as StatsJson;
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
        sharedConcatBytes: 82_702_240,
        peakLayer: "features.denseblock1.denselayer6.relu1",
        peaks: [
          {
            bytes: 8_429_568,
            layer: "features.denseblock1.denselayer6.relu1",
            alive: ["concat5", "denselayer6.norm1", "denselayer6.relu1"].map((name) => ({
              layer: `features.denseblock1.${name}`,
              shape: ["N", 224, 56, 56],
              bytes: 2_809_856,
            })),
          },
        ],
      },
      receptiveField: { size: [2071, 2071], layer: "features.relu2" },
    });
    expect(denseBlocks).toMatchObject([6, 12, 24, 16].map((many) => ({ layers: many, growth: 32, bottleneck: 4 })));
    expect(denseBlocks[0]).toEqual({
      name: "features.denseblock1",
      layers: 6,
      inputChannels: 64,
      growth: 32,
      bottleneck: 4,
      keep: true,
      output: ["N", 256, 56, 56],
      derivation: "6 layers see 64 + 32·(l−1) channels: 64, 96, 128, …, 224 → 256",
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
      training: false,
      aliveBytes: 2 * 64 * 56 * 56 * 4,
      receptiveField: [11, 11],
    });
    expect(tensors[0]).toEqual({
      name: "features.conv0.weight",
      shape: [64, 3, 7, 7],
      dtype: "float32",
      kind: "parameter",
    });
  });

  test("has symbolic quantities as expressions of the language", async () => {
    const { out } = await run(["stats", "-", "--format", "json"], { stdin: small });
    expect(JSON.parse(out)).toMatchObject({
      parameters: { growth: 4, compression: 0.5 },
      input: { shape: ["N", 3, "H", "W"] },
      macs: "1712*H*W + 100",
      params: 1967,
      memory: { peakBytes: "192*H*W", peakLayer: "dense1.denselayer3.relu1" },
    });
    const { macs, layers } = JSON.parse((await run(["stats", "-", "--format=json"], { stdin: floors })).out);
    expect(layers[1].output).toEqual(["N", 4, "floor((H + 1)/4)", "floor((W + 1)/4)"]);
    const stated = floors.replace("9 * 2)", `9 * 2) expect macs == ${macs}`);
    expect(await run(["check", "-", "-q"], { stdin: stated })).toEqual({ code: 0, out: "", err: "" });
  });

  test("has numbers beyond 2^53 as text", async () => {
    const stdin = "network A { input image[3, 100_000, 100_000] conv(1x1, 1_000_000) conv(1x1, 1_000_000) }";
    const { out } = await run(["stats", "-", "--format", "json"], { stdin });
    expect(JSON.parse(out)).toMatchObject({ macs: "10000030000000000000000", params: 1_000_003_000_000 });
  });
});

describe("stats --format csv", () => {
  test("has a row for each layer, with numbers as machines read them", async () => {
    const { out } = await run(["stats", densenet, "--format", "csv"]);
    const [head = "", ...rows] = out.trimEnd().split("\r\n");
    expect(head.split(",")).toHaveLength(18);
    const { layers } = JSON.parse((await run(["stats", densenet, "--format=json"])).out) as StatsJson;
    expect(rows.map((row) => row.split(",")[0])).toEqual(layers.map(({ name }) => name));
    expect(rows[0]).toBe(
      `features.conv0,conv,false,3,224,224,64,112,112,9408,0,118013952,3813376,7,7,${densenet},6,12`,
    );
    expect(rows.at(-1)).toBe(`classifier,linear,false,1024,1,1,1000,,,1025000,0,1024000,8096,,,${densenet},13,30`);
    const at = head.split(",").indexOf("macs");
    expect(rows.reduce((sum, row) => sum + Number(row.split(",")[at]), 0)).toBe(2_834_161_664);
  });

  test("has symbolic counts as text, and quotes where it must", async () => {
    const file = folder.at('one,"two".dnet');
    const { out } = await run(["stats", file, "--format=csv"]);
    const quoted = `"${file.replaceAll('"', '""')}"`;
    expect(out.split("\r\n")[1]).toBe(`conv1,conv,false,3,H,W,2,H,W,6,0,6*H*W,20*H*W,1,1,${quoted},1,34`);
  });

  test("has nothing that a spreadsheet would run", () => {
    expect(csv([{ file: "=1+1.dnet", bytes: -4 }], ["file", "bytes"])).toBe("file,bytes\r\n'=1+1.dnet,-4\r\n");
  });
});

describe("stats --format markdown", () => {
  test.each(["densenet-121", "tiramisu"])("of %s", async (name) => {
    const { out } = await run(["stats", `examples/${name}.dnet`, "--format", "markdown"]);
    await expect(out).toMatchFileSnapshot(`stats/${name}.md.out`);
  });

  test("keeps bars inside their cells", async () => {
    const stdin = 'network A(name = "a|b") { input image[3, 8, 8] conv(1x1, 2) }';
    const { out } = await run(["stats", "-", "--format", "markdown"], { stdin });
    expect(out).toContain('`A(name = "a\\|b")`');
    expect(
      out
        .split("\n")
        .filter((line) => line.startsWith("|"))
        .every((line) => line.endsWith("|")),
    ).toBe(true);
  });
});
