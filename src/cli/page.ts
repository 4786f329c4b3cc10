import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { inputOutputFailure } from "./failure.ts";

/**
 * A page of docs/diagnostics, by the code of a message, or `index`. The pages are shipped as they are written; the
 * package knows where it is, wherever the bundle puts this file.
 */
export async function readPage(name: string): Promise<string> {
  const root = path.dirname(createRequire(import.meta.filename).resolve("dnetc/package.json"));
  const file = path.join(root, "docs", "diagnostics", `${name}.md`);
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw inputOutputFailure(`read ${file}`, error);
  }
}

/** The paragraph below the title of a page: one sentence, on one line or more. */
export function summaryOf(page: string): string {
  const [, summary = ""] = page.split("\n\n");
  return summary.replaceAll("\n", " ");
}
