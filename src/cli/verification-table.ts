import { count } from "../compiler/count.ts";
import { differenceCodes, divergenceCodes } from "../inspect/codes.ts";
import type { Difference } from "../inspect/compare.ts";
import type { ComparedTensor, DeviceReport } from "../verification/verify-model.ts";
import { exactly } from "./figures.ts";
import { layOutColumns, type Page } from "./plain-table.ts";
import { counted } from "./render.ts";
import type { Colors } from "./terminal.ts";
import type { Verification } from "./verification.ts";
import { median } from "./verification-json.ts";
import { visible } from "./visible-text.ts";

/** What was found out about a model, for people. Ends with a line break. */
export function verificationTable(verification: Verification, colors: Colors, page: Page): string {
  const { architecture, differences, devices, passedOver, ok } = verification;
  return [
    heading(verification, colors),
    ...differences.slice(0, mostDifferences).map((one) => differenceLine(one, colors)),
    ...(differences.length > mostDifferences ? [`  … and ${differences.length - mostDifferences} more`] : []),
    ...passedOver.map(({ device, outcome }) => `  ${device} is passed over: ${reasonOf(outcome)}`),
    ...(devices.some((one) => one.outputs.length > 0) ? [deviceTable(devices, page)] : []),
    ...devices.flatMap((one) => deviceProblems(one, colors)),
    ...devices.flatMap((one) => (one.layers.length > 0 ? layerLines(one, colors) : [])),
    `  ${ok ? colors.green("verified") : colors.red("not verified")}: ${architecture.name}`,
    "",
  ].join("\n");
}

const mostDifferences = 10;

function heading({ architecture, model, nodes, sizes, subject }: Verification, colors: Colors): string {
  const { made } = subject.comparison;
  const { params, macs } = count(architecture);
  const about = [...sizes].map(([name, size]) => `${name} = ${size}`);
  const input = `${subject.input.name} [${subject.input.shape.join(", ")}]`;
  const file = model === null ? architecture.source.path : `${model}, against ${architecture.source.path}`;
  return [
    `${colors.bold(architecture.name)} (${visible(file)})`,
    `  ${[input, ...about].join(", ")}: ${counted(nodes, "node")}, ${counted(made.size, "shape")} compared`,
    `  ${exactly(params)} parameters, ${exactly(macs)} MACs`,
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
  { title: "nodes", align: "right", rank: 4 },
  { title: "first run", align: "right", rank: 3 },
  { title: "median", align: "right", rank: 1 },
] as const;

function deviceTable(reports: readonly DeviceReport[], page: Page): string {
  const rows = reports.flatMap((report) => report.outputs.map((output, index) => row(report, output, index === 0)));
  const filled = columns.map((column, at) => ({ ...column, cells: rows.map((cells) => cells[at] ?? "") }));
  return layOutColumns(filled, { ...page, columns: page.columns - indent.length })
    .map((line) => `${indent}${line}`)
    .join("\n");
}

const indent = "  ";

function row(
  { device, outcome }: DeviceReport,
  { name, error, tolerance }: ComparedTensor,
  isFirst: boolean,
): string[] {
  if (outcome.kind !== "ran") return [];
  const { nodesOnDevice, firstRunMs, roundsMs } = outcome.run;
  const errors = [error.maxAbsError, error.maxRelError, tolerance].map((value) => value.toExponential(1));
  const times = [firstRunMs, median(roundsMs) ?? Number.NaN].map((ms) => `${ms.toFixed(1)} ms`);
  const about = isFirst ? [String(nodesOnDevice), ...times] : ["", "", ""];
  return [isFirst ? device : "", visible(name), ...errors, ...about];
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
      one.ok ? [] : [`  ${coded("error", codeOf(one))}: ${visible(one.name)}: ${how(one)}`],
    ),
  ];
}

/** How far a tensor is from what it should be. */
function how({ error, tolerance }: ComparedTensor): string {
  if (error.nonFinite > 0) return `${counted(error.nonFinite, "value")} not finite`;
  return `relative error ${error.maxRelError.toExponential(1)}, allowed ${tolerance.toExponential(1)}`;
}

function codeOf({ error }: ComparedTensor): string {
  return error.nonFinite > 0 ? divergenceCodes.notFinite : divergenceCodes.differs;
}

/** The first layer that differs, and how far those before it and after it are. */
function layerLines({ device, layers }: DeviceReport, colors: Colors): readonly string[] {
  const first = layers.findIndex((one) => !one.ok);
  const worst = Math.max(...layers.map((one) => one.error.maxRelError));
  if (first < 0) {
    return [
      `  ${device}: ${counted(layers.length, "layer")} compared, the greatest relative error is ${worst.toExponential(1)}`,
    ];
  }
  const layer = layers[first] as ComparedTensor;
  const before = first === 0 ? "the first layer" : `the ${counted(first, "layer")} before it agree`;
  const differs = colors.red(`first differs[${codeOf(layer)}]`);
  return [`  ${device}: ${differs} ${colors.bold(visible(layer.name))}: ${how(layer)}; ${before}`];
}

function reasonOf(outcome: DeviceReport["outcome"]): string {
  return outcome.kind === "ran" ? "it ran" : outcome.reason;
}
