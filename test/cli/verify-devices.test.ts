import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Device, Job, Outcome } from "../../src/runtime/device.ts";
import { runOnDevice } from "../../src/runtime/run-on-device.ts";
import { run } from "./run.ts";

let folder = "";
const at = (name: string) => path.join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "dnetc-devices-"));
  writeFileSync(
    at("net.dnet"),
    `network Net { input image[3, 8, 8] stem: conv(3x3, 8) batchnorm relu
      globalavgpool head: linear(3) }`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A machine with these devices; what is another than the CPU is the CPU under its name, a little off. */
function machine(...there: readonly Device[]) {
  return async (job: Job): Promise<Outcome> => {
    if (!there.includes(job.device))
      return { kind: "unavailable", reason: `there is no ${job.device}`, help: "buy one" };
    const outcome = await runOnDevice({ ...job, device: "cpu" });
    if (outcome.kind !== "ran" || job.device === "cpu") return outcome;
    const tensors = outcome.run.tensors.map((one) => ({ ...one, data: one.data.map((value) => value * (1 + 1e-5)) }));
    return { kind: "ran", run: { ...outcome.run, adapter: "a card", tensors } };
  };
}

const verify = (options: readonly string[], ...there: readonly Device[]) =>
  run(["verify", at("net.dnet"), ...options], { runModel: machine(...there), env: { COLUMNS: "80" } });

describe("several devices", () => {
  it("are compared with one another, output by output and layer by layer", async () => {
    const { code, out } = await verify(["--device", "cpu", "--device", "webgpu", "--all"], "cpu", "webgpu");
    const lines = out.split("\n").map((line) => line.replaceAll(/\d[\d.]* m?s\b/g, "# ms"));
    expect(code).toBe(0);
    expect(lines.find((line) => line.startsWith("  cpu, webgpu"))).toMatch(/^ {2}cpu, webgpu {2}output +\S+ +1\.0e-5$/);
    expect(out).toContain("  webgpu: a card\n");
    expect(out).toMatch(/ {2}cpu and webgpu: 5 layers, farthest apart by 1\.0e-5 at \S+\n/);
    expect(
      out
        .split("\n")
        .slice(1)
        .filter((line) => line.length > 80),
    ).toEqual([]);
    const json = await verify(["--device", "cpu", "--device", "webgpu", "--all", "--format", "json"], "cpu", "webgpu");
    const { pairs, runs } = JSON.parse(json.out);
    expect(pairs).toMatchObject([{ devices: ["cpu", "webgpu"], outputs: [{ name: "output" }] }]);
    expect(pairs[0].layers.map(({ name }: { name: string }) => name)).toContain("stem");
    expect(runs.map((one: { adapter: string | null }) => one.adapter)).toEqual([null, "a card"]);
    expect(runs[1].layers).toHaveLength(5);
  });

  it("of which one is wrong name it, and stop at the part with its first layer", async () => {
    const runModel = async (job: Job): Promise<Outcome> => {
      const outcome = await machine("cpu", "webgpu")(job);
      if (outcome.kind !== "ran" || job.device === "cpu") return outcome;
      const tensors = outcome.run.tensors.map((one) => ({ ...one, data: one.data.map((value) => value + 1) }));
      return { kind: "ran", run: { ...outcome.run, tensors } };
    };
    const options = ["verify", at("net.dnet"), "--device", "cpu", "--device", "webgpu"];
    const { code, out } = await run(options, { runModel });
    expect(code).toBe(1);
    expect(out).toContain("  error[run-differs]: webgpu: the first layer that differs is stem: ");
    expect(out).not.toContain("cpu: the first layer");
    expect(out).toContain("not verified: Net");
  });

  it("that cannot give their layers fail, and say why", async () => {
    const runModel = async (job: Job): Promise<Outcome> =>
      job.observed.length > 0 ? { kind: "failed", reason: "no memory is left" } : runOnDevice(job);
    const { code, out } = await run(["verify", at("net.dnet"), "--all"], { runModel });
    expect(code).toBe(1);
    expect(out).toContain("  error: cpu: no layers to compare: no memory is left\n");
  });
});

describe("--device auto", () => {
  it("takes the best that there is, and says why not another", async () => {
    const { code, out } = await verify(["--device", "auto"], "cpu", "webgpu");
    expect(code).toBe(0);
    expect(out).toContain("  cuda is passed over: there is no cuda\n");
    expect(out).toMatch(/\n {2}webgpu {2}output/);
    expect(out).not.toContain("cpu");
  });

  it("does not run again what was named", async () => {
    const { out } = await verify(["--device", "cpu", "--device", "auto", "--format", "json"], "cpu");
    const { runs, passedOver } = JSON.parse(out);
    expect(runs.map((one: { device: string }) => one.device)).toEqual(["cpu"]);
    expect(passedOver.map((one: { device: string }) => one.device)).toEqual(["cuda", "webgpu"]);
  });

  it("says of a machine without any what is missing", async () => {
    const { code, out } = await verify(["--device", "auto"]);
    expect(code).toBe(1);
    expect(out).toContain("  error: cpu: there is no cpu\n  = help: buy one\n");
  });
});

describe("a line of progress", () => {
  const withTerminal = { errIsTerminal: true, columns: 60 };
  const slowly = async (job: Job) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    return runOnDevice(job);
  };

  it("is shown on a terminal and leaves nothing behind", async () => {
    const { code, err } = await run(["verify", at("net.dnet")], { ...withTerminal, runModel: slowly });
    expect(code).toBe(0);
    expect(err).toContain("Net: run on cpu …");
    expect(err.endsWith("\u001b[1G\u001b[2K")).toBe(true);
    const shown = err.split("\u001b").map((part) => part.replace(/^[78]|^\[\d*[A-Z]/, ""));
    expect(Math.max(...shown.map((line) => line.length))).toBeLessThan(60);
  });

  it.each([
    ["a terminal that writes no line anew", { ...withTerminal, env: { TERM: "dumb" } }, []],
    ["what is no terminal", { errIsTerminal: false }, []],
    ["--quiet", withTerminal, ["-q"]],
  ])("is not shown on %s", async (_what, settings, options) => {
    const { err } = await run(["verify", at("net.dnet"), ...options], { ...settings, runModel: slowly });
    expect(err).toBe("");
  });
});

describe("what cannot be done", () => {
  it.each([
    [["verify", "FOLDER"], 3, "cannot read FOLDER: it is a folder, not a file"],
    [["verify", "FOLDER", "--against", "NET"], 3, "cannot read FOLDER: it is a folder, not a file"],
    [["verify", "-", "--against", "NET"], 2, "a model is read from a file, not from standard input"],
    [["verify", "NET", "--against", "net.onnx"], 2, "--against takes the .dnet file, and the model comes before it"],
    [["verify", "a.onnx", "b.onnx", "--against", "NET"], 2, "--against compares one model with one file"],
  ])("%j", async (args, exitCode, message) => {
    const named = (text: string) => text.replaceAll("FOLDER", folder).replaceAll("NET", at("net.dnet"));
    const { code, out, err } = await run(args.map(named));
    expect({ code, out }).toEqual({ code: exitCode, out: "" });
    expect(err).toContain(`error: ${named(message)}\n`);
  });

  it("is a batch beyond the memory of any machine", async () => {
    writeFileSync(at("huge.dnet"), "network Huge { input image[3, H, W] conv(3x3, 512) globalavgpool }\n");
    const { code, err } = await run([
      "verify",
      at("huge.dnet"),
      "--batch",
      "4096",
      "--dim",
      "H=8192",
      "--dim",
      "W=8192",
    ]);
    expect(code).toBe(4);
    expect(err).toMatch(
      /error: to verify Huge needs [\d.]+ PiB of memory, and there are [\d.]+ .iB\n.*smaller --batch/,
    );
  });

  it("is to write where there is no folder for temporary files", async () => {
    const { code, err } = await withTemporary(at("nowhere"), () => run(["verify", at("net.dnet")]));
    expect(code).toBe(3);
    expect(err).toContain(`error: cannot make a folder in ${at("nowhere")}: there is no such file or folder\n`);
    expect(err).toContain("TMPDIR");
  });

  it("is a size that breaks an assumption", async () => {
    writeFileSync(
      at("even.dnet"),
      "network Even { input image[3, H, 8] require H % 2 == 0 globalavgpool linear(2) }\n",
    );
    const { code, out, err } = await run(["verify", at("even.dnet"), "--dim", "H=9"]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain("error[");
  });
});

it("leaves nothing in the folder for temporary files", async () => {
  mkdirSync(at("temporary"));
  const { code } = await withTemporary(at("temporary"), () => run(["verify", at("net.dnet"), "--all"]));
  expect({ code, left: readdirSync(at("temporary")) }).toEqual({ code: 0, left: [] });
});

async function withTemporary<Result>(name: string, use: () => Promise<Result>): Promise<Result> {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = name;
  try {
    return await use();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}
