import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readRules } from "../../src/weights/loading/rules.ts";
import { type Page, pages, pathOf, placeOf } from "./pages.ts";
import { pythonWith } from "./python.ts";

const root = path.join(import.meta.dirname, "..", "..");

/** Each has a test: programs, commands, TypeScript; the others are read below. */
const languages = ["dnet", "console", "ts", "text", "js", "python", "json", "sh", "yaml", "rules"];

describe.each(pages().map((page) => [page.name, page] as const))("%s", (_name, page) => {
  test("has a title and known kinds of blocks", () => {
    expect(page.text).toMatch(/^(?:---\n[\s\S]*?\n---\n\n)?# \S/);
    const unknown = page.blocks.filter(({ language }) => !languages.includes(language));
    expect(unknown.map((block) => placeOf(page, block))).toEqual([]);
  });

  test("has plain text only as what the TypeScript above it prints", () => {
    const stray = page.blocks.filter(({ language }, i) => language === "text" && page.blocks[i - 1]?.language !== "ts");
    expect(stray.map((block) => placeOf(page, block))).toEqual([]);
  });

  test("has JSON that can be read", () => {
    for (const block of page.blocks.filter(({ language }) => language === "json")) JSON.parse(block.text);
  });

  test("has rules for names that can be read", () => {
    for (const block of page.blocks.filter(({ language }) => language === "rules")) {
      expect(readRules(block.text).length, placeOf(page, block)).toBeGreaterThan(0);
    }
  });

  test("has JavaScript and Python that a command runs", () => {
    for (const block of page.blocks.filter(({ language }) => language === "js" || language === "python")) {
      const file = block.settings.get("file");
      if (block.flags.has("pytorch")) continue;
      const later = page.blocks.filter((one) => one.language === "console" && one.line > block.line);
      expect(file !== undefined && later.some((one) => one.text.includes(` ${file}`)), placeOf(page, block)).toBe(true);
    }
  });

  test("has Python for PyTorch that can be read", (context) => {
    const programs = page.blocks.filter(({ flags }) => flags.has("pytorch")).map(({ text }) => text);
    if (programs.length === 0) return;
    const python = pythonWith("");
    if (python.kind === "missing") return context.skip("there is no python3");
    const script = "import ast, json, sys\nfor program in json.load(sys.stdin): ast.parse(program)";
    const { stderr } = spawnSync(python.executable, ["-c", script], {
      input: JSON.stringify(programs),
      encoding: "utf8",
    });
    expect(stderr).toBe("");
  });

  test("links to pages and headings that are there", () => {
    expect(linksOf(page).filter((link) => !leadsSomewhere(page, link))).toEqual([]);
  });
});

test("the page of the API lists every export", () => {
  const exported = readFileSync(path.join(root, "src/index.ts"), "utf8").matchAll(/\b(\w+)(?=,| \}|,?\n\})/g);
  const page = readFileSync(path.join(root, "docs/api.md"), "utf8");
  expect([...exported].map(([, name]) => name).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test("the page of the command line shows the help of every command", () => {
  const page = readFileSync(path.join(root, "docs/command-line.md"), "utf8");
  const [help = ""] = /^\$ dnetc --help\n[\s\S]*?^```$/m.exec(page) ?? [];
  const commands = [...help.matchAll(/^ {2}(\w+) [[<]/gm)].map(([, name]) => name).filter((name) => name !== "help");
  expect(commands).toContain("check");
  expect(commands.filter((name) => !page.includes(`\n$ dnetc ${name} --help\n`))).toEqual([]);
});

function linksOf(page: Page): readonly string[] {
  const prose = page.text.replaceAll(/^(`{3,})[\s\S]*?^\1$/gm, "").replaceAll(/`[^`\n]*`/g, "code");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link as string)
    .filter((link) => !link.startsWith("https://"));
}

/** Pages of the site link to one another only: what lies outside docs is on no site. */
function leadsSomewhere(page: Page, link: string): boolean {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? pathOf(page) : path.join(path.dirname(pathOf(page)), file);
  const isOnSite =
    path.relative(path.dirname(pathOf(page)), target).startsWith("..") === false || page.name.split("/").length > 2;
  if (!existsSync(target) || !isOnSite) return false;
  return anchor === undefined || anchorsOf(readFileSync(target, "utf8")).includes(anchor);
}

/** The addresses of the headings for which GitHub and the site agree. */
function anchorsOf(text: string): readonly string[] {
  const prose = text.replaceAll(/^(`{3,})[\s\S]*?^\1$/gm, "");
  const headings = [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
    (heading as string).replaceAll("`", "").toLowerCase(),
  );
  return headings.filter((heading) => gitHubAnchor(heading) === siteAnchor(heading)).map(gitHubAnchor);
}

function gitHubAnchor(heading: string): string {
  return heading.replaceAll(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-");
}

function siteAnchor(heading: string): string {
  return heading.replaceAll(/[\s~`!@#$%^&*()\-_+=[\]{}|\\;:"'“”‘’<>,.?/]+/g, "-").replaceAll(/^-|-$/g, "");
}
