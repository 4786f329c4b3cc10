import { readdirSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderOf, small } from "./networks.ts";
import { run } from "./run.ts";

const examples = readdirSync("examples").map((name) => `examples/${name}`);
const broken = "network B { input image[3, 8, 8] covn(3x3, 4) }\n";
const waiting = "network Waits(k) { input image[3, 8, 8] conv(3x3, k) }\n";

let folder: ReturnType<typeof folderOf>;
beforeAll(() => {
  folder = folderOf({ "small.dnet": small.slice(0, small.indexOf("network Broken")), "broken.dnet": broken });
});
afterAll(() => folder.remove());

describe("stats --summary", () => {
  test("has a line for each network of the examples", async () => {
    const { code, out, err } = await run(["stats", "--summary", ...examples]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    await expect(out).toMatchFileSnapshot("stats/summary.out");
    const narrow = await run(["stats", "--summary", "examples/densenet-cifar.dnet"], {
      columns: 80,
      outIsTerminal: true,
      env: { NO_COLOR: "1" },
    });
    await expect(narrow.out).toMatchFileSnapshot("stats/summary-80.out");
    expect(Math.max(...narrow.out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test("shows the others where a file is wrong or missing, and exits with the gravest code", async () => {
    const files = ["broken.dnet", "small.dnet", "missing.dnet"].map(folder.at);
    const { code, out, err } = await run(["stats", "--summary", ...files, "--format", "json"]);
    expect(code).toBe(3);
    expect(err).toContain("error[unknown-layer]");
    expect(err).toContain(`error: cannot read ${files[2]}: there is no such file or folder\n`);
    const { networks, failures } = JSON.parse(out);
    expect(networks).toMatchObject([{ network: "Small", file: files[1], macs: "1712*H*W + 100", depth: 6 }]);
    expect(failures).toEqual([
      { file: files[0], message: "1 error" },
      { file: files[2], message: `cannot read ${files[2]}: there is no such file or folder` },
    ]);
  });

  test("says of each network what `stats` says of it as a whole", async () => {
    const summary = JSON.parse(
      (await run(["stats", "--summary", "examples/tiramisu.dnet", "--network=FCDenseNet56", "--format=json"])).out,
    );
    const { schemaVersion, denseBlocks, layers, tensors, ...whole } = JSON.parse(
      (await run(["stats", "examples/tiramisu.dnet", "--network=FCDenseNet56", "--format=json"])).out,
    );
    expect(summary).toEqual({ schemaVersion, networks: [whole], failures: [] });
  });

  test("names the networks that lack parameters", async () => {
    const { code, out, err } = await run(["stats", "--summary", "-"], { stdin: waiting });
    expect({ code, err }).toEqual({
      code: 0,
      err: "note: not counted, for want of parameters: Waits (give them with --set)\n",
    });
    expect(out).toBe("network  params  MACs  depth  weights  peak  file\n");
    const given = await run(["stats", "--summary", "-", "--set", "k=2"], { stdin: waiting });
    expect(given).toMatchObject({ code: 0, err: "" });
    expect(given.out).toMatch(/^network.*\nWaits +54 +3,456 +1 +216 B +1.25 KiB +<stdin>\n$/);
  });

  test("of symbolic sizes given, of one network, in Markdown and CSV", async () => {
    const markdown = await run([
      "stats",
      "--summary",
      "examples/densenet-cifar.dnet",
      "--network=DenseNet40_12",
      "--format=markdown",
    ]);
    expect(markdown.out.split("\n")).toEqual([
      "| network       |    params |        MACs | depth |  weights |     peak | file                           |",
      "| ------------- | --------: | ----------: | ----: | -------: | -------: | ------------------------------ |",
      "| DenseNet40_12 | 1,019,722 | 264,812,928 |    40 | 3.96 MiB | 1.73 MiB | `examples/densenet-cifar.dnet` |",
      "",
    ]);
    const sized = ["--dim", "H=224", "--dim", "W=224", "--format", "csv"];
    const { out } = await run(["stats", "--summary", "examples/tiramisu.dnet", ...sized]);
    expect(out.split("\r\n")[1]).toBe(
      "FCDenseNet56,examples/tiramisu.dnet,1376988,21168,8926616160,17853232320,56,5592624,1037914080,108380160,332295264",
    );
  });
});
