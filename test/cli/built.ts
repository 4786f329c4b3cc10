import { type SpawnSyncOptions, type SpawnSyncReturns, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

interface Bundle {
  bundle(outdir: string | null): Promise<unknown>;
}

interface CodeCache {
  keepCompiled(dist: string): void;
}

/** A copy of the package as it is installed, freshly built from the sources, without declarations. */
export interface Installation {
  readonly folder: string;
  readonly bin: string;
  run(
    args: readonly string[],
    options?: Pick<SpawnSyncOptions, "cwd" | "input" | "env" | "timeout" | "killSignal">,
  ): SpawnSyncReturns<string>;
  remove(): void;
}

// Plain JavaScript, without types.
const scripts = { bundle: "../../scripts/bundle.mjs", codeCache: "../../scripts/code-cache.mjs" };

/** The files of the bundle, once a process has made it. */
let bundled: ReadonlyMap<string, Buffer> | null = null;

async function bundleInto(dist: string): Promise<void> {
  if (bundled) {
    mkdirSync(dist);
    for (const [name, content] of bundled) writeFileSync(path.join(dist, name), content);
    return;
  }
  const { bundle } = (await import(scripts.bundle)) as Bundle;
  await bundle(dist);
  bundled = new Map(readdirSync(dist).map((name) => [name, readFileSync(path.join(dist, name))]));
}

/** `compiled`: with what V8 makes of the bundle, as the build keeps it. */
export async function install(settings: {
  readonly withRuntime: boolean;
  readonly compiled?: true;
}): Promise<Installation> {
  const folder = mkdtempSync(path.join(tmpdir(), "dnetc-built-"));
  const dist = path.join(folder, "dist");
  await bundleInto(dist);
  if (settings.compiled) ((await import(scripts.codeCache)) as CodeCache).keepCompiled(dist);
  for (const item of ["bin", "package.json", "docs/diagnostics"])
    cpSync(item, path.join(folder, item), { recursive: true });
  if (settings.withRuntime) symlinkSync(path.resolve("node_modules"), path.join(folder, "node_modules"));
  const bin = path.join(folder, "bin", "dnetc.js");
  return {
    folder,
    bin,
    run: (args, options = {}) => spawnSync(process.execPath, [bin, ...args], { encoding: "utf8", ...options }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
