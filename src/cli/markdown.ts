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
const longestWhole = 40;
/** Of the private use area, in place of a space at which no line breaks. */
const hardSpace = "\ue000";
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

/** Comments are for who writes the page; tables stay as they are written. */
function renderBlock(token: MarkedToken, width: number, colors: Colors): readonly string[] {
  if (token.type === "space" || token.type === "html") return [];
  if (token.type === "heading") return [colors.bold(wrap(renderInline(token.tokens, colors), width))];
  if (token.type === "paragraph") return [wrap(renderInline(token.tokens, colors), width)];
  if (token.type === "code") return [renderProgram(token.text, colors)];
  if (token.type === "list") {
    const items = token.items.map((item) => {
      const text = item.tokens.map((one) => renderInline(known([one]), colors)).join(" ");
      return `  - ${indent(wrap(text, width - codeIndent.length), codeIndent).trimStart()}`;
    });
    return [items.join("\n")];
  }
  return [token.raw.trimEnd()];
}

/** A program, or what is printed about it. */
function renderProgram(text: string, colors: Colors): string {
  const painted = text.replace(titles, (title) => colors.bold(title));
  return indent(painted, codeIndent);
}

function renderInline(tokens: readonly Token[] | undefined, colors: Colors): string {
  const parts = known(tokens).map((token) => {
    if (token.type === "codespan") return renderCode(token.text, colors);
    if (token.type === "strong") return colors.bold(renderInline(token.tokens, colors));
    if (token.type === "em") return colors.italic(renderInline(token.tokens, colors));
    if (token.type === "link") return renderLink(token.href, renderInline(token.tokens, colors), colors);
    if (token.type === "escape") return token.text;
    if (token.type === "text" && token.tokens) return renderInline(token.tokens, colors);
    return token.raw;
  });
  return parts.join("").replaceAll("\n", " ");
}

/** Code stays on one line, unless it is long. */
function renderCode(text: string, colors: Colors): string {
  const whole = text.length <= longestWhole ? text.replaceAll(" ", hardSpace) : text;
  return colors.isColorSupported ? colors.cyan(whole) : `\`${whole}\``;
}

/** Where a link leads matters where it leads out of the manual; within it, to the page of a message mostly. */
function renderLink(href: string, text: string, colors: Colors): string {
  return href.startsWith("https://") ? `${text} (${href})` : colors.cyan(text);
}

function wrap(text: string, width: number): string {
  return new Help().boxWrap(text, width).replaceAll(hardSpace, " ");
}

function indent(text: string, by: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? "" : `${by}${line}`))
    .join("\n");
}
