import Table from "cli-table3";
import { toAscii } from "./ascii.ts";
import type { Terminal } from "./terminal.ts";
import { widthOf } from "./visible-text.ts";

export interface Column {
  /** Null in a table without a head. */
  readonly title: string | null;
  /** What it is called where it is left out for want of width; without it that is not told. */
  readonly name?: string;
  readonly align: "left" | "right";
  /** 0 must be shown; of the others the lower come first where the width does not do for all. */
  readonly rank: number;
  readonly cells: readonly string[];
}

/** What the lines are laid out for. */
export interface Page {
  readonly columns: number;
  /** Without signs beyond ASCII. */
  readonly ascii: boolean;
}

const columnsWithoutWindow = 100;

/** What goes elsewhere than to a terminal is laid out alike wherever it is made, unless `COLUMNS` says how wide. */
export function pageFor({ outIsTerminal, outShowsUnicode, columns, env }: Terminal): Page {
  const asked = /^[1-9]\d{0,5}$/.test(env.COLUMNS ?? "") ? Number(env.COLUMNS) : null;
  return { columns: (outIsTerminal ? columns : asked) ?? columnsWithoutWindow, ascii: !outShowsUnicode };
}

/** The names of the columns that have something to show, and no room. */
export function leftOut(columns: readonly Column[], page: Page): readonly string[] {
  const spelt = speltFor(columns, page);
  const kept = fitting(spelt, page.columns);
  return spelt.filter((one) => isUseful(one) && !kept.includes(one)).flatMap(({ name }) => name ?? []);
}

/** The titles of the columns that are shown. */
export function shownTitles(columns: readonly Column[], page: Page): ReadonlySet<string> {
  return new Set(fitting(speltFor(columns, page), page.columns).flatMap(({ title }) => title ?? []));
}

/**
 * The lines of a table without borders, the head first. The first column is cut where even those that must be shown
 * are too wide.
 */
export function layOutColumns(columns: readonly Column[], page: Page): readonly string[] {
  const spelt = speltFor(columns, page);
  const kept = fitting(spelt, page.columns);
  const others = kept.slice(1).reduce((sum, column) => sum + gap.length + widthOfColumn(column), 0);
  const room = Math.max(shortestFirst, page.columns - others);
  const table = new Table({ chars: { ...noBorders, middle: gap }, style, colAligns: kept.map(({ align }) => align) });
  if (kept.some(({ title }) => title !== null)) table.push(kept.map(({ title }) => title ?? ""));
  for (const row of kept[0]?.cells.keys() ?? []) {
    table.push(kept.map(({ cells }, at) => (at === 0 ? cutMiddle(cells[row] ?? "", room) : (cells[row] ?? ""))));
  }
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}

/** Keeps something of the beginning and more of the end, which tells layers apart. */
export function cutMiddle(name: string, room: number): string {
  if (widthOf(name) <= room) return name;
  const characters = [...name];
  const head = Math.floor((room - 1) / 3);
  return `${characters.slice(0, head).join("")}…${characters.slice(characters.length - (room - 1 - head)).join("")}`;
}

const gap = "  ";
const shortestFirst = 16;

function speltFor(columns: readonly Column[], { ascii }: Page): readonly Column[] {
  return ascii ? columns.map((column) => ({ ...column, cells: column.cells.map(toAscii) })) : columns;
}

function fitting(columns: readonly Column[], width: number): readonly Column[] {
  const byRank = columns.filter(isUseful).sort((a, b) => a.rank - b.rank);
  const kept = new Set<Column>();
  let used = -gap.length;
  for (const column of byRank) {
    used += gap.length + widthOfColumn(column);
    if (column.rank > 0 && used > width) break;
    kept.add(column);
  }
  return columns.filter((column) => kept.has(column));
}

function isUseful({ rank, cells }: Column): boolean {
  return rank === 0 || cells.length === 0 || cells.some((cell) => cell !== "");
}

function widthOfColumn({ title, cells }: Column): number {
  return cells.reduce((most, cell) => Math.max(most, widthOf(cell)), widthOf(title ?? ""));
}

const style = { "padding-left": 0, "padding-right": 0, head: [], border: [] };
const noBorders = Object.fromEntries(
  [
    "top",
    "top-mid",
    "top-left",
    "top-right",
    "bottom",
    "bottom-mid",
    "bottom-left",
    "bottom-right",
    "left",
    "left-mid",
    "mid",
    "mid-mid",
    "right",
    "right-mid",
  ].map((border) => [border, ""]),
);
