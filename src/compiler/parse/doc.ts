/**
 * The text of the `##` lines directly above the line that begins at, or leads up to, `offset`: without the marks and
 * one space behind them, joined by line breaks. Null where there are none.
 */
export function docAbove(text: string, offset: number): string | null {
  let end = offset;
  while (end > 0 && blank.has(text.charAt(end - 1))) end--;
  if (end > 0 && text[end - 1] !== "\n" && text[end - 1] !== "\r") return null;
  const lines: string[] = [];
  while (end > 0) {
    const before = end - (text.startsWith("\r\n", end - 2) ? 2 : 1);
    const start = lineStart(text, before);
    const mark = /^[ \t\uFEFF]*## ?(.*)$/.exec(text.slice(start, before));
    if (!mark) break;
    lines.push((mark[1] ?? "").trimEnd());
    end = start;
  }
  return lines.length === 0 ? null : lines.reverse().join("\n");
}

const blank = new Set([" ", "\t", "\uFEFF"]);

function lineStart(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && text[start - 1] !== "\n" && text[start - 1] !== "\r") start--;
  return start;
}
