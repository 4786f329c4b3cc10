// What goes into dist: one file for the command line, one for the API. Shared by the build, the licences and the tests.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const root = fileURLToPath(new URL("..", import.meta.url));

// The CommonJS packages inside an ESM bundle call `require` for Node's own modules.
const banner =
  'import { createRequire as createRequire_ } from "node:module";\nconst require = createRequire_(import.meta.url);';

/**
 * Bundles into `outdir`; with `outdir` null nothing is written.
 * The command line is CommonJS: Node.js starts it sooner, and V8 can keep what it has compiled of it.
 * Names are kept, so that the stack of a bug can be read; ONNX Runtime stays outside, it is native code.
 * @returns {Promise<readonly import("esbuild").Metafile[]>}
 */
export async function bundle(outdir) {
  const commandLine = await bundleOne({
    // The second is what the threads run that make tensors.
    entryPoints: { dnetc: "src/cli/start.ts", "serve-stretches": "src/cli/model-writing/serve-stretches.ts" },
    format: "cjs",
    outExtension: { ".js": ".cjs" },
    // `require` for what is loaded when needed: `import` would not work in what V8 has kept.
    supported: { "dynamic-import": false },
    define: { "import.meta.filename": "module.filename" },
  });
  const api = await bundleOne({ entryPoints: { index: "src/index.ts" }, format: "esm", banner: { js: banner } });
  for (const { path: file, text } of outdir === null ? [] : [...commandLine.outputFiles, ...api.outputFiles]) {
    mkdirSync(outdir, { recursive: true });
    writeFileSync(path.join(outdir, path.basename(file)), escaped(text));
  }
  return [commandLine.metafile, api.metafile];
}

function bundleOne({ define, ...options }) {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return build({
    absWorkingDir: root,
    outdir: "dist",
    write: false,
    bundle: true,
    platform: "node",
    target: "node20.19",
    external: ["onnxruntime-node"],
    define: { DNETC_VERSION: JSON.stringify(version), ...define },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
    plugins: [childProcessWhenNeeded],
    ...options,
  });
}

/** Commander loads it at every start, and needs it only for commands that are programs of their own: we have none. */
const childProcessWhenNeeded = {
  name: "child process when needed",
  setup(build) {
    build.onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      importer.includes("/commander/") ? { path: "child_process", namespace: "when-needed" } : null,
    );
    build.onLoad({ filter: /.*/, namespace: "when-needed" }, ({ path: name }) => ({
      contents: `exports.spawn = (...args) => require("node:${name}").spawn(...args);`,
    }));
  },
};

/** In ASCII, which V8 reads faster; esbuild leaves other characters in patterns as they are. */
function escaped(text) {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
