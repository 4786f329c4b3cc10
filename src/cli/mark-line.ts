import { type Cell, layOut, widthOf } from "./visible-text.ts";
import { wrapWords } from "./wrap-words.ts";

/** A place within one line, in UTF-16 units of the line; an empty one is shown as one column. */
export interface Mark {
  readonly start: number;
  readonly end: number;
  readonly isPrimary: boolean;
  /** One line of visible text; may be empty. */
  readonly label: string;
}

/** How a line and its marks are shown. */
export interface LineStyle extends Paint {
  /** Columns for code; longer lines are cut. */
  readonly width: number;
  /** Columns for labels: one that would not end within them beside its mark goes below it, where there is room. */
  readonly labelWidth: number;
  /** Whether code is shown as it is; otherwise what is not ASCII is spelt out. */
  readonly unicode: boolean;
}

/** How the parts of a frame are painted. */
interface Paint {
  primary(text: string): string;
  secondary(text: string): string;
}

interface Placed {
  readonly mark: Mark;
  /** Columns on the screen, `to` left out. */
  readonly from: number;
  readonly to: number;
}

// What is laid out of a line of any length: enough for every width of a window.
const reach = 1000;

/** The line of code and the lines of marks and labels below it; code is cut to its width around the marks. */
export function markLine(line: string, marks: readonly Mark[], style: LineStyle): readonly string[] {
  const { width, unicode } = style;
  const anchor = (marks.find((mark) => mark.isPrimary) ?? marks[0])?.start ?? 0;
  const sliceStart = Math.max(0, anchor - reach);
  const slice = line.slice(sliceStart, anchor + reach);
  const cells = layOut(slice, unicode);
  const total = endOf(cells);
  const placed = marks.map((mark) => place(mark, cells, sliceStart, slice.length));
  const isCut = total > width || slice.length < line.length;
  const from = isCut ? windowStart(placed, anchor - sliceStart, cells, width) : 0;
  const cut = unicode ? "…" : "...";
  const before = from > 0 || sliceStart > 0 ? cut : "";
  const after = total > from + width || sliceStart + slice.length < line.length ? cut : "";
  const code = showCode(cells, { from, to: from + width, before, after });
  const shown = placed.map((one) => clip(one, from, from + width));
  return [code.trimEnd(), ...underline(shown, style)];
}

function endOf(cells: readonly Cell[]): number {
  const last = cells.at(-1);
  return last ? last.column + last.width : 0;
}

function place(mark: Mark, cells: readonly Cell[], sliceStart: number, length: number): Placed {
  const columnOf = (offset: number) => {
    if (offset - sliceStart >= length) return endOf(cells);
    return cells.findLast((cell) => cell.offset <= offset - sliceStart)?.column ?? 0;
  };
  const from = columnOf(mark.start);
  const last = cells.findLast((cell) => cell.offset < mark.end - sliceStart);
  return { mark, from, to: Math.max(from + 1, last && mark.end > mark.start ? last.column + last.width : 0) };
}

/** All marks in the window where they fit; otherwise the first quarter of it leads up to the primary one. */
function windowStart(placed: readonly Placed[], anchor: number, cells: readonly Cell[], width: number): number {
  const first = Math.min(...placed.map((one) => one.from));
  const last = Math.max(...placed.map((one) => one.to));
  const anchorColumn = cells.findLast((cell) => cell.offset <= anchor)?.column ?? 0;
  const margin = last - first <= width - 4 ? Math.floor((width - (last - first)) / 2) : Math.floor(width / 4);
  const start = (last - first <= width - 4 ? first : anchorColumn) - margin;
  return Math.max(0, Math.min(start, endOf(cells) - width));
}

interface Window {
  /** Columns of the line, `to` left out. */
  readonly from: number;
  readonly to: number;
  /** What stands at an end where something is cut off. */
  readonly before: string;
  readonly after: string;
}

function showCode(cells: readonly Cell[], { from, to, before, after }: Window): string {
  const first = from + before.length;
  const last = to - after.length;
  let shown = before;
  let column = first;
  for (const cell of cells) {
    if (cell.column < first || cell.column + cell.width > last) continue;
    shown += " ".repeat(cell.column - column) + cell.text;
    column = cell.column + cell.width;
  }
  return shown + after;
}

/** Moves a mark into the window; one that lies outside is shown at its edge. */
function clip({ mark, from, to }: Placed, windowFrom: number, windowTo: number): Placed {
  const start = Math.max(0, Math.min(from, windowTo - 1) - windowFrom);
  return { mark, from: start, to: Math.max(start + 1, Math.min(to, windowTo) - windowFrom) };
}

function underline(placed: readonly Placed[], style: LineStyle): readonly string[] {
  const farthest = Math.max(...placed.map((one) => one.to));
  const labelled = placed.filter((one) => one.mark.label !== "").sort(byPlace);
  const last = labelled.findLast((one) => one.to === farthest);
  const inline = last && !belongsBelow(last, style.labelWidth) ? last : null;
  const below = labelled.filter((one) => one !== inline);
  const marks = paintMarks(placed, farthest, style) + (inline ? ` ${paintLabel(inline, style)}` : "");
  return [marks, ...hangingLabels(below, style)];
}

/** Whether a label would not end beside its mark, and has room for some words below it. */
function belongsBelow({ mark, from, to }: Placed, width: number): boolean {
  return to + 1 + widthOf(mark.label) > width && width - from >= leastRoom;
}

const leastRoom = 24;

function byPlace(a: Placed, b: Placed): number {
  return a.from - b.from || Number(a.mark.isPrimary) - Number(b.mark.isPrimary);
}

function paintMarks(placed: readonly Placed[], width: number, paint: Paint): string {
  const row = Array.from({ length: width }, (_, column) => {
    const here = placed.filter((one) => one.from <= column && column < one.to);
    return here.some((one) => one.mark.isPrimary) ? "^" : here.length > 0 ? "-" : " ";
  }).join("");
  return row.replaceAll(/\^+/g, (run) => paint.primary(run)).replaceAll(/-+/g, (run) => paint.secondary(run));
}

/** The labels that do not stand beside their mark: line by line, the rightmost first, hung on bars. */
function hangingLabels(labelled: readonly Placed[], style: LineStyle): readonly string[] {
  if (labelled.length === 0) return [];
  const rows = [bars(labelled, style)];
  for (let index = labelled.length - 1; index >= 0; index--) {
    const one = labelled[index] as Placed;
    const before = labelled.slice(0, index).filter((other) => other.from < one.from);
    const room = Math.max(leastRoom, style.labelWidth - one.from);
    for (const line of wrapWords(one.mark.label, room))
      rows.push(bars(before, style, one.from) + painted(line, one, style));
  }
  return rows;
}

/** A bar below the start of each mark, filled up with blanks to `width`. */
function bars(placed: readonly Placed[], paint: Paint, width = 0): string {
  let row = "";
  let column = 0;
  for (const one of placed) {
    if (one.from < column) continue;
    row += " ".repeat(one.from - column) + painted("|", one, paint);
    column = one.from + 1;
  }
  return row + " ".repeat(Math.max(0, width - column));
}

function paintLabel(one: Placed, paint: Paint): string {
  return painted(one.mark.label, one, paint);
}

function painted(text: string, one: Placed, paint: Paint): string {
  return one.mark.isPrimary ? paint.primary(text) : paint.secondary(text);
}
