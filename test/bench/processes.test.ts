import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contenderArgument } from "../../src/cli/terminal.ts";
import { ContenderInChild } from "../../src/runtime/contender-in-child.ts";
import { type Installation, install } from "../cli/built.ts";

let dnetc: Installation;
const at = (name: string) => path.join(dnetc.folder, name);
beforeAll(async () => {
  dnetc = await install({ withRuntime: true });
  mkdirSync(at("temporary"));
  writeFileSync(at("net.dnet"), "network Net { input image[3, 8, 8] conv(3x3, 4) }");
  dnetc.run(["compile", at("net.dnet"), "-o", at("net.onnx"), "-q"]);
});
afterAll(() => dnetc.remove());

describe("a model in a process of its own", () => {
  const start = () => new ContenderInChild({ file: dnetc.bin, argument: contenderArgument });
  const setup = (file: string) => ({ file, device: "cpu", threads: 1, folder: at("temporary") }) as const;

  test("runs as often as it is asked to", async () => {
    const contender = start();
    const { inputs, loadMs, createMs } = await contender.open(setup(at("net.onnx")));
    expect(inputs).toEqual([{ name: "image", dtype: "float32", shape: ["N", 3, 8, 8] }]);
    await contender.prepare([[2, 3, 8, 8]], 0n);
    const times = [loadMs, createMs, await contender.run(), await contender.run(), await contender.createAgain()];
    expect(times.every((time) => time > 0)).toBe(true);
    expect(await contender.residentGrowth()).toBeGreaterThan(0);
    expect((await contender.profile(2)).kernels.map(({ op }) => op)).toContain("Conv");
    await contender.end();
    await expect(contender.run()).rejects.toThrow("the process that ran the model ended by SIGKILL");
  });

  test("says what ONNX Runtime refuses", async () => {
    const contender = start();
    await expect(contender.open(setup(at("none.onnx")))).rejects.toThrow("File doesn't exist");
    await contender.end();
  });
});

/** The processes that another has started. */
function childrenOf(process: number): readonly number[] {
  return readFileSync(`/proc/${process}/task/${process}/children`, "utf8")
    .trim()
    .split(" ")
    .filter(Boolean)
    .map(Number);
}

function isAlive(child: number): boolean {
  try {
    return !readFileSync(`/proc/${child}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

test.skipIf(process.platform !== "linux")(
  "what interrupts a bench ends its processes, and leaves nothing",
  async () => {
    const env = { ...process.env, TMPDIR: at("temporary") };
    const args = ["bench", at("net.dnet"), at("net.onnx"), "--rounds", "1000000"];
    const bench = spawn(process.execPath, [dnetc.bin, ...args], { env, stdio: "ignore" });
    const ended = once(bench, "exit");
    const children = () => childrenOf(bench.pid as number);
    await expect.poll(() => children().length, { timeout: 20_000 }).toBe(2);
    const started = children();
    bench.kill("SIGINT");
    expect(await ended).toEqual([130, null]);
    await expect.poll(() => started.filter(isAlive)).toEqual([]);
    expect(readdirSync(at("temporary"))).toEqual([]);
  },
);
