import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { defaultLimits } from "../../src/compiler/limits.ts";

it("the page of limits lists each with its default and its message, in their order", () => {
  const page = readFileSync(join(import.meta.dirname, "..", "..", "docs", "limits.md"), "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` \| ([\d,]+) \| .* \| \[limit-(\w+)\]\(diagnostics\/limit-\3\.md\)/gm)];
  const expected = Object.entries(defaultLimits).map(([name, most]) => [name, most.toLocaleString("en-US"), name]);
  expect(rows.map(([, name, most, code]) => [name, most, code])).toEqual(expected);
});
