import { spawnSync } from "node:child_process";

export type Python =
  | { readonly kind: "found"; readonly executable: string }
  | { readonly kind: "missing"; readonly modules: readonly string[] };

const executables = ["python3", "/usr/bin/python3"];

/** A Python that has what a program imports. */
export function pythonWith(program: string): Python {
  const modules = [...program.matchAll(/^(?:import|from) (\w+)/gm)].map(([, name]) => name as string);
  // To find a package takes a tenth of the time that importing it takes.
  const test = `import sys, importlib.util\nsys.exit(None in map(importlib.util.find_spec, ${JSON.stringify(modules)}))`;
  const executable = executables.find((one) => spawnSync(one, ["-c", test]).status === 0);
  return executable === undefined ? { kind: "missing", modules } : { kind: "found", executable };
}
