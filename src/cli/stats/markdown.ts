import type { Stats } from "../../compiler/count.ts";
import type { Architecture } from "../../compiler/ir.ts";
import { formatShape } from "../../compiler/shape.ts";
import { formatValue } from "../../compiler/value.ts";
import { scopesOf } from "../../outline/scopes.ts";
import { exactly, percentage } from "../figures.ts";
import { visible, widthOf } from "../visible-text.ts";
import { drawingOf } from "./drawing.ts";
import { measure } from "./measures.ts";
import { type Depth, type Row, rowsOf } from "./rows.ts";
import { bytesText, countTotalsOf, derivation, memoryTotals, remarksOn, type Total } from "./totals.ts";

/** What `stats --format markdown` prints: the same as the table for people, as GitHub and others show tables. */
export function statsMarkdown(architecture: Architecture, stats: Stats, depth: Depth): string {
  const { name, source, parameters, input, outputs, denseBlocks } = architecture;
  const drawing = drawingOf(architecture, stats);
  const values = parameters.map((one) => `${one.name} = ${formatValue(one.value)}`).join(", ");
  const shapes = outputs.map((one) => `${one.name} ${formatShape(one.activation.shape)}`).join(", ");
  const way = `${input.name} ${formatShape(input.activation.shape)} → ${shapes}`;
  const rows = rowsOf(scopesOf(architecture, stats.layers), depth);
  const body = rows.map((row) => {
    const { kind, output, params, macs, alive } = measure(row, architecture.assumptions);
    const shares = [percentage(drawing.lengthOf(macs), drawing.lengthOf(stats.macs))];
    return [title(row), kind, output, exactly(params), exactly(macs), ...shares, bytesText(alive)];
  });
  const head = ["layer", "kind", "output", "params", "MACs", "% of MACs", "alive"];
  const blocks = denseBlocks.map((block) => `- ${code(block.path)}: ${escaped(derivation(block))}`);
  const sections = [
    `## ${escaped(name)}`,
    `${code(values === "" ? name : `${name}(${values})`)} in ${code(source.path)}: ${escaped(way)}`,
    markdownTable(head, ["left", "left", "left", "right", "right", "right", "right"], body),
    blocks.join("\n"),
    totalsTable("total", countTotalsOf(stats)),
    totalsTable("memory in bytes", memoryTotals(stats.memory)),
    remarksOn(drawing, stats).split("\n").map(escaped).join("\n"),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

/** `features.denselayer1 … 6` as code, with how many they are. */
function title({ path, members }: Row): string {
  return `${code(path)}${members.length > 1 ? ` ×${members.length}` : ""}`;
}

function totalsTable(name: string, totals: readonly Total[]): string {
  const body = totals.map(([each, ...figures]) => [escaped(each), ...figures.map(escaped)]);
  return markdownTable([name, "exactly", "roughly"], ["left", "right", "left"], body);
}

export type Align = "left" | "right";

/** Columns are as wide as their widest cell, so that the text is a table too. */
export function markdownTable(
  head: readonly string[],
  aligns: readonly Align[],
  body: readonly (readonly string[])[],
): string {
  const widths = head.map((title, at) => Math.max(3, ...[title, ...body.map((row) => row[at] ?? "")].map(widthOf)));
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const padded = (row: readonly string[]) =>
    line(
      row.map((cell, at) => {
        const space = " ".repeat((widths[at] ?? 0) - widthOf(cell));
        return aligns[at] === "right" ? space + cell : cell + space;
      }),
    );
  const rule = widths.map((width, at) => `${"-".repeat(width - 1)}${aligns[at] === "right" ? ":" : "-"}`);
  return [padded(head), line(rule), ...body.map(padded)].join("\n");
}

/** A code span: nothing in it is read as Markdown, but a bar would still end the cell. */
export function code(text: string): string {
  return `\`${visible(text).replaceAll("`", "'").replaceAll("|", "\\|")}\``;
}

/** What Markdown would read as its own. */
function escaped(text: string): string {
  return visible(text).replaceAll(/[\\`*_|<>[\]#]/g, (sign) => `\\${sign}`);
}
