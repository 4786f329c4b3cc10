import type { BenchFlags } from "../commands/bench.ts";
import { duration, percentage, roughlyBytes } from "../figures.ts";
import { type Column, layOutColumns, leftOut, type Page } from "../plain-table.ts";
import { counted } from "../render.ts";
import { median } from "../statistics.ts";
import type { Colors } from "../terminal.ts";
import { visible } from "../visible-text.ts";
import { compared, concatShare, type Latency, latencyOf } from "./figures.ts";
import type { Lane } from "./lane.ts";

/** What was measured, a line for each model on each device. Empty where there is nothing. */
export function benchTable(lanes: readonly Lane[], flags: BenchFlags, colors: Colors, page: Page): string {
  const rows = compared(lanes).map(({ lane, base }) => ({ lane, latency: latencyOf(lane, base) }));
  const [first] = rows;
  if (!first) return "";
  const columns = columnsOf(rows);
  const [head = "", ...lines] = layOutColumns(columns, page);
  const notes = flags.quiet ? [] : ["", ...notesOn(first.lane, rows, leftOut(columns, page))];
  return [colors.bold(head), ...lines, ...notes, ""].join("\n");
}

interface Row {
  readonly lane: Lane;
  readonly latency: Latency;
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
    column("p95", 1, ({ latency }) => duration(latency.p95Ms)),
    column("least", 2, ({ latency }) => duration(latency.leastMs)),
    column("ratio", 1, ({ latency }) => ratio(latency)),
    column("session", 3, ({ lane }) => duration(median(lane.sessionsMs))),
    column("Concat", 3, ({ lane }) => share(concatShare(lane))),
    column("peak", 3, ({ lane }) => bytes(lane.profile?.peak?.tensorBytes ?? null)),
    column("resident", 4, ({ lane }) => bytes(lane.residentBytes)),
  ];
}

function ratio({ ratio }: Latency): string {
  if (!ratio) return "";
  const { median, interval } = ratio;
  return `${times(median)}${interval ? ` (${times(interval.low)}–${times(interval.high)})` : ""}`;
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

/** What was done, and what the columns mean that are there. */
function notesOn(first: Lane, rows: readonly Row[], omitted: readonly string[]): readonly string[] {
  const notes = [
    `${counted(first.roundsMs.length, "round")}${rows.length > 1 ? ", each of all models in an order of its own" : ""}`,
    `on ${deviceNames(rows)}; ONNX Runtime ${first.opened?.version}`,
    ...adapterNotes(rows),
    ...inputNotes(rows),
    ...(rows.length > 1
      ? [`ratio: to ${visible(first.name)}${on(first, rows)}, round by round; the median, with its 95 % interval`]
      : []),
    ...(rows.some(({ lane }) => lane.profile) ? [memoryNote] : []),
  ];
  return omitted.length > 0 ? [...notes, `no room for ${omitted.join(", ")}`] : notes;
}

const memoryNote =
  "Concat: of the time of all kernels; peak: of the tensors alive at once; resident: what the process grew by";

function on({ device }: Lane, rows: readonly Row[]): string {
  return rows.every(({ lane }) => lane.device === device) ? "" : ` on ${device}`;
}

function deviceNames(rows: readonly Row[]): string {
  return [...new Set(rows.map(({ lane }) => lane.device))].join(", ");
}

/** The GPUs: one that is a program, as SwiftShader, says nothing of the speed of others. */
function adapterNotes(rows: readonly Row[]): readonly string[] {
  const named = rows.flatMap(({ lane: { device, opened } }) => {
    return opened?.adapter ? [`${device}: ${visible(opened.adapter)}`] : [];
  });
  return [...new Set(named)];
}

/** One line where all models see the same. */
function inputNotes(rows: readonly Row[]): readonly string[] {
  const inputs = rows.map(({ lane }) => inputsOf(lane));
  if (new Set(inputs).size === 1) return [`input: ${inputs[0]}`];
  return [...new Set(rows.map(({ lane }, at) => `input of ${visible(lane.name)}: ${inputs[at]}`))];
}

function inputsOf({ opened, shapes }: Lane): string {
  return (opened?.inputs ?? []).map(({ name }, at) => `${visible(name)} [${(shapes[at] ?? []).join(", ")}]`).join(", ");
}
