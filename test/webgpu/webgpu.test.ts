import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { InferenceSession } from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { jobArgument } from "../../src/cli/terminal.ts";
import { lowerings } from "../../src/emit/lower.ts";
import type { Device, Job } from "../../src/runtime/device.ts";
import { runInChild } from "../../src/runtime/run-in-child.ts";
import { run } from "../cli/run.ts";
import { compileFile } from "../compiling.ts";
import { deep } from "../deep.ts";
import { allOpsets } from "../emit/running.ts";
import { adapterEnvironment, missingAdapter } from "./software-adapter.ts";

const networks = path.join(import.meta.dirname, "networks.dnet");

/** Between them lie all changes of how a layer is written. */
const opsets = deep ? allOpsets : ([13, 17, 21] as const);

/** ONNX Runtime has no WebGPU kernel for them. */
const exempt = ["lrn"];

it("the networks have every kind of op in them that WebGPU has a kernel for", () => {
  const used = new Set(compileFile(networks).architectures.flatMap(({ ops }) => ops.map(({ kind }) => kind as string)));
  expect([...used, ...exempt].sort()).toEqual(Object.keys(lowerings).sort());
});

if (missingAdapter !== null) process.stderr.write(`The tests on WebGPU are skipped: there is ${missingAdapter}.\n`);
const title = missingAdapter === null ? "WebGPU on SwiftShader" : `WebGPU: skipped, there is ${missingAdapter}`;

// Compiling shaders takes most of the time, and much of it on a machine that does other work.
describe.skipIf(missingAdapter !== null)(title, { timeout: 180_000 }, () => {
  let folder = "";
  let held: InferenceSession | undefined;

  beforeAll(async () => {
    for (const [name, value] of Object.entries(adapterEnvironment)) vi.stubEnv(name, value);
    folder = mkdtempSync(path.join(tmpdir(), "dnetc-webgpu-"));
    held = await holdShaders((await relu("webgpu")).file);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await held?.release();
    rmSync(folder, { recursive: true });
  });

  it.each(["DenseNetB", "DenseNetBC"])("%s is verified", async (network) => {
    const { code, runs } = await verify(networks, "--network", network, "--device", "cpu");
    expect(runs).toMatchObject([
      { device: "cpu", ok: true },
      { device: "webgpu", provider: "WebGpuExecutionProvider", ok: true, nodesElsewhere: 0 },
    ]);
    expect(code).toBe(0);
  });

  it.each(opsets)("every layer is verified at opset %i", async (opset) => {
    const { code, runs } = await verify(networks, "--network", "Layers", "--opset", String(opset));
    expect(runs).toMatchObject([{ device: "webgpu", ok: true, nodesElsewhere: 0 }]);
    expect(code).toBe(0);
  });

  it("weights in bfloat16 are widened for it, layer by layer, too", async () => {
    const { code, runs } = await verify(networks, "--network", "DenseNetB", "--dtype", "bf16", "--all");
    expect(runs).toMatchObject([{ device: "webgpu", ok: true, nodesElsewhere: 0, layersProblem: null }]);
    expect(code).toBe(0);
  });

  it("that it has no float16 is told", async () => {
    const { code, runs } = await verify(networks, "--network", "DenseNetB", "--dtype", "f16");
    expect(runs).toMatchObject([{ ok: false, problem: expect.stringContaining("has no arithmetic in float16") }]);
    expect(code).toBe(1);
  });

  it("a layer without a kernel is named", async () => {
    const { code, runs } = await verifyText("conv(3x3, 4) first: { lrn(size = 5) relu } lrn(size = 3)");
    const problem = "ONNX Runtime has no kernel on webgpu for LRN (first.lrn1, lrn1); `--device cpu` runs it";
    expect(runs).toMatchObject([{ device: "webgpu", ok: false, problem }]);
    expect(code).toBe(1);
  });

  it.each([
    ["conv(3x3, 9) conv(3x3, 4)", "9 channels to a multiple of 4", "conv2"],
    ["conv(3x3, 20) conv(3x3, 12, groups = 2)", "6 channels a group", "conv2"],
    ["conv(3x3, 8) relu tanh", "two activations", null],
  ])("what ONNX Runtime itself gets wrong is found: %s, %s", async (layers, _what, firstDivergence) => {
    const { code, runs } = await verifyText(layers);
    expect(runs).toMatchObject([{ device: "webgpu", ok: false, nodesElsewhere: 0, firstDivergence }]);
    expect(code).toBe(1);
  });

  function verifyText(layers: string) {
    const source = path.join(folder, "net.dnet");
    writeFileSync(source, `network Net { input image[3, 6, 6] ${layers} }`);
    return verify(source);
  }

  it("in a process of its own the adapter is named", async () => {
    const outcome = await runInChild({ file: "bin/dnetc.js", argument: jobArgument }, await relu("webgpu"));
    expect(outcome).toMatchObject({ kind: "ran", run: { adapter: expect.stringContaining("SwiftShader") } });
  });

  it("a driver that is not there is missed", async () => {
    for (const name of ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"]) vi.stubEnv(name, "/none.json");
    try {
      const outcome = await runInChild({ file: "bin/dnetc.js", argument: jobArgument }, await relu("webgpu"));
      expect(outcome).toMatchObject({
        kind: "unavailable",
        reason: "VK_DRIVER_FILES names /none.json, which is not there",
      });
    } finally {
      for (const [name, value] of Object.entries(adapterEnvironment)) vi.stubEnv(name, value);
    }
  });

  /** The smallest model, and what runs it. */
  async function relu(device: Device): Promise<Job> {
    const source = path.join(folder, "relu.dnet");
    writeFileSync(source, "network Relu { input image[1, 1, 1] relu }");
    await run(["compile", source, "-o", `${source}.onnx`]);
    const input = { name: "image", shape: [1, 1, 1, 1], data: Float32Array.of(-1), type: "float32" } as const;
    return { file: `${source}.onnx`, device, input, observed: [], isWidened: false, rounds: 0 };
  }
});

/** What a session has compiled of shaders, other sessions of the process use as long as it lives. */
function holdShaders(model: string): Promise<InferenceSession> {
  return InferenceSession.create(model, { executionProviders: ["webgpu"] });
}

async function verify(file: string, ...args: readonly string[]) {
  const { code, out } = await run(["verify", file, ...args, "--device", "webgpu", "--format", "json"]);
  return { code, runs: JSON.parse(out).runs as readonly object[] };
}
