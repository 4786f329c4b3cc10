import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { csv } from "../../src/cli/stats/csv.ts";
import { folderOf, small } from "./networks.ts";
import { run } from "./run.ts";

const densenet = "examples/densenet-121.dnet";
const floors = "network Floors { input image[3, H, W] conv(3x3, 4, stride = 2) maxpool(2) conv(1x1, 9 * 2) }";

let folder: ReturnType<typeof folderOf>;
beforeAll(() => {
  folder = folderOf({
    "small.dnet": small,
    'one,"two".dnet': "network A { input image[3, H, W] conv(1x1, 2) }",
  });
});
afterAll(() => folder.remove());

interface StatsJson {
  readonly denseBlocks: readonly Readonly<Record<string, unknown>>[];
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

  test("elsewhere than on a terminal is as wide as COLUMNS says, if that is a number", async () => {
    const outOf = async (COLUMNS: string) => (await run(["stats", densenet], { env: { COLUMNS } })).out;
    await expect(await outOf("80")).toMatchFileSnapshot("stats/densenet-121-80.out");
    for (const none of ["", "0", "wide"]) await expect(await outOf(none)).toMatchFileSnapshot("stats/densenet-121.out");
  });

  test("tells where pixels see the whole image", async () => {
    const fieldOf = async (end: string) => {
      const stdin = `network A { input image[3, 8, 8] c: conv(3x3, 4) ${end} }`;
      return (await run(["stats", "-"], { stdin })).out.split("\n").find((line) => line.startsWith("receptive field"));
    };
    expect(await fieldOf("globalavgpool linear(2)")).toMatch(/ 3×3 +at c$/);
    expect(await fieldOf("groupnorm(2) conv(3x3, 4) globalavgpool")).toMatch(
      / all +from groupnorm1 on \(3×3 before\)$/,
    );
  });

  test("with sizes given", async () => {
    const { out } = await run(["stats", "-", "--dim=H=32", "--dim=W=32", "--quiet"], { stdin: small });
    await expect(out).toMatchFileSnapshot("stats/sizes-given.out");
  });

  test.each([
    ["densenet-121", 80],
    ["densenet-121", 160],
    ["tiramisu", 80],
    ["tiramisu", 160],
  ])("of %s in a window of %d columns", async (name, columns) => {
    const { out } = await run(["stats", `examples/${name}.dnet`], {
      columns,
      outIsTerminal: true,
      env: { NO_COLOR: "1" },
    });
    await expect(out).toMatchFileSnapshot(`stats/${name}-${columns}.out`);
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  test("in colour on a terminal, at its width; elsewhere plain, at 100 columns", async () => {
    const coloured = await run(["stats", densenet], { columns: 80, outIsTerminal: true });
    expect(coloured.out).toContain("\u001b[");
    expect(await run(["stats", densenet], { columns: 80 })).toEqual(await run(["stats", densenet]));
  });

  test("in ASCII where the terminal shows no more", async () => {
    const { out } = await run(["stats", "-", "--ascii", "--color=never"], {
      stdin: floors,
      columns: 80,
      outIsTerminal: true,
    });
    await expect(out).toMatchFileSnapshot("stats/ascii.out");
    expect(out).toMatch(/^[\n -~]*$/);
  });

  test("with long polynomials on several lines", async () => {
    const stdin = `network Long { input image[3, H, W] conv(7x7, 16, stride = 2) batchnorm relu
      maxpool(3x3, stride = 2, pad = 1) dense(4, 8) transition(0.5) dense(4, 8) }`;
    const { out } = await run(["stats", "-"], { stdin, columns: 80, outIsTerminal: true, env: { NO_COLOR: "1" } });
    await expect(out.slice(out.indexOf("parameters"), out.indexOf("activations alive"))).toMatchFileSnapshot(
      "stats/long-polynomials.out",
    );
  });

  test("keeps to a narrow window, and cuts names in the middle", async () => {
    const { out } = await run(["stats", densenet, "--depth", "3"], { columns: 60, outIsTerminal: true });
    const lines = stripVTControlCharacters(out).split("\n");
    expect(lines.find((line) => line.includes("denselayer1"))).toBeUndefined();
    expect(lines.some((line) => /^ +d….* … 6 {2}×6 /.test(line))).toBe(true);
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

describe("stats --depth", () => {
  const rowsAt = async (depth: string) => {
    const { out } = await run(["stats", densenet, "--depth", depth]);
    return out.slice(out.indexOf("layer "), out.indexOf("\n\nparameters")).split("\n").slice(1);
  };

  test("sums up what lies deeper", async () => {
    expect((await rowsAt("1")).map((row) => row.split(/ {2,}/)[0])).toEqual([
      "features",
      "globalavgpool1",
      "classifier: linear",
    ]);
    expect(await rowsAt("2")).toEqual(await rowsAt("auto"));
  });

  test("of a repeated layer adds its members up", async () => {
    const row = (await rowsAt("4")).find((one) => one.includes("conv2 3×3  ×24"));
    expect(row?.trim().split(/ {2,}/).slice(1, 5)).toEqual(["×24", "32×14×14", "884,736", "173,408,256"]);
  });

  test("all has a row for each layer", async () => {
    const rows = (await rowsAt("all")).filter((row) => !row.includes("channels:"));
    const { layers } = JSON.parse((await run(["stats", densenet, "--format=json"])).out) as StatsJson;
    const scopes = new Set(layers.flatMap(({ name }) => parents(String(name))));
    expect(rows).toHaveLength(layers.length + scopes.size);
    expect(rows.some((row) => row.includes("×6 "))).toBe(false);
  });

  test("rolls up only what costs the same, but in dense blocks what has the same form", async () => {
    const stdin = `network A { input image[3, 8, 8]
      a: { conv(3x3, 4) relu } b: { conv(3x3, 4) relu } c: { conv(3x3, 4) relu } d: { conv(3x3, 8) relu }
      dense(5) as l { if l == 3 { conv(3x3, 6) } else { conv(1x1, 6) } } }`;
    const { out } = await run(["stats", "-", "--depth=2"], { stdin });
    const labels = out.split("\n").flatMap((line) => /^( *\S+(?: … \S+)?)/.exec(line)?.[1] ?? []);
    expect(labels.slice(4, 22)).toEqual([
      "a",
      "  conv1",
      "  relu1",
      "b … c",
      "  conv1",
      "  relu1",
      "d",
      "  conv1",
      "  relu1",
      "dense1",
      "  5",
      "  denselayer1 … 2",
      "  concat1 … 2",
      "  denselayer3",
      "  concat3",
      "  denselayer4 … 5",
      "  concat4 … 5",
      "parameters",
    ]);
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

function parents(name: string): readonly string[] {
  const parts = name.split(".");
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join("."));
}
