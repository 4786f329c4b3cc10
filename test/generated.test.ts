import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
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
