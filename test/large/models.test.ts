import { spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import * as ort from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Installation, install } from "../cli/built.ts";
import { folderOf } from "../cli/networks.ts";
import { large } from "./large.ts";

/** Networks whose values pass 1.5 GiB, each with what makes its images small. */
const giants = [
  {
    file: "bit.dnet",
    network: "BiT_R152x4",
    params: "936,533,224",
    small: ["--set", "size=64"],
    shape: [1, 3, 64, 64],
  },
  {
    file: "efficientnet.dnet",
    network: "EfficientNetL2",
    params: "480,309,308",
    small: ["--set", "size=64"],
    shape: [1, 3, 64, 64],
  },
];

const python = "/usr/bin/python3";
const hasChecker = spawnSync(python, ["-c", "import onnx"]).status === 0;

describe.runIf(large)("models beyond 1.5 GiB", () => {
  let built: Installation;
  let folder: ReturnType<typeof folderOf>;
  beforeAll(async () => {
    built = await install({ withRuntime: true });
    folder = folderOf({});
  });
  afterAll(() => {
    built.remove();
    folder.remove();
  });

  describe.each(giants)("$network", ({ file, network, params, small, shape }) => {
    const compile = ["compile", `examples/${file}`, "--network", network];
    const model = () => folder.at("model.onnx");

    it("is compiled in little memory", async () => {
      const { code, err, peak } = await watched(built.bin, [...compile, "-o", model()]);
      expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining(`${params} parameters`) });
      expect(peak).toBeLessThan(300 * 2 ** 20);
      const [data = "", ...others] = readdirSync(folder.at(".")).filter((name) => name.endsWith(".data"));
      expect(others).toEqual([]);
      expect(statSync(folder.at(data)).size).toBeGreaterThan(1.5 * 2 ** 30);
      expect(statSync(model()).size).toBeLessThan(16 * 2 ** 20);
    });

    it.runIf(hasChecker)("is right for the checker of ONNX", () => {
      const check = "import onnx, sys; onnx.checker.check_model(sys.argv[1])";
      expect(spawnSync(python, ["-c", check, model()], { encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
    });

    it("is mapped into memory by ONNX Runtime, and runs", async () => {
      const args = [...compile, ...small, "-o", model(), "--quiet"];
      expect(built.run(args)).toMatchObject({ status: 0 });
      const session = await ort.InferenceSession.create(model(), { graphOptimizationLevel: "disabled" });
      const [name = ""] = session.inputNames;
      const pixels = new Float32Array(shape.reduce((product, size) => product * size, 1)).fill(0.5);
      const results = await session.run({ [name]: new ort.Tensor("float32", pixels, shape) });
      const [output] = Object.values(results);
      expect(output?.dims).toEqual([1, 1000]);
      await session.release();
    });

    it("is verified", () => {
      const args = ["verify", `examples/${file}`, "--network", network, ...small];
      expect(built.run(args)).toMatchObject({ status: 0 });
    });
  });
});

/** Runs the command line; the most memory that it held, as Linux counts it. */
async function watched(bin: string, args: readonly string[]) {
  const child = spawn(process.execPath, [bin, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  let [err, peak] = ["", 0];
  child.stderr.on("data", (text) => {
    err += text;
  });
  const timer = setInterval(() => {
    peak = Math.max(peak, residentPeak(child.pid as number));
  }, 20);
  const code = await new Promise((resolve) => child.once("close", resolve));
  clearInterval(timer);
  return { code, err, peak };
}

/** In bytes; 0 of a process that is gone. */
function residentPeak(pid: number): number {
  try {
    const [, kilobytes = "0"] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes) * 1024;
  } catch {
    return 0;
  }
}
