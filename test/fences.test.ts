import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const biome = createRequire(import.meta.url).resolve("@biomejs/biome/bin/biome");
const core = [
  "grammar",
  "src/compiler",
  "src/emit",
  "src/weights",
  "src/reference",
  "src/inspect",
  "src/saving",
  "src/outline",
  "src/draw",
  "src/format",
  "src/ide",
];

/** Code that must not be where it is planted, and the rule that says so. */
const forbidden: readonly (readonly [folder: string, code: string, rule: string])[] = [
  ...core.flatMap((folder) => [
    [
      folder,
      'import { readFileSync } from "node:fs";\nexport const read = readFileSync;',
      "correctness/noNodejsModules",
    ] as const,
    [folder, "export const args = process.argv;", "style/noRestrictedGlobals"] as const,
    [folder, 'console.log("hello");', "style/noRestrictedGlobals"] as const,
    [folder, "export const now = Date.now();", "style/noRestrictedGlobals"] as const,
    [folder, imports("../cli/main.ts"), "style/noRestrictedImports"] as const,
    [folder, imports("onnxruntime-node"), "style/noRestrictedImports"] as const,
  ]),
  ["src/compiler", imports("../emit/emit.ts"), "style/noRestrictedImports"],
  ["src/compiler", imports("../../runtime/run.ts"), "style/noRestrictedImports"],
  ["src/compiler", imports("onnx-proto"), "style/noRestrictedImports"],
  ["src/compiler/layers", imports("../../cli/main.ts"), "style/noRestrictedImports"],
  ["src/weights", imports("onnx-proto"), "style/noRestrictedImports"],
  ["src/reference", imports("../emit/emit.ts"), "style/noRestrictedImports"],
  ["src/reference", imports("onnx-proto"), "style/noRestrictedImports"],
  ["src/inspect", imports("../emit/emit.ts"), "style/noRestrictedImports"],
  ["src/emit", imports("../inspect/read.ts"), "style/noRestrictedImports"],
  ["src/emit", imports("../runtime/run.ts"), "style/noRestrictedImports"],
  ["src/compiler", imports("../draw/draw.ts"), "style/noRestrictedImports"],
  ["src/draw", imports("../runtime/run.ts"), "style/noRestrictedImports"],
  ["src/runtime", imports("../cli/main.ts"), "style/noRestrictedImports"],
  ["src/runtime", imports("onnx-proto"), "style/noRestrictedImports"],
  ["src/runtime", 'console.log("hello");', "suspicious/noConsole"],
  ["src/cli", imports("onnxruntime-node"), "style/noRestrictedImports"],
  ["src/cli", 'export const load = () => import("onnxruntime-node");', "style/noRestrictedImports"],
  ["src/cli", "export const wide = (value: any): unknown => value;", "suspicious/noExplicitAny"],
  ["src", imports("./cli/main.ts"), "style/noRestrictedImports"],
];

/** Code of the same kind that may be where it is. */
const allowed: readonly (readonly [folder: string, code: string])[] = [
  ["src/runtime", 'export const load = () => import("onnxruntime-node");'],
  ["src/emit", imports("onnx-proto")],
  ["src/emit", imports("../compiler/ir.ts")],
  ["src/cli", imports("../runtime/run.ts")],
  ["src/cli", 'import { readFileSync } from "node:fs";\nexport const read = readFileSync;'],
];

function imports(specifier: string): string {
  return `import { thing } from "${specifier}";\nexport const used = thing;`;
}

interface Finding {
  readonly category: string;
  readonly location: { readonly path: string };
}

let folder = "";
let findings: readonly Finding[] = [];

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "dnetc-fences-"));
  for (const file of ["biome.json", ".gitignore"]) copyFileSync(file, path.join(folder, file));
  plant(forbidden, "forbidden");
  plant(allowed, "allowed");
  const run = spawnSync(process.execPath, [biome, "lint", "--reporter=json", "--max-diagnostics=none", "."], {
    cwd: folder,
    encoding: "utf8",
  });
  findings = (JSON.parse(run.stdout) as { diagnostics: Finding[] }).diagnostics;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function plant(cases: readonly (readonly [string, string, string?])[], name: string): void {
  for (const [index, [place, code]] of cases.entries()) {
    mkdirSync(path.join(folder, place), { recursive: true });
    writeFileSync(path.join(folder, place, `${name}-${index}.ts`), `${code}\n`);
  }
}

function rulesBroken(file: string): readonly string[] {
  return findings.filter((one) => one.location.path === file).map((one) => one.category.replace("lint/", ""));
}

describe("the import fences", () => {
  for (const [index, [place, code, rule]] of forbidden.entries()) {
    test(`${place} may not hold: ${code.split("\n")[0]}`, () => {
      expect(rulesBroken(`${place}/forbidden-${index}.ts`)).toContain(rule);
    });
  }
  for (const [index, [place, code]] of allowed.entries()) {
    test(`${place} may hold: ${code.split("\n")[0]}`, () => {
      expect(rulesBroken(`${place}/allowed-${index}.ts`)).toEqual([]);
    });
  }
});
