import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";

const docs = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const grammar = JSON.parse(readFileSync(path.join(docs, "..", "grammar", "dnet.tmLanguage.json"), "utf8"));

/** What a person types stands out from what is printed, whatever that is. */
const transcript = {
  name: "console",
  scopeName: "text.console",
  patterns: [
    { match: "^\\$ .*$", name: "entity.name.function" },
    { match: "^error\\b", name: "keyword.control" },
    { match: "^warning\\b", name: "variable.parameter" },
  ],
  repository: {},
};

/** Rules that rename tensors: what stands for a part of a name stands out, as does a comment. */
const rules = {
  name: "rules",
  scopeName: "text.rules",
  patterns: [
    { match: "(^|\\s)#.*$", name: "comment.line" },
    { match: "\\{[^{}]*\\}", name: "variable.parameter" },
    { match: "->", name: "keyword.operator" },
  ],
  repository: {},
};

/** The title of a page: its first heading. */
function titleOf(page) {
  const [, title] = /^# (.+)$/m.exec(readFileSync(path.join(docs, `${page}.md`), "utf8")) ?? [];
  if (title === undefined) throw new Error(`${page}.md has no heading`);
  return title.replaceAll("`", "");
}

function section(text, ...pages) {
  return { text, items: pages.map((page) => ({ text: titleOf(page), link: `/${page}` })) };
}

/** Every page of a folder, its index first, folded. */
function folder(text, name) {
  const pages = readdirSync(path.join(docs, name))
    .filter((file) => file.endsWith(".md") && file !== "index.md")
    .map((file) => `${name}/${path.basename(file, ".md")}`)
    .sort();
  return { ...section(text, ...pages), link: `/${name}/`, collapsed: true };
}

export default defineConfig({
  title: "dnetc",
  description: "A small language for densely connected convolutional networks, and its compiler to ONNX",
  lang: "en",
  // The font of the text writes 3x3 as 3×3 otherwise, which is not how a size is written.
  head: [["style", {}, 'html { font-feature-settings: "calt" 0; }']],
  markdown: {
    languages: [{ ...grammar, displayName: "dnet" }, transcript, rules],
  },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Tour", link: "/tour" },
      { text: "Language", link: "/language" },
      { text: "Layers", link: "/layers" },
      { text: "Command line", link: "/command-line" },
      { text: "Gallery", link: "/gallery/" },
    ],
    sidebar: [
      section("Start", "tour", "from-pytorch", "weights"),
      section("Language", "language", "layers", "dense-connectivity"),
      section("Tool", "command-line", "gpu", "limits", "api"),
      section("Reference", "counting", "onnx"),
      folder("Gallery", "gallery"),
      folder("Diagnostics", "diagnostics"),
    ],
  },
});
