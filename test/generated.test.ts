import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { diagnosticsIndex } from "../scripts/diagnostics-index.ts";
import { galleryFiles } from "../scripts/gallery/pages.ts";
import { layersPage } from "../scripts/layers-page.ts";

// The scripts are plain JavaScript, without types.
const scripts = { std: "../scripts/std.mjs", licenses: "../scripts/licenses.mjs" };

test("the text of the library in the bundle is that of std/", async () => {
  const { stdModule } = (await import(scripts.std)) as { stdModule(): string };
  expect(readFileSync("src/compiler/std.generated.ts", "utf8")).toBe(stdModule());
});

test("the licences are those of the packages in the bundles", async () => {
  const { thirdPartyLicenses } = (await import(scripts.licenses)) as { thirdPartyLicenses(): Promise<string> };
  expect(readFileSync("THIRD-PARTY-LICENSES.md", "utf8")).toBe(await thirdPartyLicenses());
});

test("the page of layers is that of the tables", () => {
  expect(readFileSync("docs/layers.md", "utf8")).toBe(layersPage());
});

test("the list of messages is that of the catalogue and the pages", () => {
  const page = (code: string) => readFileSync(`docs/diagnostics/${code}.md`, "utf8");
  expect(readFileSync("docs/diagnostics/index.md", "utf8")).toBe(diagnosticsIndex(page));
});

test("the gallery shows the library and the examples as they are", () => {
  const files = galleryFiles(".");
  expect(readdirSync("docs/gallery").toSorted()).toEqual([...files.keys()].toSorted());
  for (const [name, text] of files) expect(readFileSync(`docs/gallery/${name}`, "utf8")).toBe(text);
});
