// Lets V8 compile the bundle of the command line and keeps the result beside it, for this version of Node.js only.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./bundle.mjs";

const script = fileURLToPath(import.meta.url);

/** In a process of its own. What the commands print is shown only if one fails. */
export function keepCompiled(dist) {
  const folder = mkdtempSync(path.join(tmpdir(), "dnetc-build-"));
  try {
    execFileSync(process.execPath, [script, path.join(dist, "dnetc.cjs"), folder], { stdio: "pipe" });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** V8 compiles a function when it is first called: what is kept is what these commands use. */
async function useCommands(start, folder) {
  const program = path.join(root, "examples", "densenet-121.dnet");
  const wrong = path.join(folder, "wrong.dnet");
  writeFileSync(wrong, "network Wrong { input image[3, 32, 32] let width = 4 + conv(3x3, widht) covn(3x3) }\n");
  await start(["compile", program, "-o", path.join(folder, "model.onnx")]);
  if (process.exitCode !== 0) throw new Error(`compile ended with ${process.exitCode}`);
  await start(["stats", program]);
  await start(["check", wrong]);
  await start(["check", program]);
}

if (process.argv[1] === script) {
  const [bundle, folder] = process.argv.slice(2);
  const { compile, evaluate } = createRequire(import.meta.url)("../bin/script.js");
  const compiled = compile(bundle);
  await useCommands(evaluate(compiled, bundle).start, folder);
  writeFileSync(`${bundle}.${process.versions.v8}-${process.arch}`, compiled.createCachedData());
}
