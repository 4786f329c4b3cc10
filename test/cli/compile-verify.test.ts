import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { folderOf, small } from "./networks.ts";
import { run } from "./run.ts";

let folder: ReturnType<typeof folderOf>;
beforeEach(() => {
  folder = folderOf({
    "small.dnet": small,
    "plain.dnet": "network Plain { input image[3, 8, 8] conv(3x3, 16) batchnorm relu linear(2) }\n",
    "deep.dnet": "network Deep { input image[3, 8, 8] repeat 12 { conv(3x3, 8) scale(10000) batchnorm } linear(2) }\n",
    "residual.dnet":
      "network Residual { input image[3, 8, 8] conv(3x3, 8) residual { inner: conv(3x3, 8) last: batchnorm } linear(2) }\n",
    "silent.dnet":
      "network Silent { input image[3, 8, 8] conv(3x3, 8) add { branch {} branch { scale(0) } } linear(2) }\n",
    "overflow.dnet": "network Overflow { input image[3, 8, 8] repeat 40 { scale(1000000) } linear(2) }\n",
  });
});
afterEach(() => folder.remove());

function compile(name: string, ...args: readonly string[]): ReturnType<typeof run> {
  return run(["compile", folder.at(name), "-o", folder.at("out.onnx"), ...args]);
}

describe("compile --verify", () => {
  const figures = /relative error [\d.]+e-\d+ of 1.0e-4 allowed, median [\d.]+ ms\n$/;

  test("reads and runs the written file and says what came of it", async () => {
    const { code, err } = await compile("small.dnet", "--verify");
    expect(code).toBe(0);
    expect(err).toContain("\nverified on the CPU, H = 16, W = 16: 20 nodes, 19 shapes, ");
    expect(err).toMatch(figures);
  });

  test.each([[[]], [["--fold"]]])("keeps to a fixed batch and to sizes given, %j", async (options) => {
    const { err } = await compile(
      "small.dnet",
      "--verify",
      "--batch",
      "3",
      "--dim",
      "H=20",
      "--dim",
      "W=8",
      ...options,
    );
    expect(err).toContain("\nverified on the CPU: ");
    expect(err).toMatch(figures);
  });

  test.each([[[]], [["--fold"]]])("takes other weights where those of a deep network overflow, %j", async (options) => {
    const { code, err } = await compile("deep.dnet", "--verify", ...options);
    expect(err).toMatch(
      /\nnote: its own weights lead beyond the range of float32, first at \S+; the graph of the file is verified with other weights\nverified on the CPU: /,
    );
    expect(code).toBe(0);
    const against = await run([
      "verify",
      folder.at("out.onnx"),
      "--against",
      folder.at("deep.dnet"),
      "--format",
      "json",
    ]);
    expect(against.code).toBe(1);
    expect(JSON.parse(against.out)).toMatchObject({ ok: false, unfit: { kind: "overflow" }, runs: [{ ok: true }] });
  });

  test.each(["zeros", "constant=0.1"])("takes other weights where those of %s make one number", async (init) => {
    const { code, err } = await compile("plain.dnet", "--verify", "--init", init);
    expect({ code, err }).toMatchObject({
      code: 0,
      err: expect.stringContaining("note: its own weights make every output one and the same number"),
    });
  });

  test.each([
    ["last", ["--zero-init-residual"]],
    ["inner", ["--zero-init-residual", "--fold"]],
  ])("takes other weights where those of %s hide what comes before it, %j", async (layer, options) => {
    const { code, err } = await compile("residual.dnet", "--verify", ...options);
    expect({ code, err }).toMatchObject({
      code: 0,
      err: expect.stringContaining(`note: its own weights make one and the same number at ${layer}, and hide what`),
    });
    const against = ["verify", folder.at("out.onnx"), "--against", folder.at("residual.dnet"), "--format", "json"];
    expect(JSON.parse((await run(against)).out)).toMatchObject({ ok: true, unfit: { kind: "constant", layer } });
  });

  test("keeps a model's own weights where it hides nothing with them", async () => {
    for (const file of ["residual.dnet", "silent.dnet"]) {
      const { code, err } = await compile(file, "--verify");
      expect({ code, err }).toMatchObject({ code: 0, err: expect.not.stringContaining("note: its own weights") });
    }
  });

  test("fails where a value is not finite, after the file has been written", async () => {
    const { code, err } = await compile("overflow.dnet", "--verify");
    expect(code).toBe(1);
    expect(err).toContain(`error: ${folder.at("out.onnx")} is written, but fails its verification\n`);
    expect(err).toContain("error[run-not-finite]: output: 2 values not finite\n");
    expect(err).toContain("  not verified: Overflow\n");
    expect(existsSync(folder.at("out.onnx"))).toBe(true);
  });
});
