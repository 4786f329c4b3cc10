import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readXml } from "../draw/xml.ts";
import { folderOf, small } from "./networks.ts";
import { run } from "./run.ts";

let folder: ReturnType<typeof folderOf>;
beforeEach(() => {
  const chain = Array.from(
    { length: 1100 },
    (_, at) => `conv(3x3, ${8 + ((7 * at) % 23)}) maxpool(3x3, stride = 1, pad = 1)`,
  );
  folder = folderOf({
    "small.dnet": small,
    "plain.dnet": "network Plain { input image[3, 8, 8] conv(3x3, 16) batchnorm relu linear(2) }\n",
    "open.dnet": "network Open(k = 4) { input image[3, H, W] body: { dense(3, k) conv(1x1, 2) } }\n",
    "long.dnet": `network Long { input image[3, 8, 8] ${chain.join(" ")} }\n`,
  });
});
afterEach(() => folder.remove());

function draw(name: string, ...args: readonly string[]): ReturnType<typeof run> {
  return run(["draw", folder.at(name), "-o", folder.at("out.svg"), ...args]);
}

function drawn(): string {
  return readFileSync(folder.at("out.svg"), "utf8");
}

describe("draw", () => {
  test("writes the drawing and says so in a line", async () => {
    const { code, out, err } = await draw("plain.dnet");
    expect({ code, out }).toEqual({ code: 0, out: "" });
    const bytes = Buffer.byteLength(drawn()).toLocaleString("en");
    expect(err).toBe(`wrote ${folder.at("out.svg")}: ${bytes} bytes\n`);
    const words = readXml(drawn()).text;
    expect(words).toContain("Plain");
    expect(words).toContain("2.51 K parameters, 29.7 K MACs, depth 2");
    expect(words).toContain("conv 3×3, 16 · BN · ReLU");
  });

  test("says nothing with --quiet, and writes the same to standard output, a terminal too", async () => {
    expect(await draw("plain.dnet", "--quiet")).toEqual({ code: 0, out: "", err: "" });
    for (const target of ["-", "/dev/stdout"]) {
      const { code, out, err } = await run(["draw", folder.at("plain.dnet"), "-o", target], { outIsTerminal: true });
      expect({ code, out, err }).toEqual({ code: 0, out: drawn(), err: "" });
    }
  });

  test("takes the network, values, sizes, levels and colours that are asked for", async () => {
    const { code } = await draw("open.dnet", "--set", "k=7", "--dim", "H=32", "--depth", "1", "--theme", "dark");
    expect(code).toBe(0);
    const words = readXml(drawn()).text;
    expect(words).toContain("body · 3×3, 7 · 3×3, 7 · 3×3, 7 · 1×1, 2");
    expect(words).toContain("2×32×W");
    await draw("open.dnet", "--set", "k=7");
    expect(readXml(drawn()).text).toContain("dense ×3, k = 7");
    expect(drawn()).toContain("prefers-color-scheme");
    expect((await draw("small.dnet")).err).toContain("note: taking Small, the first of 2 networks");
  });

  test("writes nothing for a network that is not clean, and leaves what is there", async () => {
    writeFileSync(folder.at("out.svg"), "before");
    expect((await draw("small.dnet", "--network", "Broken")).code).toBe(1);
    expect(drawn()).toBe("before");
    expect(readdirSync(folder.at(".")).filter((name) => name.startsWith(".dnetc"))).toEqual([]);
  });

  test("never overwrites what it has read", async () => {
    const before = readFileSync(folder.at("plain.dnet"), "utf8");
    const { code, err } = await run(["draw", folder.at("plain.dnet"), "-o", folder.at("plain.dnet")]);
    expect(code).toBe(2);
    expect(err).toContain("is the input");
    expect(readFileSync(folder.at("plain.dnet"), "utf8")).toBe(before);
  });

  test("exits with 3 where it cannot write", async () => {
    const { code, err } = await run(["draw", folder.at("plain.dnet"), "-o", folder.at("none/out.svg")]);
    expect(code).toBe(3);
    expect(err).toContain("does not exist");
  });

  test("refuses a drawing that nobody could look at", async () => {
    const { code, err } = await draw("long.dnet");
    expect(code).toBe(4);
    expect(err).toContain("error: the drawing would have 2202 boxes, more than 2000\n");
    expect(err).toContain("open fewer levels with --depth, or put the layers into blocks");
  });
});
