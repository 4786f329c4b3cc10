import type { Verdict } from "./judge.ts";

/** Shares lie between 0 and 1. Contracts that a changed value breaks are counted apart: see `Verdict`. */
export interface Figures {
  readonly wrong: number;
  readonly contracts: number;
  /** Of the number of errors. */
  readonly median: number;
  /** At most two errors. */
  readonly few: number;
  /** The first error underlines the edit. */
  readonly primary: number;
  /** As `primary`; where the edit is right by itself, a second place of the error counts too. */
  readonly place: number;
  /** The misspelt word is answered with the right one; 1 where no word was misspelt. */
  readonly word: number;
}

export function figuresOf(verdicts: readonly Verdict[]): Figures {
  const judged = verdicts.filter((one) => one.class !== "contract");
  const words = judged.filter((one) => one.suggested !== null);
  const errors = judged.map((one) => one.errors).sort((a, b) => a - b);
  return {
    wrong: verdicts.length,
    contracts: verdicts.length - judged.length,
    median: errors[errors.length >> 1] ?? 0,
    few: share(judged, (one) => one.errors <= 2),
    primary: share(judged, (one) => one.atPlace),
    place: share(judged, (one) => one.atPlace || (one.elsewhere && one.nearPlace)),
    word: share(words, (one) => one.suggested === true),
  };
}

function share(verdicts: readonly Verdict[], holds: (one: Verdict) => boolean): number {
  return verdicts.length === 0 ? 1 : verdicts.filter(holds).length / verdicts.length;
}

/** A line for each kind of edit, and one for all. */
export function formatFigures(byKind: ReadonlyMap<string, readonly Verdict[]>): string {
  const rows = [...byKind, ["all", [...byKind.values()].flat()] as const];
  const cells = rows.map(([name, verdicts]) => {
    const { wrong, contracts, median, few, primary, place, word } = figuresOf(verdicts);
    return [name, `${wrong}`, `${contracts}`, `${median}`, ...[few, primary, place, word].map(percent)];
  });
  const head = ["edit", "wrong", "contract", "median", "<= 2", "underlined", "or second place", "right word"];
  const table = [head, ...cells];
  const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  ");
  return table.map(line).join("\n");
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
