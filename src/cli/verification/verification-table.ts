import { count } from "../../compiler/count.ts";
import { substitute } from "../../compiler/symbolic.ts";
import type { Precision } from "../../inspect/casts.ts";
import { differenceCodes, divergenceCodes } from "../../inspect/codes.ts";
import type { Difference } from "../../inspect/compare.ts";
import { divergenceOfTensor } from "../../verification/divergence.ts";
import { knownFault } from "../../verification/known-faults.ts";
import type { Unfit } from "../../verification/own-weights.ts";
import type { DeviceReport, PairReport } from "../../verification/reports.ts";
import { duration, exactly } from "../figures.ts";
import { layOutColumns, leftOut, type Page } from "../plain-table.ts";
import { counted } from "../render.ts";
import { median } from "../statistics.ts";
import type { Colors } from "../terminal.ts";
import { visible } from "../visible-text.ts";
import { precisionInWords, writtenPrecision } from "../written-precision.ts";
import { isVerified, type Verification } from "./verification.ts";
import { errorCells, figure, how, indent, indented, layerLines, pairLines } from "./verification-layers.ts";

/** What was found out about a model, for people. Ends with a line break. */
export function verificationTable(verification: Verification, colors: Colors, page: Page): string {
  const { differences, unfit, devices, passedOver, pairs } = verification;
  return [
    heading(verification, colors),
    ...differences.slice(0, mostDifferences).map((one) => differenceLine(one, colors)),
    ...(differences.length > mostDifferences ? [`  … and ${differences.length - mostDifferences} more`] : []),
    ...(unfit ? [unfitLine(unfit, verification.comparison.precision, devices.length > 0)] : []),
    ...passedOver.map(({ device, reason }) => `  ${device} is passed over: ${visible(reason)}`),
    ...(devices.some((one) => one.outputs.length > 0) ? [deviceTable(devices, pairs, page)] : []),
    ...devices.flatMap(adapterLine),
    ...devices.flatMap((one) => deviceProblems(one, colors)),
    ...devices.flatMap((one) => layerLines(one, colors, page)),
    ...devices.flatMap((one) => faultLine(one, verification)),
    ...pairs.flatMap(pairLines),
    `  ${verdict(verification, colors)}`,
    "",
  ].join("\n");
}

function unfitLine(unfit: Unfit, precision: Precision, hasRun: boolean): string {
  const instead = hasRun
    ? "its graph ran with verification weights"
    : "as they do not lie in the file, others could not take their place";
  return `  ${unfitness(unfit, precision)}; ${instead}`;
}

/** Why the weights of a model were not enough. */
export function unfitness(unfit: Unfit, { flow }: Precision): string {
  switch (unfit.kind) {
    case "overflow":
      return `its own weights lead beyond the range of ${flow}, first at ${visible(unfit.layer)}`;
    case "not-a-number":
      return `its own weights make values that are no numbers, first at ${visible(unfit.layer)}`;
    case "constant":
      return unfit.layer === null
        ? "its own weights make every output one and the same number, as those of other networks would"
        : `its own weights make one and the same number at ${visible(unfit.layer)}, and hide what comes before it`;
  }
}

function verdict(verification: Verification, colors: Colors): string {
  const { architecture, agrees, unfit } = verification;
  if (isVerified(verification)) return `${colors.green("verified")}: ${architecture.name}`;
  const graph =
    agrees && unfit ? ": its graph computes what the file says, but with its own weights nothing of use" : "";
  return `${colors.red("not verified")}: ${architecture.name}${graph}`;
}

const mostDifferences = 10;

function heading(
  { architecture, model, nodes, sizes, input: given, comparison }: Verification,
  colors: Colors,
): string {
  const { made, precision } = comparison;
  const types = precisionInWords(writtenPrecision(precision));
  const { params, macs } = count(architecture);
  const about = [...sizes].map(([name, size]) => `${name} = ${size}`);
  const input = `${given.name} [${given.shape.join(", ")}]`;
  const file = model === null ? architecture.source.path : `${model}, against ${architecture.source.path}`;
  return [
    `${colors.bold(architecture.name)} (${visible(file)})`,
    `  ${[input, ...about].join(", ")}: ${counted(nodes, "node")}, ${counted(made.size, "shape")} compared`,
    `  ${exactly(params)} parameters, ${exactly(substitute(macs, sizes))} MACs${types === "" ? "" : `, ${types}`}`,
  ].join("\n");
}

