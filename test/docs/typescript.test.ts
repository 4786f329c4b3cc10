import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Block, type Page, pages, placeOf } from "./pages.ts";
import { rewrite, updates } from "./rewriting.ts";

/*
 * ```ts     a module that uses the API: its types are checked, and it is run
 * ```text   right below it: what it prints with console.log. DNETC_UPDATE=1 rewrites it.
 */
const root = path.join(import.meta.dirname, "..", "..");
const snippetsOf = (page: Page) => page.blocks.filter(({ language }) => language === "ts");
const fileOf = (page: Page, block: Block) => `${page.name.replaceAll(/\W/g, "-")}-${block.line}`;

/** Inside the project, so that a module finds its packages. */
let folder: string;
beforeAll(async () => {
  mkdirSync(path.join(root, "node_modules/.cache"), { recursive: true });
  folder = mkdtempSync(path.join(root, "node_modules/.cache/dnetc-docs-"));
  const files = pages().flatMap((page) =>
    snippetsOf(page).map((block) => ({ file: path.join(folder, `${fileOf(page, block)}.ts`), text: block.text })),
  );
  for (const { file, text } of files) writeFileSync(file, text);
  await build({
    absWorkingDir: root,
    entryPoints: files.map(({ file }) => file),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    alias: { dnetc: path.join(root, "src/index.ts") },
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    banner: { js: 'import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);' },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the TypeScript of the manual has no mistake of types", () => {
  const options = {
    extends: path.join(root, "tsconfig.json"),
    compilerOptions: {
      paths: { dnetc: [path.join(root, "src/index.ts")] },
      typeRoots: [path.join(root, "node_modules/@types")],
    },
    include: ["*.ts"],
  };
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(options));
  const compiler = path.join(
    path.dirname(createRequire(import.meta.url).resolve("typescript/package.json")),
    "bin/tsc",
  );
  const { stdout, stderr } = spawnSync(process.execPath, [compiler, "-p", folder], { encoding: "utf8" });
  expect(stdout + stderr).toBe("");
});

for (const page of pages()) describe.runIf(snippetsOf(page).length > 0)(page.name, () => runPage(page));

function runPage(page: Page): void {
  const rewritten = new Map<Block, string>();
  afterAll(() => rewrite(page, rewritten));
  for (const block of snippetsOf(page)) {
    test(placeOf(page, block), async () => {
      const output = outputBelow(page, block);
      const printed = await printedBy(path.join(folder, `${fileOf(page, block)}.mjs`));
      if (updates && output && output.text !== printed) rewritten.set(output, printed);
      else expect(printed).toBe(output?.text ?? "");
    });
  }
}

/** The block of text that follows with nothing between. */
function outputBelow(page: Page, block: Block): Block | null {
  const next = page.blocks[page.blocks.indexOf(block) + 1];
  if (next?.language !== "text" || page.text.slice(block.end, next.start).trim() !== "```\n\n```text") return null;
  return next;
}

/** What a module prints while it is first imported. */
async function printedBy(file: string): Promise<string> {
  const { log } = globalThis.console;
  let printed = "";
  globalThis.console.log = (...values: readonly unknown[]) => {
    printed += `${format(...values)}\n`;
  };
  try {
    await import(/* @vite-ignore */ pathToFileURL(file).href);
  } finally {
    globalThis.console.log = log;
  }
  return printed;
}
