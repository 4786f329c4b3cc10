import { stringify } from "csv-stringify/sync";
import type { LayerStats } from "../../compiler/count.ts";
import type { Shape } from "../../compiler/ir.ts";
import { positionAt } from "../../compiler/source.ts";
import { quantityJson } from "../json.ts";
import { firstInput } from "./stats-json.ts";

export type CsvRecord = Readonly<Record<string, string | number>>;

/**
 * As RFC 4180 has it, a head first. What a spreadsheet would take for a formula, as a path that begins with `=`, gets
 * an apostrophe in front.
 */
export function csv(records: readonly CsvRecord[], columns: readonly string[]): string {
  return stringify([...records], {
    header: true,
    columns: [...columns],
    record_delimiter: "\r\n",
    escape_formulas: true,
  });
}

/** What `stats --format csv` prints: a row for each layer. */
export function layersCsv(layers: readonly LayerStats[]): string {
  return csv(layers.map(layerRecord), layerColumns);
}

const layerColumns = [
  "name",
  "kind",
  "training",
  ...sizeColumns("input"),
  ...sizeColumns("output"),
  "params",
  "buffers",
  "macs",
  "alive_bytes",
  "receptive_field_height",
  "receptive_field_width",
  "file",
  "line",
  "column",
];

function layerRecord(layer: LayerStats): CsvRecord {
  const { op, training, receptiveField } = layer;
  const { source, start } = op.site.span;
  const { line, column } = positionAt(source, start);
  return {
    name: op.name,
    kind: op.kind,
    training: String(training),
    ...sizes("input", firstInput(layer)),
    ...sizes("output", op.output.shape),
    params: quantityJson(layer.params),
    buffers: quantityJson(layer.buffers),
    macs: quantityJson(layer.macs),
    alive_bytes: quantityJson(layer.aliveBytes),
    receptive_field_height: receptiveField?.[0] ?? "",
    receptive_field_width: receptiveField?.[1] ?? "",
    file: source.path,
    line,
    column,
  };
}

function sizeColumns(of: string): readonly string[] {
  return ["channels", "height", "width"].map((side) => `${of}_${side}`);
}

function sizes(of: string, shape: Shape): CsvRecord {
  return Object.fromEntries(sizeColumns(of).map((name, at) => [name, quantityJson(shape[at] ?? 0) || ""]));
}
