import { writeFileSync } from "node:fs";
import { type Block, type Page, pathOf } from "./pages.ts";

/** `DNETC_UPDATE=1` writes what is printed now into the pages, in place of comparing it. */
export const updates = process.env.DNETC_UPDATE === "1";

/** Puts new texts into some blocks of a page. */
export function rewrite(page: Page, texts: ReadonlyMap<Block, string>): void {
  if (texts.size === 0) return;
  const fromBelow = [...texts].sort(([a], [b]) => b.start - a.start);
  const text = fromBelow.reduce(
    (now, [{ start, end }, shown]) => now.slice(0, start) + shown + now.slice(end),
    page.text,
  );
  writeFileSync(pathOf(page), text);
}
