import { divergenceOfTensor } from "../../verification/divergence.ts";
import type { ComparedTensor, DeviceReport, Distance, PairReport } from "../../verification/reports.ts";
import { layOutColumns, type Page } from "../plain-table.ts";
import { counted } from "../render.ts";
import type { Colors } from "../terminal.ts";
import { visible } from "../visible-text.ts";

/** How the layers of a device compare with the reference: the first that differs, and those that are farthest. */
export function layerLines(report: DeviceReport, colors: Colors, page: Page): readonly string[] {
  const { device, layers, layersProblem } = report;
  const problem =
    layersProblem === null
      ? []
      : [`  ${colors.red("error")}: ${device}: no layers to compare: ${visible(layersProblem)}`];
  if (layers.length === 0) return problem;
  const first = layers.find((one) => !one.ok);
  const title = first ? differing(report, first, colors) : agreeing(report);
  return [...problem, title, ...indented(layerTable(layers, first ?? null, colors, page))];
}

/** Layers agree, and the outputs perhaps all the same not: then it is what ONNX Runtime makes of them. */
function agreeing({ device, layers, outputs }: DeviceReport): string {
  const all = `  ${device}: ${counted(layers.length, "layer")} compared, all agree`;
  if (outputs.every((one) => one.ok)) return `${all}; farthest from the reference:`;
  return `${all} where ONNX Runtime fuses nothing: a fusion of its own is what differs; farthest:`;
}

function differing({ device, layers }: DeviceReport, first: ComparedTensor, colors: Colors): string {
  const at = layers.indexOf(first);
  const before = at === 0 ? "no layer comes before it" : `the ${counted(at, "layer")} before it agree`;
  const error = colors.red(`error[${divergenceOfTensor(first)}]`);
  return `  ${error}: ${device}: the first layer that differs is ${colors.bold(visible(first.name))}: ${how(first)}; ${before}`;
}

const columns = [
  { title: "layer", align: "left", rank: 0 },
  { title: "abs error", align: "right", rank: 1 },
  { title: "rel error", align: "right", rank: 0 },
  { title: "allowed", align: "right", rank: 0 },
] as const;

/** The worst; before them the first that differs and the last that agrees before it. */
function layerTable(
  layers: readonly ComparedTensor[],
  first: ComparedTensor | null,
  colors: Colors,
  page: Page,
): readonly string[] {
  const at = first === null ? -1 : layers.indexOf(first);
  const around = first === null ? [] : layers.slice(Math.max(0, at - 1), at + 1);
  // Behind a value that is no finite number there are more of them, which says nothing.
  const others = layers.filter((one) => !around.includes(one) && one.error.nonFinite === 0 && !(first && one.ok));
  const shown = [...around, ...others.sort(worstFirst).slice(0, mostLayers - around.length)];
  const rows = shown.map((one) => [visible(one.name), ...errorCells(one).slice(1), figure(one.tolerance)]);
  const filled = columns.map((column, place) => ({ ...column, cells: rows.map((cells) => cells[place] ?? "") }));
  const lines = layOutColumns(filled, { ...page, columns: page.columns - 2 * indent.length });
  return lines.map((line, row) => `${indent}${first !== null && shown[row - 1] === first ? colors.red(line) : line}`);
}

const mostLayers = 5;

/** By how much of what is allowed is used up. */
function worstFirst(a: ComparedTensor, b: ComparedTensor): number {
  return share(b) - share(a);
}

function share({ error, tolerance }: ComparedTensor): number {
  return error.maxRelError / tolerance;
}

/** Of two devices: how far their layers are apart at most. */
export function pairLines({ devices, layers }: PairReport): readonly string[] {
  const [farthest] = [...layers].sort((a, b) => b.error.maxRelError - a.error.maxRelError);
  if (!farthest) return [];
  const where = `${figure(farthest.error.maxRelError)} at ${visible(farthest.name)}`;
  return [`  ${devices.join(" and ")}: ${counted(layers.length, "layer")}, farthest apart by ${where}`];
}

/** Its name and its errors. */
export function errorCells({ name, error }: Distance): readonly string[] {
  const figures = [error.maxAbsError, error.maxRelError].map(figure);
  return [visible(name), ...(error.nonFinite > 0 ? ["", "not finite"] : figures)];
}

export function figure(value: number): string {
  return value === 0 ? "0" : value.toExponential(1);
}

/** How far a tensor is from what it should be. */
export function how({ error, tolerance }: ComparedTensor): string {
  if (error.nonFinite > 0) return `${counted(error.nonFinite, "value")} not finite`;
  if (error.maxRelError <= tolerance) {
    return `all values are alike within ${figure(error.contrast)}: they would be whatever the layers are`;
  }
  return `relative error ${error.maxRelError.toExponential(1)}, allowed ${tolerance.toExponential(1)}`;
}

export const indent = "  ";

export function indented(lines: readonly string[]): readonly string[] {
  return lines.map((line) => `${indent}${line}`);
}
