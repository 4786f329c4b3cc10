import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parsed, straySpans } from "./parsing.ts";

const fixtures = join(import.meta.dirname, "../fixtures");

function programsIn(folder: string): readonly (readonly [name: string, text: string])[] {
  const names = readdirSync(join(fixtures, folder)).filter((name) => name.endsWith(".dnet"));
  return names.map((name) => [name, readFileSync(join(fixtures, folder, name), "utf8")]);
}

describe("the programs of the language", () => {
  for (const [name, text] of programsIn("ok")) {
    test(name, () => {
      const { program, diagnostics } = parsed(text);
      expect(diagnostics).toEqual([]);
      expect(straySpans(program)).toEqual([]);
      expect(JSON.stringify(program, exact)).not.toContain('"missing"');
    });

    test(`${name} with the line breaks and the mark of Windows`, () => {
      const windows = parsed(`\uFEFF${text.replaceAll("\n", "\r\n")}`);
      expect(windows.diagnostics).toEqual([]);
      expect(withoutPlaces(windows.program)).toEqual(withoutPlaces(parsed(text).program));
    });

    test(`${name} on one line`, () => {
      const line = parsed(text.replaceAll(/#.*/g, "").replaceAll(/\s+/g, " "));
      expect(line.diagnostics).toEqual([]);
      expect(withoutPlaces(line.program)).toEqual(withoutPlaces(parsed(text.replaceAll(/#.*/g, "")).program));
    });
  }

  for (const [name, text] of programsIn("err").filter(([name]) => !name.startsWith("limit-"))) {
    test(`wrong program ${name} makes a tree`, () => {
      expect(straySpans(parsed(text).program)).toEqual([]);
    });
  }
});

function exact(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

function withoutPlaces(tree: unknown): unknown {
  const hidden = new Set(["span", "head", "source"]);
  return JSON.parse(JSON.stringify(tree, (key, value) => (hidden.has(key) ? undefined : exact(key, value))));
}
