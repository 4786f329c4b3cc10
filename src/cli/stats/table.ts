import type { Stats } from "../../compiler/count.ts";
import type { Architecture } from "../../compiler/ir.ts";
import { formatShape } from "../../compiler/shape.ts";
import { formatValue } from "../../compiler/value.ts";
import { scopesOf } from "../../outline/scopes.ts";
import { toAscii } from "../ascii.ts";
import { exactly, percentage } from "../figures.ts";
import { type Column, layOutColumns, leftOut } from "../plain-table.ts";
import type { Colors } from "../terminal.ts";
import { visible } from "../visible-text.ts";
import { bar, type Drawing, drawingOf } from "./drawing.ts";
import { type Measures, measure } from "./measures.ts";
import { progress } from "./progress.ts";
import { type Depth, type Row, rowsOf } from "./rows.ts";
import { bytesText, countTotalsOf, derivation, memoryTotals, remarksOn, type Total } from "./totals.ts";

export interface TableOptions {
  readonly colors: Colors;
  /** Width that lines should keep to. */
  readonly columns: number;
  /** Bars without signs beyond ASCII. */
  readonly ascii: boolean;
  readonly depth: Depth;
}

/** What a network costs, for people: its scopes and layers, the totals, and where most memory is needed. */
export function statsTable(architecture: Architecture, stats: Stats, options: TableOptions): string {
  const drawing = drawingOf(architecture, stats);
  const { colors } = options;
  const rows = rowsOf(scopesOf(architecture, stats.layers), options.depth);
  const measures = rows.map((row) => measure(row, architecture.assumptions));
  const columns = layerColumns(rows, measures, stats, drawing, options);
  const sections = [
    heading(architecture, options),
    layerTable(rows, columns, options),
    totalsTable(countTotalsOf(stats), options),
    `${colors.bold("memory in bytes")}\n${totalsTable(memoryTotals(stats.memory), options)}`,
    progress(architecture.input.name, stats, drawing, options),
    [remarksOn(drawing, stats), ...missing(leftOut(columns, options), options)].join("\n"),
  ];
  const text = `${sections.filter((section) => section !== "").join("\n\n")}\n`;
  return options.ascii ? toAscii(text) : text;
}

function heading(
  { name, source, parameters, input, outputs }: Architecture,
  { colors, columns }: TableOptions,
): string {
  const values = parameters.map((one) => `${one.name} = ${formatValue(one.value)}`);
  const call =
    values.length === 0 ? [name] : [`${name}(${values[0]}`, ...values.slice(1)].map((value) => visible(value));
  const shapes = outputs.map((one) => `${one.name} ${formatShape(one.activation.shape)}`);
  const [first = "", ...rest] = wrapped(call, values.length === 0 ? "" : ")", columns);
  const way = `${input.name} ${formatShape(input.activation.shape)} → ${shapes.join(", ")}`;
  return [first.replace(name, () => colors.bold(name)), ...rest, visible(source.path), way].join("\n");
}

/** Pieces with commas between them, on as many lines as they need. */
function wrapped(pieces: readonly string[], end: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const [at, piece] of pieces.entries()) {
    const text = `${piece}${at === pieces.length - 1 ? end : ","}`;
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + text.length <= columns) lines[lines.length - 1] = `${line} ${text}`;
    else lines.push(line === undefined ? text : `  ${text}`);
  }
  return lines;
}

function missing(names: readonly string[], { columns }: TableOptions): readonly string[] {
  return names.length === 0 ? [] : [`Not shown at ${columns} columns: ${names.join(", ")}.`];
}

function layerTable(rows: readonly Row[], columns: readonly Column[], options: TableOptions): string {
  const [head = "", ...lines] = layOutColumns(columns, options);
  const body = rows.flatMap((row, index) => [lines[index] ?? "", ...derivationLine(row, options)]);
  return [options.colors.bold(head), ...body].join("\n");
}

