import type { BenchFlags } from "../commands/bench.ts";
import { duration, percentage, roughlyBytes } from "../figures.ts";
import { type Column, layOutColumns, leftOut, type Page, shownTitles } from "../plain-table.ts";
import { median } from "../statistics.ts";
import type { Colors } from "../terminal.ts";
import { visible } from "../visible-text.ts";
import { notesOn } from "./bench-notes.ts";
import { compared, concatShare, type Latency, latencyOf, type Row } from "./figures.ts";
import type { Lane } from "./lane.ts";

/** What was measured, a line for each model on each device. Empty where there is nothing. */
export function benchTable(lanes: readonly Lane[], flags: BenchFlags, colors: Colors, page: Page): string {
  const rows = compared(lanes).map(({ lane, base }) => ({ lane, latency: latencyOf(lane, base) }));
  const [first] = rows;
  if (!first) return "";
  const columns = columnsOf(rows);
  const [head = "", ...lines] = layOutColumns(columns, page);
  const notes = notesOn(first.lane, rows, shownTitles(columns, page), leftOut(columns, page), page);
  return [colors.bold(head), ...lines, ...(flags.quiet ? [] : ["", ...notes]), ""].join("\n");
}

function columnsOf(rows: readonly Row[]): readonly Column[] {
  const devices = new Set(rows.map(({ lane }) => lane.device));
  const column = (title: string, rank: number, cell: (row: Row) => string): Column => {
    return { title, name: title, align: "right", rank, cells: rows.map(cell) };
  };
  return [
    { title: "model", align: "left", rank: 0, cells: rows.map(({ lane }) => visible(lane.name)) },
    {
      title: "device",
      align: "left",
      rank: 1,
      cells: rows.map(({ lane }) => (devices.size > 1 ? lane.device : "")),
    },
    column("median", 0, ({ latency }) => duration(latency.medianMs)),
    column("p95", 3, ({ latency }) => duration(latency.p95Ms)),
    column("least", 4, ({ latency }) => duration(latency.leastMs)),
    column("ratio", 1, ({ latency }) => ratio(latency)),
    column("interval", 2, ({ latency }) => interval(latency)),
    column("session", 5, ({ lane }) => duration(median(lane.sessionsMs))),
    column("Concat", 5, ({ lane }) => share(concatShare(lane))),
    column("peak", 5, ({ lane }) => bytes(lane.profile?.peak?.tensorBytes ?? null)),
    column("resident", 6, ({ lane }) => bytes(lane.residentBytes)),
  ];
}

function ratio({ ratio }: Latency): string {
  return ratio ? times(ratio.median) : "";
}

function interval({ ratio }: Latency): string {
  return ratio?.interval ? `${times(ratio.interval.low)}–${times(ratio.interval.high)}` : "";
}

function times(value: number): string {
  return value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2);
}

function share(part: number | null): string {
  return part === null ? "" : `${percentage(part, 1) || "0"} %`;
}

function bytes(many: number | null): string {
  return many === null ? "" : roughlyBytes(many) || `${many} B`;
}
