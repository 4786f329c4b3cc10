import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import onnxProto from "onnx-proto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ContenderHere } from "../../src/runtime/contender-here.ts";
import { run } from "../cli/run.ts";

const { onnx } = onnxProto;

let folder = "";
const at = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "dnetc-bench-test-"));
  vi.stubEnv("TMPDIR", folder);
  writeFileSync(at("nets.dnet"), `${dense("Small", 2)}\n${dense("Large", 4)}`);
  writeFileSync(at("other.dnet"), dense("Small", 3));
  writeFileSync(at("wrong.dnet"), "network Wrong { input x[3, 8, 8] convv(3x3, 4) }");
  for (const [name, args] of [
    ["fixed", ["--batch", "2", "--dim", "H=8", "--dim", "W=8"]],
    ["open", []],
  ] as const) {
    await run(["compile", at("nets.dnet"), "-o", at(`${name}.onnx`), ...args, "--quiet"]);
  }
  writeFileSync(at("foreign.onnx"), foreignModel());
  writeFileSync(at("text.onnx"), "This is no model.");
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function dense(name: string, layers: number): string {
  return `network ${name} { input image[3, H, W] conv(3x3, 8) dense(${layers}, growth = 8) globalavgpool linear(2) }`;
}

/** Of an operator that dnetc does not write, with two inputs, one of whole numbers. */
function foreignModel(): Uint8Array {
  const value = (name: string, elemType: number, dim: readonly { dimParam?: string; dimValue?: number }[]) => {
    return { name, type: { tensorType: { elemType, shape: { dim: [...dim] } } } };
  };
  const model = onnx.ModelProto.create({
    irVersion: 8,
    opsetImport: [{ domain: "", version: 17 }],
    graph: {
      name: "foreign",
      node: [{ name: "pick", opType: "Gather", input: ["table", "index"], output: ["picked"] }],
      input: [value("table", 1, [{ dimParam: "rows" }, { dimValue: 4 }]), value("index", 7, [{ dimParam: "many" }])],
      output: [value("picked", 1, [{ dimParam: "many" }, { dimValue: 4 }])],
    },
  });
  return onnx.ModelProto.encode(model).finish();
}

const quick = ["--rounds", "6", "--threads", "1", "--dim", "H=8", "--dim", "W=8"];

