import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { type Installation, install } from "./built.ts";

const densenet = path.resolve("examples/densenet-121.dnet");
const densenet161 = path.resolve("examples/densenet-161.dnet");

let dnetc: Installation;
let elsewhere = "";
beforeAll(async () => {
  dnetc = await install({ withRuntime: true, compiled: true });
  elsewhere = mkdtempSync(path.join(tmpdir(), "dnetc-elsewhere-"));
});
afterAll(() => {
  dnetc.remove();
  rmSync(elsewhere, { recursive: true, force: true });
});

describe("the built command line", () => {
  test("knows its version", () => {
    expect(dnetc.run(["--version"])).toMatchObject({ status: 0, stdout: `${packageJson.version}\n`, stderr: "" });
  });

  test("is a file that can be executed", () => {
    expect(statSync("bin/dnetc.js").mode & 0o111).toBe(0o111);
  });

  test("compiles and verifies, from another folder, and leaves nothing else", () => {
    const temporary = mkdtempSync(path.join(tmpdir(), "dnetc-temporary-"));
    const env = { ...process.env, TMPDIR: temporary, ORT_DISABLE_TELEMETRY: "" };
    const options = { cwd: elsewhere, env };
    const written = dnetc.run(["compile", densenet, "-o", "out.onnx"], options);
    expect(written).toMatchObject({ status: 0, stdout: "" });
    expect(written.stderr).toContain("DenseNet121: 7,978,856 parameters, 2.83 G MACs, 427 nodes\n");
    const small = ["--set", "size=32", "--set", "growth=4", "-o", "small.onnx"];
    const verified = dnetc.run(["compile", densenet161, ...small, "--verify"], options);
    expect(verified).toMatchObject({ status: 0, stdout: "" });
    expect(verified.stderr).toMatch(/\nverified on the CPU: \d+ nodes, \d+ shapes, relative error /);
    expect(readdirSync(elsewhere).sort()).toEqual(["out.onnx", "small.onnx"]);
    expect(readdirSync(temporary)).toEqual([]);
    rmSync(temporary, { recursive: true });
  });

  test("interrupted while a model runs, ends that process and leaves nothing", async () => {
    const temporary = mkdtempSync(path.join(tmpdir(), "dnetc-temporary-"));
    const file = path.join(elsewhere, "net.dnet");
    writeFileSync(file, "network Net { input image[3, 32, 32] conv(3x3, 16) batchnorm relu linear(2) }\n");
    const verifying = spawn(process.execPath, [dnetc.bin, "verify", file], {
      env: { ...process.env, TMPDIR: temporary },
      stdio: "ignore",
    });
    const ended = new Promise((resolve) => verifying.once("exit", resolve));
    while (verifying.exitCode === null && !readdirSync(temporary).some((name) => name.startsWith("dnetc-run-"))) {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    verifying.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(readdirSync(temporary)).toEqual([]);
    rmSync(temporary, { recursive: true });
    rmSync(file);
  });

  test("writes the same bytes to a pipe", () => {
    const { stdout } = spawnSync(process.execPath, [dnetc.bin, "compile", densenet, "-o", "-"], { maxBuffer: 2 ** 26 });
    expect(stdout.equals(readFileSync(path.join(elsewhere, "out.onnx")))).toBe(true);
  });

  test("prints mistakes", () => {
    const { status, stdout, stderr } = dnetc.run(["check", "-"], {
      input: "network A { input x[3, 8, 8] covn(3x3, 4) }\n",
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain("  --> <stdin>:1:30\n");
  });

  test("explains messages, from another folder", () => {
    const { status, stdout } = dnetc.run(["explain", "pool-cuts"], { cwd: elsewhere });
    expect(status).toBe(0);
    expect(stdout).toContain("avgpool leaves out the last");
  });

  test("is quiet when the reader of its output goes away", () => {
    const command = `"${process.execPath}" "${dnetc.bin}" stats "${densenet}" | head -n 1; exit \${PIPESTATUS[0]}`;
    const { status, stdout, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("DenseNet121");
  });

  test("is quiet when the reader of its messages goes away, and ends as if it had been there", () => {
    const files = Array.from({ length: 50 }, (_, index) => `missing${index}.dnet`).join(" ");
    const command = `"${process.execPath}" "${dnetc.bin}" check ${files} 2>&1 >/dev/null | head -c 1; exit \${PIPESTATUS[0]}`;
    expect(spawnSync("bash", ["-c", command], { encoding: "utf8" })).toMatchObject({
      status: 3,
      stdout: "e",
      stderr: "",
    });
  });

  test("says when its output cannot be written", () => {
    const { status, stderr } = spawnSync(
      "bash",
      ["-c", `"${process.execPath}" "${dnetc.bin}" stats "${densenet}" >/dev/full`],
      {
        encoding: "utf8",
      },
    );
    expect(status).toBe(3);
    expect(stderr).toBe("error[output-disk-full]: cannot write to standard output: no space is left on the device\n");
  });

  test("says when its output is cut short, too", () => {
    // The system takes eight blocks of 1024 bytes, then refuses.
    const line = `ulimit -f 8; "${process.execPath}" "${dnetc.bin}" stats "${densenet}" --format json > cut.txt`;
    const { status, stderr } = spawnSync("bash", ["-c", line], { cwd: elsewhere, encoding: "utf8" });
    rmSync(path.join(elsewhere, "cut.txt"));
    expect(status).toBe(3);
    expect(stderr).toBe(
      "error[output-disk-full]: cannot write to standard output: the file would be too large for its file system\n",
    );
  });

  test("says that standard input is a folder", () => {
    const line = `"${process.execPath}" "${dnetc.bin}" check - < .`;
    const { status, stderr } = spawnSync("bash", ["-c", line], { cwd: elsewhere, encoding: "utf8" });
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: "error: cannot read <stdin>: it is a folder, not a file\n1 file not checked\n",
    });
  });

  test.skipIf(!existsSync("/proc/self"))("makes no project where the system makes no folders, and ends", () => {
    const { status, stderr } = dnetc.run(["init", "/proc/dnetc/net"], { timeout: 10_000, killSignal: "SIGKILL" });
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: "error: cannot make a project in /proc/dnetc/net: there is no such file or folder\n",
    });
  });

  test("ends with 130 for the shell when it is interrupted, and leaves no file", async () => {
    // Standard input stays open, so the command waits; the shell reports when it listens and what became of it.
    const line = 'trap : INT; echo ready; "$0" "$1" compile - -o never.onnx; echo "$?"';
    const shell = spawn("bash", ["-c", line, process.execPath, dnetc.bin], { cwd: elsewhere, detached: true });
    await once(shell.stdout, "data");
    setTimeout(() => process.kill(-(shell.pid as number), "SIGINT"), 500);
    const [said] = (await once(shell.stdout, "data")) as [Buffer];
    expect(said.toString()).toBe("130\n");
    expect(readdirSync(elsewhere).filter((name) => name.includes("never") || name.endsWith(".tmp"))).toEqual([]);
  });
});

