import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

interface Bundle {
  bundle(outdir: string | null): Promise<unknown>;
}

/** A copy of the package as it is installed, freshly built from the sources, without declarations. */
export interface Installation {
  readonly folder: string;
  readonly bin: string;
  run(
    args: readonly string[],
    options?: { readonly cwd?: string; readonly input?: string; readonly env?: NodeJS.ProcessEnv },
  ): SpawnSyncReturns<string>;
  remove(): void;
}

export async function install(settings: { readonly withRuntime: boolean }): Promise<Installation> {
  const folder = mkdtempSync(path.join(tmpdir(), "dnetc-built-"));
  const script: string = "../../scripts/bundle.mjs";
  const { bundle } = (await import(script)) as Bundle;
  await bundle(path.join(folder, "dist"));
  for (const item of ["bin", "package.json"]) cpSync(item, path.join(folder, item), { recursive: true });
  if (settings.withRuntime) symlinkSync(path.resolve("node_modules"), path.join(folder, "node_modules"));
  const bin = path.join(folder, "bin", "dnetc.js");
  return {
    folder,
    bin,
    run: (args, options = {}) => spawnSync(process.execPath, [bin, ...args], { encoding: "utf8", ...options }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
