import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderOf } from "./networks.ts";
import { run } from "./run.ts";

let folder: ReturnType<typeof folderOf>;
beforeAll(() => {
  folder = folderOf({
    "unused.dnet": "network A(spare = 1) { input image[3, 8, 8] conv(3x3, 12) batchnorm relu linear(2) }\n",
    "narrow.dnet": "network B { input image[3, 8, 8] conv(3x3, 12) batchnorm relu linear(2) }\n",
    "noted.dnet": "network C { input image[3, H, 8] conv(3x3, 16) batchnorm expect height == 8 }\n",
    "open.dnet": "network F(spare = 1) { input image[3, H, 8] conv(3x3, 16) batchnorm expect macs <= 1M }\n",
    "wrong.dnet": "network D(spare = 1) { input image[3, 8, 8] covn(3x3, 16) }\n",
  });
});
afterAll(() => folder.remove());

describe("warnings", () => {
  test("are told and let the command pass, also with --quiet", async () => {
    for (const args of [["check"], ["stats"], ["check", "--quiet"]]) {
      const { code, err } = await run([...args, folder.at("unused.dnet")]);
      expect(code).toBe(0);
      expect(err).toContain("warning[unused-parameter]");
      expect(err.endsWith("\n1 warning\n")).toBe(true);
    }
  });

  test("make the command fail with --deny warnings, and nothing is written", async () => {
    const output = folder.at("out.onnx");
    for (const args of [["check"], ["stats"], ["compile", "-o", output]]) {
      const { code, out, err } = await run([...args, folder.at("unused.dnet"), "--deny", "warnings", "--quiet"]);
      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err.endsWith("\n1 warning (denied)\n")).toBe(true);
    }
    expect(existsSync(output)).toBe(false);
    const { code, out } = await run(["check", "--deny=warnings", "--format=json", folder.at("unused.dnet")]);
    expect([code, JSON.parse(out).ok]).toEqual([1, false]);
  });

  test("that are denied leave clean files, notes and errors as they are", async () => {
    expect(await run(["check", "--deny", "warnings", folder.at("narrow.dnet")])).toMatchObject({ code: 0 });
    expect(await run(["check", "--deny", "warnings", folder.at("noted.dnet")])).toMatchObject({ code: 0 });
    const { code, err } = await run(["check", "--deny", "warnings", folder.at("wrong.dnet")]);
    expect(code).toBe(1);
    expect(err.endsWith("\n1 error\n")).toBe(true);
    expect(await run(["check", "--deny", "errors", folder.at("narrow.dnet")])).toMatchObject({ code: 2 });
  });

  test("make the command fail with --deny notes, as contracts do that could not be checked", async () => {
    const output = folder.at("open.onnx");
    for (const args of [["check"], ["check", "--format=short"], ["stats"], ["compile", "-o", output]]) {
      const { code, out, err } = await run([...args, folder.at("open.dnet"), "--deny", "notes", "--quiet"]);
      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err).toContain("note[expect-undecided]");
      expect(err.endsWith("\n1 warning (denied), 1 note (denied)\n")).toBe(true);
    }
    expect(existsSync(output)).toBe(false);
    const warned = await run(["check", "--deny", "warnings", "--quiet", folder.at("noted.dnet")]);
    expect(warned).toEqual({ code: 0, out: "", err: "" });
    expect((await run(["check", "--deny", "notes", folder.at("noted.dnet")])).err).toMatch(/\n1 note \(denied\)\n$/);
    expect(await run(["check", "--deny", "notes", folder.at("narrow.dnet")])).toMatchObject({ code: 0 });
    expect((await run(["check", "--deny", "notes", folder.at("noted.dnet"), "--dim", "H=8"])).code).toBe(0);
  });

  test("of --lint come only where it is asked for", async () => {
    const file = folder.at("narrow.dnet");
    expect((await run(["check", file])).err).toBe("1 network: no problems\n");
    const linted = await run(["check", "--lint", file]);
    expect(linted.code).toBe(0);
    expect(linted.err).toContain("warning[lint-width-multiple]: 12 channels");
    const output = folder.at("narrow.onnx");
    const args = ["compile", "--lint", "--deny", "warnings", "-o", output, file];
    expect(await run(args)).toMatchObject({ code: 1, out: "" });
    expect(existsSync(output)).toBe(false);
    expect(await run(["compile", "--lint", "-o", output, file])).toMatchObject({ code: 0 });
    expect(existsSync(output)).toBe(true);
  });
});
