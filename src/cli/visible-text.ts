import stringWidth from "string-width";
import { spellOut } from "./ascii.ts";

/** A piece of a line as a terminal shows it. */
export interface Cell {
  /** Where it begins in the line, in UTF-16 units. */
  readonly offset: number;
  readonly text: string;
  /** From 0. */
  readonly column: number;
  readonly width: number;
}

const tabWidth = 4;

// Controls, bidirectional and invisible formatting, line separators, halves of surrogate pairs. The joiners
// U+200C and U+200D stay: emoji and several scripts are made with them, and they move nothing.
const unsafe = /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\p{Cs}]/u;
const unsafeEverywhere = new RegExp(unsafe, "gu");
const beyondAscii = /[^\0-\x7f]/gu;
const plain = /^[\x20-\x7e]*$/;

/** One line that a terminal cannot take for a command: what is invisible or moves the cursor is spelt out. */
export function visible(text: string): string {
  return plain.test(text) ? text : text.replaceAll(unsafeEverywhere, showUnsafe);
}

/** The same for text that may hold line breaks. */
export function visibleLines(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/).map(visible);
}

/** Columns that a terminal needs for text that is `visible`. */
export function widthOf(text: string): number {
  return plain.test(text) ? text.length : stringWidth(text);
}

/** Lays a line out: tabs expanded, wide characters two columns wide, nothing invisible; without `unicode` in ASCII. */
export function layOut(line: string, unicode: boolean): readonly Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  for (const { index, segment } of plain.test(line) ? units(line) : graphemesOf(line)) {
    const seen = segment === "\t" ? " ".repeat(tabWidth - (column % tabWidth)) : visible(segment);
    const text = unicode ? seen : seen.replaceAll(beyondAscii, spellOut);
    const width = text === segment ? graphemeWidth(text) : widthOf(text);
    cells.push({ offset: index, text, column, width });
    column += width;
  }
  return cells;
}

let segmenter: Intl.Segmenter | null = null;

// Made when needed: it takes longer than all else that a command without messages does here.
function graphemesOf(line: string): Iterable<Intl.SegmentData> {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return segmenter.segment(line);
}

function* units(line: string): Iterable<{ readonly index: number; readonly segment: string }> {
  for (let index = 0; index < line.length; index++) yield { index, segment: line.charAt(index) };
}

/** Parts of a grapheme are drawn over each other, whatever each of them would take alone. */
function graphemeWidth(grapheme: string): number {
  if (plain.test(grapheme)) return grapheme.length;
  return Math.min(2, stringWidth(grapheme.replaceAll(/[\u200c\u200d]/g, "")));
}

function showUnsafe(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "\u2421";
  if (code >= 0xd800 && code <= 0xdfff) return "\ufffd";
  return spellOut(character);
}
