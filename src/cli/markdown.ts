import { Help } from "commander";
import { lexer, type MarkedToken, type Token } from "marked";
import type { Colors } from "./terminal.ts";

export interface PageOptions {
  readonly colors: Colors;
  /** Width of the window; null where there is none. */
  readonly columns: number | null;
}

/** Lines longer than this are tiring to read, however wide the window is. */
const longestLine = 90;
const codeIndent = "    ";
/** The first lines of messages that a page shows. */
const titles = /^(?:error|warning|note)\[.*$/gm;

/** A page of the manual for a terminal: paragraphs and lists are wrapped, code is indented, links are named only. */
export function renderMarkdown(page: string, { colors, columns }: PageOptions): string {
  const width = Math.min(columns ?? longestLine, longestLine);
  const blocks = known(lexer(page)).flatMap((token) => renderBlock(token, width, colors));
  return `${blocks.join("\n\n")}\n`;
}

/** None of the pages extends the syntax of Markdown, so all tokens are those that the library knows. */
function known(tokens: readonly Token[] | undefined): readonly MarkedToken[] {
  return (tokens ?? []) as readonly MarkedToken[];
}

/** Tables and raw HTML stay as they are written. */
function renderBlock(token: MarkedToken, width: number, colors: Colors): readonly string[] {
  if (token.type === "space") return [];
  if (token.type === "heading") return [colors.bold(renderInline(token.tokens, colors))];
  if (token.type === "paragraph") return [wrap(renderInline(token.tokens, colors), width)];
  if (token.type === "code")
    return [
      indent(
        token.text.replace(titles, (title) => colors.bold(title)),
        codeIndent,
      ),
    ];
  if (token.type === "list") {
    const items = token.items.map((item) => {
      const text = item.tokens.map((one) => renderInline(known([one]), colors)).join(" ");
      return `  - ${indent(wrap(text, width - codeIndent.length), codeIndent).trimStart()}`;
    });
    return [items.join("\n")];
  }
  return [token.raw.trimEnd()];
}

function renderInline(tokens: readonly Token[] | undefined, colors: Colors): string {
  const parts = known(tokens).map((token) => {
    if (token.type === "codespan") return colors.isColorSupported ? colors.cyan(token.text) : token.raw;
    if (token.type === "strong") return colors.bold(renderInline(token.tokens, colors));
    if (token.type === "em") return colors.italic(renderInline(token.tokens, colors));
    if (token.type === "link") return renderLink(token.href, renderInline(token.tokens, colors));
    if (token.type === "escape") return token.text;
    if (token.type === "text" && token.tokens) return renderInline(token.tokens, colors);
    return token.raw;
  });
  return parts.join("").replaceAll("\n", " ");
}

/** Where a link leads matters where it leads out of the manual. */
function renderLink(href: string, text: string): string {
  return href.startsWith("https://") && !text.includes(href) ? `${text} (${href})` : text;
}

function wrap(text: string, width: number): string {
  return new Help().boxWrap(text, width);
}

function indent(text: string, by: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : `${by}${line}`))
    .join("\n");
}
