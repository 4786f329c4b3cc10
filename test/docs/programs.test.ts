import path from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compiler/compile.ts";
import type { Diagnostic } from "../../src/compiler/diagnostics.ts";
import { type Block, type Page, pages, placeOf } from "./pages.ts";

/*
 * ```dnet                 a whole file: compiles without an error or a warning
 * ```dnet file=net.dnet   the same; commands further down the page find it under this name
 * ```dnet fragment        statements of a network that gets [N, 64, 56, 56], or with input=3,224,224 that
 * ```dnet wrong file=…    has an error, which a command further down the page shows
 */
for (const page of pages()) {
  const programs = page.blocks.filter((block) => block.language === "dnet");
  describe.runIf(programs.length > 0)(page.name, () => {
    for (const block of programs) test(placeOf(page, block), () => checkProgram(page, block));
  });
}

test("the layers that stand beside PyTorch's are layers", () => {
  const page = pages().find(({ name }) => name === "docs/from-pytorch.md");
  const [, section = ""] = /^## Layers$([\s\S]*?)^## /m.exec(page?.text ?? "") ?? [];
  const cells = [...section.matchAll(/^\| [^|]+ \| ([^|]+) \|/gm)].map(([, cell]) => cell as string);
  const layers = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, layer]) => layer as string));
  const written = layers.filter((layer) => !layer.startsWith("branch"));
  expect(written.length).toBeGreaterThan(25);
  expect(
    written.filter(
      (layer) => compile({ path: "net.dnet", text: inNetwork(`relu ${layer}`) }).architectures.length !== 1,
    ),
  ).toEqual([]);
});

function checkProgram(page: Page, block: Block): void {
  const known = ["fragment", "wrong"];
  expect([...block.flags].filter((flag) => !known.includes(flag))).toEqual([]);
  const found = problemsOf(page, block);
  if (!block.flags.has("wrong")) {
    expect(found.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
    return;
  }
  expect(found.some(({ severity }) => severity === "error")).toBe(true);
  const file = block.settings.get("file") ?? "a wrong program has no name";
  const later = page.blocks.filter((one) => one.language === "console" && one.line > block.line);
  expect(later.some((one) => one.text.includes(file))).toBe(true);
}

function problemsOf(page: Page, block: Block): readonly Diagnostic[] {
  const named = page.blocks.filter((one) => one.line < block.line && one.settings.has("file"));
  const load = (imported: string) =>
    named.findLast((one) => one.settings.get("file") === path.normalize(imported))?.text;
  const { diagnostics } = compile(
    { path: block.settings.get("file") ?? placeOf(page, block), text: textOf(block) },
    { load: (file) => load(file) ?? null },
  );
  return diagnostics.filter(({ severity }) => severity !== "note");
}

function textOf({ flags, settings, text }: Block): string {
  return flags.has("fragment") ? inNetwork(text, settings.get("input")) : text;
}

function inNetwork(statements: string, input = "64,56,56"): string {
  return `network Fragment { input image[${input}]\n${statements}}\n`;
}