describe("bench", () => {
  test("has a line for each network of a file, compared with the first", async () => {
    const { code, out, err } = await run(["bench", at("nets.dnet"), ...quick]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const time = String.raw`\d[\d.]* ms`;
    const figures = `${time} +${time} +${time}`;
    // A process that was larger before does not grow.
    const others = String.raw`${time} +[<\d.]+ % +[\d.]+ (B|KiB) +[\d.]+ (B|KiB|MiB)`;
    expect(out).toMatch(new RegExp(`^Small +${figures} +${others}$`, "m"));
    expect(out).toMatch(new RegExp(String.raw`^Large +${figures} +[\d.]+ +[\d.]+–[\d.]+ +${others}$`, "m"));
    expect(out).toContain("6 rounds, each of all models in an order of its own\n");
    expect(out).toContain("input: image [1, 3, 8, 8]\n");
    expect(out).toContain("ratio: to Small, round by round");
  });

  test("tells programs of every round, of kernels and of memory", async () => {
    const { out } = await run(["bench", at("nets.dnet"), "--fold", "--batch", "3", ...quick, "--format", "json"]);
    const { rounds, results } = JSON.parse(out);
    expect(rounds).toBe(6);
    for (const [index, { network, latency, kernels, memory, concatShare, inputs }] of results.entries()) {
      expect(network).toBe(["Small", "Large"][index]);
      expect(inputs).toEqual([{ name: "image", dtype: "float32", shape: [3, 3, 8, 8] }]);
      expect(latency.roundsMs).toHaveLength(6);
      const concat = kernels.find((one: { op: string }) => one.op === "Concat");
      expect(concat).toMatchObject({ nodes: [2, 4][index], share: concatShare });
      expect(kernels.reduce((sum: number, one: { share: number }) => sum + one.share, 0)).toBeCloseTo(1, 9);
      // The last Concat reads its inputs and makes its output, all of them images of 8 × 8 pixels.
      const channels = 8 + 8 * ([2, 4][index] as number);
      expect(memory.peakBytes).toBeGreaterThanOrEqual(3 * 64 * 4 * 2 * channels);
      expect(memory.arenaBytes).toBeGreaterThanOrEqual(memory.peakBytes);
    }
  });

  test("measures models that are there, also of other makers, with whole numbers for inputs", async () => {
    const models = [at("fixed.onnx"), at("foreign.onnx")];
    const { code, out } = await run(["bench", ...models, "--rounds", "1", "--dim", "many=5", "--format", "json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out).results.map((one: { inputs: unknown }) => one.inputs)).toEqual([
      [{ name: "image", dtype: "float32", shape: [2, 3, 8, 8] }],
      [
        { name: "table", dtype: "float32", shape: [1, 4] },
        { name: "index", dtype: "int64", shape: [5] },
      ],
    ]);
  });

  test("tells networks of one name apart by their files", async () => {
    const { out } = await run(["bench", at("nets.dnet"), at("other.dnet"), ...quick]);
    const names = [...out.matchAll(/^(Small|Large)(?: \(\S*?(\w+\.dnet)\))? +\d/gm)].map(([, ...name]) => name);
    expect(names).toEqual([
      ["Small", "nets.dnet"],
      ["Large", undefined],
      ["Small", "other.dnet"],
    ]);
  });

  test("goes on without what cannot be measured, and says why", async () => {
    const models = ["none.onnx", "text.onnx", "wrong.dnet", "open.onnx"].map(at);
    const { code, out, err } = await run(["bench", ...models, ...quick]);
    expect(code).toBe(3);
    expect(out).toMatch(/^\S*open\.onnx +\d/m);
    expect(err).toContain("none.onnx: there is no such file or folder");
    expect(err).toContain("error[unknown-layer]");
    expect(err).toMatch(/error\[model-not-onnx\]: \S*text\.onnx on cpu: /);
  });

  test("goes on without a model whose sizes are open, and says once what it takes", async () => {
    const models = [at("open.onnx"), at("fixed.onnx")];
    const { code, out, err } = await run(["bench", ...models, "--rounds", "1", "--format", "json"]);
    expect(code).toBe(2);
    const problem = expect.stringContaining("open.onnx takes image [N, 3, H, W], and leaves open how large that is");
    expect(JSON.parse(out).results).toMatchObject([{ ok: false, problem }, { ok: true }]);
    expect(err).toBe("");
    const table = await run(["bench", ...models, "--rounds", "1"]);
    expect(table.out).toMatch(/^\S*fixed\.onnx +\d/m);
    expect(table.err).toMatch(/^error: \S*open\.onnx takes .*\n {2}= help: give the size: --dim H=… --dim W=…\n$/);
  });

  test("warns of more threads than cores", async () => {
    const threads = availableParallelism() + 1;
    const options = [
      at("nets.dnet"),
      "--network",
      "Small",
      ...quick.slice(4),
      "--rounds",
      "1",
      "--threads",
      String(threads),
    ];
    const { code, err } = await run(["bench", ...options]);
    expect({ code, err }).toEqual({
      code: 0,
      err: expect.stringMatching(`^warning: --threads ${threads} on \\d+ cores?: the threads wait for one another\n$`),
    });
  });

  test("says once what a device lacks", async () => {
    const { code, out, err } = await run(["bench", at("nets.dnet"), "--device", "cuda", "--device", "cpu", ...quick]);
    expect(code).toBe(1);
    expect(out).toMatch(/^Small +\d/m);
    expect(err).toMatch(/^error: cuda: .*\n {2}= help: .*\n$/);
  });

  test("shows in a narrow window the ratio before others, and explains what it shows", async () => {
    const few = [at("nets.dnet"), ...quick.slice(2), "--rounds", "5"];
    const { out } = await run(["bench", ...few], { env: { COLUMNS: "40" } });
    const [head, _small, large, ...notes] = out.split("\n");
    expect(head).toMatch(/^model .* ratio$/);
    expect(large).toMatch(/^Large .* \d\.\d\d$/);
    expect(Math.max(...notes.map((line) => line.length))).toBeLessThanOrEqual(40);
    expect(out).toContain("\nratio: to Small, round by round, the\nmedian\n");
    expect(out).toContain("\nno interval: it takes at least 6 rounds\n");
    expect(out).toMatch(/\nno room for (p95, )?(least, )?session, /);
    expect(out).not.toMatch(/peak: |Concat: /);
  });

  test("says where the rounds do not tell models apart", async () => {
    class Even extends ContenderHere {
      override async run() {
        await super.run();
        return 1;
      }
    }
    const { out } = await run(["bench", at("nets.dnet"), ...quick], { startContender: async () => new Even() });
    expect(out).toMatch(/^Large +1\.00 ms +1\.00 ms +1\.00 ms +1\.00 +1\.00–1\.00 /m);
    expect(out).toContain("\nnot told apart from Small, as the interval holds 1: Large\n");
  });

  test("names the GPU that ran, once", async () => {
    class OnCard extends ContenderHere {
      override async open(setup: Parameters<ContenderHere["open"]>[0]) {
        return { ...(await super.open(setup)), adapter: "a card" };
      }
    }
    const options = { startContender: async () => new OnCard() };
    const { out } = await run(["bench", at("nets.dnet"), ...quick], options);
    expect(out.match(/^cpu: a card$/gm)).toHaveLength(1);
    const json = await run(["bench", at("nets.dnet"), ...quick, "--format", "json"], options);
    expect(JSON.parse(json.out).results).toMatchObject([{ adapter: "a card" }, { adapter: "a card" }]);
  });

  test("leaves nothing behind it", () => {
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith("dnetc-"))).toEqual([]);
  });

  const wrong: readonly (readonly [readonly string[], string])[] = [
    [["open.onnx"], "open.onnx takes image [N, 3, H, W], and leaves open how large that is"],
    [["open.onnx", "--dim", "H=2*8", "--dim", "W=8"], "which is a model, a size is a whole number"],
    [["fixed.onnx", "--batch", "3"], "--batch 3 does not fit"],
    [["fixed.onnx", "--dim", "H=8"], "--dim H: no model has an open size of this name"],
    [["fixed.onnx", "--fold"], "--fold is for .dnet files"],
    [["nets.dnet", "--network", "Medium"], "has no network Medium"],
    [["nets.dnet", "--dim", "D=8"], "error[unknown-dim]"],
  ];
  test.each(wrong)("%j is wrong usage", async ([file = "", ...options], message) => {
    const { code, out, err } = await run(["bench", at(file), ...options]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(message);
  });

  test("refuses an input that memory cannot hold", async () => {
    const { code, err } = await run(["bench", at("open.onnx"), "--dim", "H=999999", "--dim", "W=999999"]);
    expect(code).toBe(1);
    expect(err).toContain("its input image [1, 3, 999999, 999999] does not fit in memory");
  });
});
