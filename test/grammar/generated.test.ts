import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { generatedFiles } from "../../grammar/generate.ts";
import { DnetParser } from "../../grammar/parser.ts";
import { reservedWords, tokenize } from "../../grammar/tokens.ts";

const folder = join(import.meta.dirname, "../../grammar");

describe("the files generated from the grammar are those of the grammar", () => {
  for (const [name, text] of Object.entries(generatedFiles())) {
    test(name, () => expect(readFileSync(join(folder, name), "utf8")).toBe(text));
  }
});

test("the grammar is LL(2) without ambiguity", () => {
  expect(() => new DnetParser(true)).not.toThrow();
});

const rules = Object.keys(new DnetParser(true).getGAstProductions());

test("no rule hides a member of the parser", () => {
  expect(rules).not.toContain("input");
});

test("every rule is reached from a file", () => {
  const printed = readFileSync(join(folder, "dnet.ebnf"), "utf8");
  const missing = rules.filter((rule) => !new RegExp(`^${rule} += `, "m").test(printed));
  expect(missing).toEqual([]);
});

test("the reserved words are those of the language", () => {
  const words =
    "network block fn import from input output let in for repeat as if then else expect require training and or not true false";
  expect([...reservedWords].sort()).toEqual(words.split(" ").sort());
});

test("every character of a text is in a token, a comment or white space", () => {
  const text = Array.from({ length: 0x3100 }, (_, code) => String.fromCharCode(code)).join(" a ");
  const { tokens, comments } = tokenize(`${text} 😀 \ud800`);
  const covered = new Set(
    [...tokens, ...comments].flatMap(({ startOffset, image }) => [...image].map((_, i) => startOffset + i)),
  );
  const left = [...text].filter((character, i) => !/[ \t\r\n\uFEFF]/.test(character) && !covered.has(i));
  expect(left).toEqual([]);
});

describe("the colours for editors", () => {
  const { patterns, repository } = JSON.parse(generatedFiles()["dnet.tmLanguage.json"] ?? "") as {
    patterns: { include: string }[];
    repository: Record<string, { patterns: { match?: string; begin?: string; end?: string; include?: string }[] }>;
  };

  test("name only parts that are there", () => {
    const included = [...patterns, ...Object.values(repository).flatMap((part) => part.patterns)].flatMap(
      ({ include }) => (include ? [include.slice(1)] : []),
    );
    expect(included.filter((name) => !(name in repository))).toEqual([]);
  });

  test("hold only regular expressions", () => {
    for (const { match, begin, end } of Object.values(repository).flatMap((part) => part.patterns)) {
      for (const source of [match, begin, end]) if (source) expect(() => new RegExp(source)).not.toThrow();
    }
  });
});