describe("what a command loads", () => {
  // The coverage of V8 tells how often each part of the bundle was evaluated.
  const evaluated = (part: string, args: readonly string[]): boolean => {
    const coverage = mkdtempSync(path.join(elsewhere, "coverage-"));
    dnetc.run(args, { cwd: elsewhere, env: { ...process.env, NODE_V8_COVERAGE: coverage } });
    const scripts = readdirSync(coverage).flatMap((name) => {
      return (JSON.parse(readFileSync(path.join(coverage, name), "utf8")) as { result: Script[] }).result;
    });
    const bundle = scripts.find((script) => script.url.endsWith("/dist/dnetc.cjs"));
    return bundle?.functions.some((one) => one.functionName.includes(part) && (one.ranges[0]?.count ?? 0) > 0) ?? false;
  };
  interface Script {
    readonly url: string;
    readonly functions: readonly {
      readonly functionName: string;
      readonly ranges: readonly { readonly count: number }[];
    }[];
  }

  test("compile loads what writes ONNX, check does not", () => {
    expect(evaluated("node_modules/onnx-proto", ["compile", densenet, "-o", "loaded.onnx"])).toBe(true);
    expect(evaluated("node_modules/onnx-proto", ["check", densenet])).toBe(false);
  });

  test("explain loads what reads Markdown, check does not", () => {
    expect(evaluated("node_modules/marked", ["explain", "recursion"])).toBe(true);
    expect(evaluated("node_modules/marked", ["check", densenet])).toBe(false);
  });

  test("check loads the compiler, --version does not", () => {
    expect(evaluated("src/compiler/compile.ts", ["check", densenet])).toBe(true);
    expect(evaluated("src/compiler/compile.ts", ["--version"])).toBe(false);
  });
});

