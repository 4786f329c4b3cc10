import { lineText, positionAt, type Source, type Span } from "../compiler/source.ts";
import { type LineStyle, type Mark, markLine } from "./mark-line.ts";
import { visible } from "./visible-text.ts";

/** A place that a message speaks of. */
export interface Place {
  readonly span: Span;
  readonly isPrimary: boolean;
  readonly label: string;
}

export interface CodeFrame {
  readonly lines: readonly string[];
  /** The gutter without a number, for what follows. */
  readonly blank: string;
  /** Blanks as wide as the gutter is before its bar. */
  readonly margin: string;
}

export interface FrameStyle extends LineStyle {
  gutter(text: string): string;
}

/**
 * The places in their code, file by file, the file of the first place first: `--> path:line:column`, the lines with
 * their marks, `...` between lines far apart.
 */
export function codeFrame(places: readonly Place[], style: FrameStyle): CodeFrame {
  const lastLine = Math.max(...places.map(({ span }) => positionAt(span.source, span.start).line));
  const digits = String(lastLine).length;
  const gutter = (text: string) => style.gutter(` ${text.padStart(digits)} |`);
  const blank = gutter("");
  const lines: string[] = [];
  for (const [source, here] of bySource(places)) {
    const arrow = lines.length === 0 ? "-->" : ":::";
    if (lines.length > 0) lines.push(blank);
    lines.push(`${style.gutter(`${" ".repeat(digits + 1)}${arrow}`)} ${where(source, here)}`, blank);
    lines.push(...sourceLines(source, here, style, gutter));
  }
  return { lines, blank, margin: " ".repeat(digits + 2) };
}

/** `path:line:column` of the first of the places, as editors and terminals make links of it. */
function where(source: Source, [first]: readonly Place[]): string {
  const { line, column } = positionAt(source, first?.span.start ?? 0);
  return `${visible(source.path)}:${line}:${column}`;
}

function bySource(places: readonly Place[]): ReadonlyMap<Source, readonly Place[]> {
  const groups = new Map<Source, Place[]>();
  for (const place of places) {
    const group = groups.get(place.span.source);
    if (group) group.push(place);
    else groups.set(place.span.source, [place]);
  }
  return groups;
}

function sourceLines(
  source: Source,
  places: readonly Place[],
  style: FrameStyle,
  gutter: (text: string) => string,
): readonly string[] {
  const marks = byLine(source, places);
  const rows: string[] = [];
  let previous = 0;
  for (const line of [...marks.keys()].sort((a, b) => a - b)) {
    if (previous > 0 && line === previous + 2) rows.push(numbered(source, previous + 1, [], style, gutter)[0] ?? "");
    else if (previous > 0 && line > previous + 2) rows.push(style.gutter("..."));
    rows.push(...numbered(source, line, marks.get(line) ?? [], style, gutter));
    previous = line;
  }
  return rows;
}

function byLine(source: Source, places: readonly Place[]): ReadonlyMap<number, readonly Mark[]> {
  const lines = new Map<number, Mark[]>();
  for (const place of places) {
    const { line, column } = positionAt(source, place.span.start);
    const marks = lines.get(line) ?? [];
    lines.set(line, marks);
    marks.push(markOf(place, column - 1, lineText(source, line)));
  }
  return lines;
}

/** A place of several lines is underlined to the end of its first. */
function markOf({ span, isPrimary, label }: Place, start: number, text: string): Mark {
  const end = Math.min(start + span.end - span.start, text.trimEnd().length);
  return { start, end: Math.max(start, end), isPrimary, label: visible(label) };
}

function numbered(
  source: Source,
  line: number,
  marks: readonly Mark[],
  style: FrameStyle,
  gutter: (text: string) => string,
): readonly string[] {
  const [code = "", ...below] = markLine(lineText(source, line), marks, style);
  const rows = [code === "" ? gutter(String(line)) : `${gutter(String(line))} ${code}`];
  if (marks.length > 0) rows.push(...below.map((row) => `${gutter("")} ${row}`));
  return rows;
}
