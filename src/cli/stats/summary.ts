import { count, type Stats } from "../../compiler/count.ts";
import type { Architecture } from "../../compiler/ir.ts";
import { asideOn, type CheckedFile, compileEach } from "../checked-file.ts";
import type { StatsFlags } from "../commands/stats.ts";
import type { FileCompilation } from "../compilation.ts";
import { failuresJson } from "../diagnostics-json.ts";
import { type ExitCode, gravest, printFailure, printNote } from "../failure.ts";
import { exactly } from "../figures.ts";
import { type Json, layOutJson, quantityJson } from "../json.ts";
import { printDiagnostics, printHint, printRefusals, printSummary, toPrint } from "../messages.ts";
import { type Column, layOutColumns, pageFor } from "../plain-table.ts";
import { summarize } from "../render.ts";
import { colorsFor, type Terminal } from "../terminal.ts";
import { visible } from "../visible-text.ts";
import { type CsvRecord, csv } from "./csv.ts";
import { code, markdownTable } from "./markdown.ts";
import { networkJson, peakJson } from "./stats-json.ts";
import { bytesText, peakOf } from "./totals.ts";

/**
 * Prints a line for each network of the files, also of those after one that is wrong, and returns the gravest of the
 * exit codes.
 */
export async function runSummary(files: readonly string[], flags: StatsFlags, terminal: Terminal): Promise<ExitCode> {
  const networks: Summary[] = [];
  const checked: CheckedFile[] = [];
  const add = ({ architectures }: FileCompilation) => {
    for (const architecture of architectures) networks.push(summaryOf(architecture));
  };
  for (const file of files) {
    const one = await compileEach(file, flags, terminal, add);
    printMessages(one, flags, terminal);
    checked.push(one);
  }
  const unchecked = checked.flatMap((one) => one.unchecked);
  if (unchecked.length > 0 && !flags.quiet) printNote(asideOn(unchecked, "counted"), terminal);
  const found = checked.flatMap((one) => one.diagnostics);
  if (!flags.quiet) printHint(found, flags.deny, terminal);
  await terminal.out(await laidOut(networks, checked, flags, terminal));
  return gravest(checked.map((one) => one.exitCode));
}

/** What is kept of a network; its layers are not. */
interface Summary {
  readonly json: { readonly [name: string]: Json };
  readonly stats: Pick<Stats, "params" | "buffers" | "macs" | "flops" | "depth" | "memory">;
  readonly name: string;
  readonly file: string;
}

function summaryOf(architecture: Architecture): Summary {
  const { layers, tensors, ...stats } = count(architecture);
  const json = networkJson(architecture, { ...stats, layers, tensors });
  return { json, stats, name: architecture.name, file: architecture.source.path };
}

function printMessages({ diagnostics, refusals, failure }: CheckedFile, flags: StatsFlags, terminal: Terminal): void {
  const shown = toPrint(diagnostics, flags);
  printDiagnostics(shown, terminal);
  printRefusals(refusals, terminal);
  printSummary(shown, flags.deny, terminal);
  if (failure) printFailure(failure, terminal);
}

async function laidOut(
  networks: readonly Summary[],
  checked: readonly CheckedFile[],
  { format, color }: StatsFlags,
  terminal: Terminal,
): Promise<string> {
  switch (format) {
    case "table": {
      const [head = "", ...lines] = layOutColumns(columnsOf(networks), pageFor(terminal));
      const { bold } = colorsFor(color, terminal.outIsTerminal, terminal.env);
      return `${[bold(head), ...lines].join("\n")}\n`;
    }
    case "markdown": {
      const columns = columnsOf(networks);
      const rows = networks.map(({ file }, at) => [
        ...columns.slice(0, -1).map((one) => one.cells[at] ?? ""),
        code(file),
      ]);
      return `${markdownTable(
        columns.map(({ title }) => title ?? ""),
        columns.map(({ align }) => align),
        rows,
      )}\n`;
    }
    case "csv":
      return csv(networks.map(csvRecord), csvColumns);
    case "json": {
      const failures = checked.flatMap((one) => [...failuresJson(one), ...mistakesJson(one)]);
      return layOutJson({ schemaVersion: 1, networks: networks.map(({ json }) => json), failures });
    }
  }
}

/** A file with mistakes has no networks to sum up; what they are is said on standard error. */
function mistakesJson({ file, diagnostics }: CheckedFile): readonly Json[] {
  const mistakes = diagnostics.filter(({ severity }) => severity === "error");
  return mistakes.length === 0 ? [] : [{ file, message: summarize(mistakes) }];
}

function columnsOf(networks: readonly Summary[]): readonly Column[] {
  const cells = (cell: (one: Summary) => string) => networks.map(cell);
  return [
    { title: "network", align: "left", rank: 0, cells: cells(({ name }) => name) },
    { title: "params", align: "right", rank: 0, cells: cells(({ stats }) => exactly(stats.params)) },
    { title: "MACs", align: "right", rank: 0, cells: cells(({ stats }) => exactly(stats.macs)) },
    { title: "depth", align: "right", rank: 1, cells: cells(({ stats }) => String(stats.depth)) },
    { title: "weights", align: "right", rank: 4, cells: cells(({ stats }) => bytesText([stats.memory.weightBytes])) },
    { title: "peak", align: "right", rank: 2, cells: cells(({ stats }) => bytesText(peakOf(stats.memory))) },
    { title: "file", align: "left", rank: 3, cells: cells(({ file }) => visible(file)) },
  ];
}

const csvColumns = [
  "network",
  "file",
  "params",
  "buffers",
  "macs",
  "flops",
  "depth",
  "weight_bytes",
  "activation_bytes",
  "peak_bytes",
  "concat_bytes",
];

function csvRecord({ name, file, stats }: Summary): CsvRecord {
  const { weightBytes, activationBytes, concatBytes } = stats.memory;
  return {
    network: name,
    file,
    params: quantityJson(stats.params),
    buffers: quantityJson(stats.buffers),
    macs: quantityJson(stats.macs),
    flops: quantityJson(stats.flops),
    depth: stats.depth,
    weight_bytes: quantityJson(weightBytes),
    activation_bytes: quantityJson(activationBytes),
    peak_bytes: peakJson(stats.memory) ?? "",
    concat_bytes: quantityJson(concatBytes),
  };
}