describe("what the build has compiled", () => {
  interface BundleScript {
    compile(bundle: string, cachedData: Buffer): { readonly cachedDataRejected?: boolean };
  }

  test("is for this Node.js and this bundle", () => {
    const bundle = path.join(dnetc.folder, "dist", "dnetc.cjs");
    const [compiled = "", ...others] = readdirSync(path.dirname(bundle)).filter((name) => /^dnetc\.cjs\./.test(name));
    expect({ compiled, others }).toEqual({ compiled: expect.stringContaining(process.versions.v8), others: [] });
    const { compile } = createRequire(import.meta.url)("../../bin/script.js") as BundleScript;
    const kept = readFileSync(path.join(dnetc.folder, "dist", compiled));
    expect(compile(bundle, kept).cachedDataRejected).toBe(false);
  });

  test("may be missing, or of another Node.js", async () => {
    const other = await install({ withRuntime: false });
    const missing = other.run(["check", densenet]);
    writeFileSync(path.join(other.folder, "dist", `dnetc.cjs.${process.versions.v8}-${process.arch}`), "something");
    const wrong = other.run(["check", densenet]);
    other.remove();
    expect([missing, wrong]).toMatchObject(Array(2).fill({ status: 0, stderr: "1 network: no problems\n" }));
  });
});

describe("an installation", () => {
  test("without ONNX Runtime compiles, and says how to get it", async () => {
    const bare = await install({ withRuntime: false });
    const { status, stderr } = bare.run(["compile", densenet, "-o", "bare.onnx", "--verify"], { cwd: elsewhere });
    const bench = bare.run(["bench", path.join(elsewhere, "bare.onnx"), "--rounds", "1"]);
    bare.remove();
    expect(bench).toMatchObject({ status: 1, stdout: "" });
    expect(bench.stderr).toMatch(
      /^error: cpu: ONNX Runtime cannot be loaded\n {2}= help: .*npm install onnxruntime-node\n$/,
    );
    expect(status).toBe(1);
    expect(stderr).toContain("error: the model is written, but not verified: ONNX Runtime cannot be loaded\n");
    expect(stderr).toContain("npm install onnxruntime-node");
    expect(statSync(path.join(elsewhere, "bare.onnx")).size).toBe(statSync(path.join(elsewhere, "out.onnx")).size);
  });

  test("that is not built says so in a line", async () => {
    const unbuilt = await install({ withRuntime: false });
    rmSync(path.join(unbuilt.folder, "dist"), { recursive: true });
    const { status, stdout, stderr } = unbuilt.run(["--version"]);
    unbuilt.remove();
    expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
    expect(stderr).toMatch(/^dnetc is not built: .*\n$/);
  });

  test("on a Node.js that is too old says so in a line", () => {
    const older = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.18.3' } })";
    const args = ["--import", `data:text/javascript,${encodeURIComponent(older)}`, dnetc.bin, "--version"];
    expect(spawnSync(process.execPath, args, { encoding: "utf8" })).toMatchObject({
      status: 2,
      stdout: "",
      stderr: "dnetc needs Node.js 20.19 or newer; this is 20.18.3\n",
    });
  });
});