function derivationLine({ dense, level }: Row, { colors }: TableOptions): readonly string[] {
  return dense ? [colors.cyan(`${"  ".repeat(level + 1)}${derivation(dense)}`)] : [];
}

const barWidth = 8;

function layerColumns(
  rows: readonly Row[],
  measures: readonly Measures[],
  { macs, params }: Stats,
  { lengthOf, peak }: Drawing,
  { ascii }: TableOptions,
): readonly Column[] {
  const cells = (cell: (one: Measures) => string) => measures.map(cell);
  const aliveOf = ({ alive }: Measures) => Math.max(0, ...alive.map(lengthOf));
  return [
    { title: "layer", align: "left", rank: 0, cells: rows.map((row, at) => titleOf(row, measures[at] as Measures)) },
    { title: "output", align: "left", rank: 0, cells: cells((one) => one.output) },
    {
      title: "field",
      name: "field",
      align: "right",
      rank: 4,
      cells: cells(({ field }) => (field ? field.join("×") : "all")),
    },
    { title: "params", align: "right", rank: 0, cells: cells((one) => figure(one.params)) },
    {
      title: "%",
      name: "% of params",
      align: "right",
      rank: 5,
      cells: cells((one) => percentage(lengthOf(one.params), lengthOf(params))),
    },
    { title: "MACs", align: "right", rank: 0, cells: cells((one) => figure(one.macs)) },
    {
      title: "%",
      name: "% of MACs",
      align: "right",
      rank: 1,
      cells: cells((one) => percentage(lengthOf(one.macs), lengthOf(macs))),
    },
    { title: "alive", name: "alive", align: "right", rank: 2, cells: cells(({ alive }) => bytesText(alive)) },
    { title: "", align: "left", rank: 3, cells: cells((one) => bar(aliveOf(one), peak, barWidth, ascii)) },
  ];
}

/** Zeros are left out: most layers have no parameters or no MACs. */
function figure(quantity: Measures["params"]): string {
  return quantity === 0 ? "" : exactly(quantity);
}

/** `norm0: batchnorm`, `relu1`, `denselayer1 … 6  ×6`; a kind is not said twice. */
function titleOf({ level, label, members }: Row, { kind }: Measures): string {
  const [word = "", ...window] = kind.split(" ");
  const ownName = new RegExp(`^${word}(?:_?\\d+)?(?: … \\d+)?$`).test(label);
  const what = word === "" ? "" : ownName ? window.map((one) => ` ${one}`).join("") : `: ${kind}`;
  const times = members.length > 1 ? `  ×${members.length}` : "";
  return `${"  ".repeat(level)}${visible(label)}${what}${times}`;
}

function totalsTable(totals: readonly Total[], options: TableOptions): string {
  const before = Math.max(...totals.map(([name]) => name.length)) + longest;
  const rows = totals.flatMap(([name, exact, aside]): Total[] => {
    if (exact.length <= longest) return [[name, exact, aside]];
    const [first = "", ...rest] = sumLines(exact, Math.max(options.columns - before, longest));
    return [[name, "", first], ...rest.map((line): Total => ["", "", line])];
  });
  const cells = [rows.map(([name]) => name), rows.map(([, exact]) => exact), rows.map(([, , aside]) => aside)];
  const columns = (["left", "right", "left"] as const).map((align, at) => {
    return { title: null, align, rank: 0, cells: cells[at] ?? [] };
  });
  return layOutColumns(columns, { columns: Infinity, ascii: options.ascii }).join("\n");
}

/** A longer polynomial would move the figures of all others to the right. */
const longest = 20;

/** A sum on lines of at most that width, where its terms allow it. */
function sumLines(sum: string, width: number): readonly string[] {
  const lines: string[] = [];
  // Not within a floor, which closes before another opens.
  for (const term of sum.split(/(?:(?<=,) | (?=[+−] ))(?![^⌊⌋]*⌋)/)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + term.length <= width) lines[lines.length - 1] = `${line} ${term}`;
    else lines.push(term);
  }
  return lines;
}
