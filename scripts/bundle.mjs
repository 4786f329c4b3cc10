// What goes into dist: one file for the command line, one for the API. Shared by the build, the licences and the tests.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const root = fileURLToPath(new URL("..", import.meta.url));

// The CommonJS packages inside an ESM bundle call `require` for Node's own modules.
const banner =
  'import { createRequire as createRequire_ } from "node:module";\nconst require = createRequire_(import.meta.url);';

/**
 * Bundles into `outdir`; with `outdir` null nothing is written.
 * Names are kept, so that the stack of a bug can be read; ONNX Runtime stays outside, it is native code.
 * @returns {Promise<import("esbuild").Metafile>}
 */
export async function bundle(outdir) {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const result = await build({
    absWorkingDir: root,
    entryPoints: { dnetc: "src/cli/start.ts", index: "src/index.ts" },
    outdir: outdir ?? "dist",
    write: outdir !== null,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20.19",
    external: ["onnxruntime-node"],
    banner: { js: banner },
    define: { DNETC_VERSION: JSON.stringify(version) },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  return result.metafile;
}
