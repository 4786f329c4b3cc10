import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { floors, folderOf, small } from "./networks.ts";
import { run } from "./run.ts";

const densenet = "examples/densenet-121.dnet";

let folder: ReturnType<typeof folderOf>;
beforeAll(() => {
  folder = folderOf({ "small.dnet": small });
});
afterAll(() => folder.remove());

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
    const { layers } = JSON.parse((await run(["stats", densenet, "--format=json"])).out) as {
      readonly layers: readonly { readonly name: string }[];
    };
    const scopes = new Set(layers.flatMap(({ name }) => parents(name)));
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

function parents(name: string): readonly string[] {
  const parts = name.split(".");
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join("."));
}
