// Writes what is generated from the grammar, the tables of layers and the pages of messages. These are TypeScript, bundled before they run.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const cache = path.join(root, "node_modules/.cache/dnetc");

async function load(entry) {
  const outfile = path.join(cache, `${path.basename(entry, ".ts")}.mjs`);
  mkdirSync(cache, { recursive: true });
  await build({
    entryPoints: [path.join(root, entry)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "error",
  });
  return import(pathToFileURL(outfile).href);
}

const { generatedFiles } = await load("grammar/generate.ts");
for (const [name, text] of Object.entries(generatedFiles())) {
  writeFileSync(path.join(root, "grammar", name), text);
  console.log(`grammar/${name}`);
}

const { layersPage } = await load("scripts/layers-page.ts");
writeFileSync(path.join(root, "docs", "layers.md"), layersPage());
console.log("docs/layers.md");

const diagnostics = path.join(root, "docs", "diagnostics");
const { diagnosticsIndex } = await load("scripts/diagnostics-index.ts");
const index = diagnosticsIndex((code) => readFileSync(path.join(diagnostics, `${code}.md`), "utf8"));
writeFileSync(path.join(diagnostics, "index.md"), index);
console.log("docs/diagnostics/index.md");

const gallery = path.join(root, "docs", "gallery");
mkdirSync(gallery, { recursive: true });
const { galleryFiles } = await load("scripts/gallery/pages.ts");
for (const [name, text] of galleryFiles(root)) writeFileSync(path.join(gallery, name), text);
console.log("docs/gallery");
