import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import packageJson from "../package.json" with { type: "json" };
import { type Installation, install } from "./cli/built.ts";

const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");

const program = `
import { compile, count, defaultLimits, emit, initialise } from "dnetc";
import { createHash } from "node:crypto";

const source = { path: "net.dnet", text: "network Net { input image[3, 8, 8] conv(3x3, 4) linear(2) }" };
const options = { load: () => null, network: null, set: new Map(), dims: new Map(), limits: defaultLimits };
const { architectures, diagnostics } = compile(source, options);
const [architecture] = architectures;
if (!architecture) throw new Error(diagnostics.map((one) => one.message).join());
const { params, macs } = count(architecture);
const provenance = { version: "1", sourceHash: "", init: "he", seed: 1, params, macs };
const model = emit(architecture, initialise(architecture, { init: "he", seed: 1 }), {
  opset: 17,
  batch: null,
  fold: false,
  provenance,
  sha256: () => createHash("sha256"),
  external: null,
  dtype: "f32",
  keepIo: "f32",
});
let bytes = 0;
for (const chunk of model.chunks) bytes += chunk.length;
console.log(JSON.stringify([params, macs, model.nodes, bytes === model.bytes]));
`;

let consumer: Installation;
let folder = "";
beforeAll(async () => {
  consumer = await install({ withRuntime: false });
  execFileSync(process.execPath, [
    tsc,
    "-p",
    "tsconfig.build.json",
    "--outDir",
    path.join(consumer.folder, "dist", "types"),
  ]);
  folder = path.join(consumer.folder, "consumer");
  const copy = path.join(folder, "node_modules", "dnetc");
  mkdirSync(copy, { recursive: true });
  for (const item of ["package.json", "dist"])
    cpSync(path.join(consumer.folder, item), path.join(copy, item), { recursive: true });
});
afterAll(() => consumer.remove());

test("the package can be imported", () => {
  writeFileSync(path.join(folder, "program.mjs"), program);
  const { stdout, stderr } = spawnSync(process.execPath, [path.join(folder, "program.mjs")], { encoding: "utf8" });
  expect({ stdout, stderr }).toEqual({ stdout: "[622,7424,3,true]\n", stderr: "" });
});

test("the package has types that a strict consumer can check, and that catch mistakes", () => {
  const lines = [
    program.replace(
      'import { createHash } from "node:crypto";',
      "declare function createHash(name: string): { update(data: Uint8Array): void; digest(form: string): string };",
    ),
    'const code: import("dnetc").Code = "no-such-code";',
  ];
  const typed = lines.join("\n").replace("console.log(", "String(");
  writeFileSync(path.join(folder, "program.mts"), typed);
  const flags = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2023", "--types", "", "program.mts"];
  const { stdout } = spawnSync(process.execPath, [tsc, ...flags], { cwd: folder, encoding: "utf8" });
  expect(stdout.trim().split("\n")).toEqual([
    expect.stringMatching(/^program\.mts\(\d+,7\): error TS2322: .*no-such-code/),
  ]);
});

test("everything that package.json names is there", () => {
  const { bin, exports, files } = packageJson;
  const built = [exports["."].default, exports["."].types].map((file) => path.join(consumer.folder, file));
  const committed = [...Object.values(bin), ...files.filter((file) => file !== "dist")];
  expect([...built, ...committed].filter((file) => !existsSync(file))).toEqual([]);
});