function differenceLine({ kind, where, problem }: Difference, colors: Colors): string {
  return `  ${colors.red(`differs[${differenceCodes[kind]}]`)}: ${visible(where)} ${visible(problem)}`;
}

const columns = [
  { title: "device", align: "left", rank: 0 },
  { title: "output", align: "left", rank: 0 },
  { title: "abs error", align: "right", rank: 2 },
  { title: "rel error", align: "right", rank: 0 },
  { title: "allowed", align: "right", rank: 0 },
  // The nodes as ONNX Runtime ran them, after fusions of its own: others than those of the file.
  { title: "kernels", align: "right", rank: 4 },
  { title: "first run", align: "right", rank: 3 },
  { title: "median", align: "right", rank: 1 },
] as const;

/** A row for each output of each device, and for each of every two devices. */
function deviceTable(reports: readonly DeviceReport[], pairs: readonly PairReport[], page: Page): string {
  const rows = [...reports.flatMap(deviceRows), ...pairs.flatMap(pairRows)];
  const filled = columns.map((column, at) => ({
    ...column,
    name: column.title,
    cells: rows.map((cells) => cells[at] ?? ""),
  }));
  const room = { ...page, columns: page.columns - indent.length };
  const omitted = leftOut(filled, room);
  const note = omitted.length > 0 ? [`no room for ${omitted.join(", ")}`] : [];
  return indented([...layOutColumns(filled, room), ...note]).join("\n");
}

function deviceRows({ device, outcome, outputs }: DeviceReport): readonly (readonly string[])[] {
  if (outcome.kind !== "ran") return [];
  const { nodesOnDevice, firstRunMs, roundsMs } = outcome.run;
  const about = [String(nodesOnDevice), duration(firstRunMs), duration(median(roundsMs))];
  return outputs.map((output, index) => {
    return [index === 0 ? device : "", ...errorCells(output), figure(output.tolerance), ...(index === 0 ? about : [])];
  });
}

function pairRows({ devices, outputs }: PairReport): readonly (readonly string[])[] {
  return outputs.map((output, index) => [index === 0 ? devices.join(", ") : "", ...errorCells(output)]);
}

function adapterLine({ device, outcome }: DeviceReport): readonly string[] {
  return outcome.kind === "ran" && outcome.run.adapter !== null ? [`  ${device}: ${visible(outcome.run.adapter)}`] : [];
}

function deviceProblems({ device, outcome, outputs }: DeviceReport, colors: Colors): readonly string[] {
  if (outcome.kind !== "ran") {
    const help = outcome.kind === "unavailable" ? [`  = help: ${outcome.help}`] : [];
    return [`  ${colors.red("error")}: ${device}: ${visible(outcome.reason)}`, ...help];
  }
  const { elsewhere } = outcome.run;
  const coded = (word: string, code: string) => colors.red(`${word}[${code}]`);
  return [
    ...(elsewhere.length > 0
      ? [
          `  ${coded("error", divergenceCodes.elsewhere)}: ${counted(elsewhere.length, "node")} did not run on ${device}`,
        ]
      : []),
    ...outputs.flatMap((one) =>
      one.ok ? [] : [`  ${coded("error", divergenceOfTensor(one))}: ${visible(one.name)}: ${how(one)}`],
    ),
  ];
}

/** Whose fault it is that a layer differs, where that is known. */
function faultLine({ device, outcome, layers }: DeviceReport, { architecture }: Verification): readonly string[] {
  const first = layers.find((one) => !one.ok);
  const op = architecture.ops.find(({ name }) => name === first?.name);
  const fault = op ? knownFault(op, device) : null;
  if (outcome.kind !== "ran" || fault === null) return [];
  return [`  = note: ONNX Runtime ${outcome.run.version} is known to compute ${fault} wrongly on ${device}`];
}
