// Builds dist: the bundles, what V8 makes of the command line, and the declarations of the API.
import { execFileSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { bundle, root } from "./bundle.mjs";
import { keepCompiled } from "./code-cache.mjs";

const dist = path.join(root, "dist");
rmSync(dist, { recursive: true, force: true });
await bundle(dist);
chmodSync(path.join(root, "bin", "dnetc.js"), 0o755);
keepCompiled(dist);
const tsc = path.join(path.dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
execFileSync(process.execPath, [tsc, "-p", path.join(root, "tsconfig.build.json")], { stdio: "inherit" });
