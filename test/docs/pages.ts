import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.join(import.meta.dirname, "..", "..");

/** A page of the manual, or the README, and its fenced blocks. */
export interface Page {
  /** From the root of the project: `docs/tour.md`. */
  readonly name: string;
  readonly text: string;
  readonly blocks: readonly Block[];
}

/** ```` ```dnet file=net.dnet ````: a language, and words that say how the block is tested. */
export interface Block {
  /** Of the opening fence, from 1. */
  readonly line: number;
  readonly language: string;
  readonly flags: ReadonlySet<string>;
  readonly settings: ReadonlyMap<string, string>;
  /** Between the fences, each line with its line break. */
  readonly text: string;
  /** Where the text stands on the page. */
  readonly start: number;
  readonly end: number;
}

/** The pages that people write; those of the diagnostics and the gallery have tests of their own. */
export function pages(): readonly Page[] {
  const docs = readdirSync(path.join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md") && !/^(?:node_modules|\.vitepress|diagnostics|gallery)\b/.test(name))
    .map((name) => `docs/${name.replaceAll(path.sep, "/")}`);
  return ["README.md", ...docs.sort()].map(readPage);
}

export function pathOf(page: Page): string {
  return path.join(root, page.name);
}

/** Where a block is, as editors open it. */
export function placeOf(page: Page, block: Block): string {
  return `${page.name}:${block.line}`;
}

function readPage(name: string): Page {
  const text = readFileSync(path.join(root, name), "utf8");
  return { name, text, blocks: blocksOf(name, text) };
}

function blocksOf(name: string, text: string): readonly Block[] {
  const fence = /^(?<ticks>`{3,})(?<info>[^`\n]*)\n(?<body>[\s\S]*?)^\k<ticks>$/gm;
  const blocks = [...text.matchAll(fence)].map((match) => {
    const { ticks = "", info = "", body = "" } = match.groups ?? {};
    const start = match.index + ticks.length + info.length + 1;
    return { ...infoOf(info), line: lineAt(text, match.index), text: body, start, end: start + body.length };
  });
  const fences = [...text.matchAll(/^\s*`{3,}/gm)].length;
  if (fences !== 2 * blocks.length) throw new Error(`${name}: a block does not end, or does not begin its line`);
  return blocks;
}

function infoOf(info: string): Pick<Block, "language" | "flags" | "settings"> {
  const [language = "", ...words] = info.trim().split(/\s+/);
  const pairs = words.filter((word) => word.includes("=")).map((word) => word.split("=", 2) as [string, string]);
  return { language, flags: new Set(words.filter((word) => !word.includes("="))), settings: new Map(pairs) };
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
