import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lexer, type Tokens } from "marked";
import picocolors from "picocolors";
import { describe, expect, it } from "vitest";
import { summaryOf } from "../src/cli/page.ts";
import { renderHuman } from "../src/cli/render.ts";
import type { Diagnostic } from "../src/compiler/diagnostics.ts";
import { defaultLimits } from "../src/compiler/limits.ts";
import { catalogue } from "../src/compiler/messages/catalogue.ts";
import { compileFiles, optionsIn } from "./compiling.ts";

const folder = join(import.meta.dirname, "..", "docs", "diagnostics");
const plainStyle = {
  colors: picocolors.createColors(false),
  width: 100,
  labelWidth: Number.POSITIVE_INFINITY,
  unicode: true,
};
const pages = readdirSync(folder)
  .filter((name) => name.endsWith(".md") && name !== "index.md")
  .map((name) => name.slice(0, -".md".length));

it("every code has a page, and every page a code", () => {
  expect(pages.sort()).toEqual(Object.keys(catalogue).sort());
});

/**
 * A page shows its programs in blocks of `dnet`, and how they are checked, with all that is printed, in a block of
 * `text` that begins `$ dnetc check FILE`. A program that begins with `# NAME.dnet` is the file of that name, the other
 * is FILE. `vitest -u` rewrites what is printed; the difference is reviewed.
 */
describe("pages of messages", () => {
  for (const code of pages) {
    it(code, async () => {
      const file = join(folder, `${code}.md`);
      const page = readFileSync(file, "utf8");
      const wrong = exampleIn(page, "Wrong");
      const right = exampleIn(page, "Right");
      const found = check(wrong);
      const printed = found.map(show).join("\n").trimEnd();
      const rewritten = page.replace(wrong.output.raw, () => `\`\`\`text\n${wrong.command}\n${printed}\n\`\`\``);
      await expect(rewritten).toMatchFileSnapshot(file);
      expect(found[0]?.code).toBe(firstCodes.get(code) ?? code);
      expect(found.map((one) => one.code)).toContain(code);
      expect(check({ ...right, command: right.command || "$ dnetc check net.dnet" }).map(show)).toEqual([]);
      expect(page.startsWith(`# ${code}\n\n`)).toBe(true);
      expect(summaryOf(page)).toMatch(/^[A-Z`].*[^.]\.$/);
    });
  }
});

/** This message can only follow others. */
const firstCodes: ReadonlyMap<string, string> = new Map([["limit-messages", "unknown-layer"]]);

it("links lead to pages", () => {
  const linked = pages.flatMap((code) => {
    const page = readFileSync(join(folder, `${code}.md`), "utf8");
    return [...page.matchAll(/\]\(([\w-]+)\.md\)/g)].map(([, name = ""]) => `${code} to ${name}`);
  });
  expect(linked.filter((link) => !pages.includes(link.split(" to ")[1] ?? ""))).toEqual([]);
});

it("the pages of the limits name their defaults", () => {
  const wrong = Object.entries(defaultLimits).filter(([name, value]) => {
    const text = readFileSync(join(folder, `limit-${name}.md`), "utf8");
    return !new RegExp(` ${value.toLocaleString("en-US")}[ .]`).test(text) || !text.includes(`--limit ${name}=N`);
  });
  expect(wrong).toEqual([]);
});

interface Example {
  readonly programs: readonly string[];
  /** `$ dnetc check FILE`, empty where the page leaves it out. */
  readonly command: string;
  readonly output: Tokens.Code;
}

function exampleIn(page: string, title: string): Example {
  const tokens = lexer(page);
  const start = tokens.findIndex((one) => one.type === "heading" && one.text === title);
  const length = tokens.slice(start + 1).findIndex((one) => one.type === "heading");
  const section = tokens.slice(start + 1, length < 0 ? tokens.length : start + 1 + length);
  const blocks = section.filter((one): one is Tokens.Code => one.type === "code");
  const output = blocks.find((one) => one.lang === "text");
  const programs = blocks.filter((one) => one.lang === "dnet").map((one) => `${one.text}\n`);
  const [command = ""] = output?.text.split("\n") ?? [];
  return { programs, command, output: output ?? { type: "code", raw: "no output", text: "" } };
}

function check({ programs, command }: Example): readonly Diagnostic[] {
  const [, path = ""] = /^\$ dnetc check (\S+\.dnet)/.exec(command) ?? [];
  const files = new Map(programs.map((text) => [/^# ([\w-]+\.dnet)\n/.exec(text)?.[1] ?? path, text]));
  expect(files.size).toBe(programs.length);
  expect([...files.keys()]).toContain(path);
  return compileFiles(files, path, optionsIn(command)).diagnostics;
}

function show(diagnostic: Diagnostic): string {
  return renderHuman(diagnostic, plainStyle);
}
