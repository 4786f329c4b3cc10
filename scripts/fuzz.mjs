// Random programs: npm run fuzz -- --count 20000 --seed 7. Bundles test/random/fuzz.ts, as Node.js 20 reads no TypeScript.
import path from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "./bundle.mjs";

const outfile = path.join(root, "node_modules", ".cache", "fuzz.mjs");
await build({
  absWorkingDir: root,
  entryPoints: ["test/random/fuzz.ts"],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20.19",
  packages: "external",
  logLevel: "warning",
});
const { fuzz } = await import(pathToFileURL(outfile));
process.exitCode = await fuzz(process.argv.slice(2));
