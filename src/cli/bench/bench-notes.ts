import { Help } from "commander";
import type { Page } from "../plain-table.ts";
import { counted } from "../render.ts";
import { leastForInterval } from "../statistics.ts";
import { visible } from "../visible-text.ts";
import { isOpen, type Row } from "./figures.ts";
import type { Lane } from "./lane.ts";

/** What was done, and what the columns that are shown mean; lines that the page has room for. */
export function notesOn(
  first: Lane,
  rows: readonly Row[],
  shown: ReadonlySet<string>,
  omitted: readonly string[],
  page: Page,
): readonly string[] {
  const notes = [
    `${counted(first.roundsMs.length, "round")}${rows.length > 1 ? ", each of all models in an order of its own" : ""}`,
    `on ${deviceNames(rows)}; ONNX Runtime ${first.opened?.version}`,
    ...adapterNotes(rows),
    ...inputNotes(rows),
    ...legend(first, rows, shown),
    ...comparisonNotes(first, rows),
    ...(omitted.length > 0 ? [`no room for ${omitted.join(", ")}`] : []),
  ];
  return notes.flatMap((note) => new Help().boxWrap(note, page.columns).split("\n"));
}

/** Those of one line go together. */
function legend(first: Lane, rows: readonly Row[], shown: ReadonlySet<string>): readonly string[] {
  const meanings: readonly (readonly (readonly [string, string])[])[] = [
    [
      ["median", "the time of a run"],
      ["p95", "95 % of the rounds took no longer"],
      ["least", "the shortest"],
      ["session", "creating one"],
    ],
    [
      ["ratio", `to ${visible(first.name)}${on(first, rows)}, round by round, the median`],
      ["interval", "of that median, at 95 %"],
    ],
    [
      ["Concat", "of the time of all kernels"],
      ["peak", "of the tensors alive at once"],
      ["resident", "what the process grew by"],
    ],
  ];
  return meanings
    .map((line) => line.filter(([title]) => shown.has(title)).map(([title, meaning]) => `${title}: ${meaning}`))
    .filter((line) => line.length > 0)
    .map((line) => line.join("; "));
}

/** What the ratios do not say. */
function comparisonNotes(first: Lane, rows: readonly Row[]): readonly string[] {
  const others = rows.filter(({ latency }) => latency.ratio);
  const open = others.filter(({ latency }) => latency.ratio && isOpen(latency.ratio));
  return [
    ...(others.some(({ latency }) => latency.ratio?.interval === null)
      ? [`no interval: it takes at least ${leastForInterval} rounds`]
      : []),
    ...(open.length > 0
      ? [
          `not told apart from ${visible(first.name)}${on(first, rows)}, as the interval holds 1: ${open
            .map(({ lane }) => `${visible(lane.name)}${on(lane, rows)}`)
            .join(", ")}`,
        ]
      : []),
  ];
}

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
