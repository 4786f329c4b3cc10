import type { Totals } from "../compiler/count.ts";
import type { Architecture } from "../compiler/ir.ts";
import type { EmittedModel } from "../emit/emit.ts";
import type { Folding, WhyLeft } from "../emit/fold.ts";
import type { Dtype, KeepIo } from "../emit/precision.ts";
import type { OutOfRange, RangeCheck } from "../emit/range.ts";
import { exactly, roughly } from "./figures.ts";
import { counted } from "./render.ts";
import { visible } from "./visible-text.ts";
import { wrapWords } from "./wrap-words.ts";
import { precisionInWords } from "./written-precision.ts";

/** What has been written. */
export interface Written {
  readonly architecture: Architecture;
  readonly totals: Totals;
  readonly model: EmittedModel;
  readonly dtype: Dtype;
  readonly keepIo: KeepIo;
  readonly range: RangeCheck;
  readonly place: string;
  readonly toStandardOutput: boolean;
  /** The name of the file of values beside the model; null where there is none. */
  readonly data: string | null;
  /** When the command began, in milliseconds of the process. */
  readonly since: number;
}

/** What the network is, what was done to it on the way, and what was written; lists of names keep to the columns. */
export function compileSummary(written: Written, columns: number | null): string {
  const { architecture, totals, model, dtype, keepIo } = written;
  const { params, macs } = totals;
  const size = `${exactly(params)} parameters, ${roughly(macs) || exactly(macs)} MACs, ${counted(model.nodes, "node")}`;
  const types = precisionInWords({ dtype, keepIo });
  return [
    `${architecture.name}: ${size}${types === "" ? "" : `, ${types}`}`,
    ...standardisedLine(architecture),
    ...(model.folding ? foldingLines(model.folding, columns ?? Number.POSITIVE_INFINITY) : []),
    writtenLine(written),
    "",
  ].join("\n");
}

/** Standardising is of the weights alone, and is always done beforehand. */
function standardisedLine({ ops }: Architecture): readonly string[] {
  const { length } = ops.filter((op) => op.kind === "conv" && op.settings.standardize !== null);
  return length === 0 ? [] : [`standardised the weights of ${counted(length, "convolution")}`];
}

function foldingLines({ folded, left }: Folding, columns: number): readonly string[] {
  const all = folded + left.length;
  if (all === 0) return ["there is no batch normalisation to fold"];
  const stay = left.length === 0 ? "" : `; ${left.length} ${left.length === 1 ? "stays" : "stay"}`;
  const groups = (Object.keys(reasons) as WhyLeft[]).flatMap((why) => {
    const names = left.filter((one) => one.why === why).map(({ name }) => name);
    if (names.length === 0) return [];
    const [first, ...others] = wrapWords(`${reasons[why]}: ${visible(fewOf(names))}`, columns - 4);
    return [`  ${first}`, ...others.map((line) => `    ${line}`)];
  });
  return [`folded ${folded} of ${counted(all, "batch normalisation")}${stay}`, ...groups];
}

const reasons: Readonly<Record<WhyLeft, string>> = {
  "no-convolution": "what they read is not a convolution",
  "read-elsewhere": "other layers read the convolution, too",
  output: "the convolution is an output",
};

function writtenLine({ model, place, toStandardOutput, data, since }: Written): string {
  const seconds = ((performance.now() - since) / 1000).toFixed(2);
  if (toStandardOutput) return `wrote ${exactly(model.bytes)} bytes to ${place} in ${seconds} s`;
  const values =
    data === null ? "" : `, with ${exactly(model.data?.bytes ?? 0)} bytes of values in ${visible(data)} beside it,`;
  return `wrote ${visible(place)}: ${exactly(model.bytes)} bytes${values} in ${seconds} s`;
}

/** The first names, and how many more there are. */
export function fewOf(names: readonly string[], most = 4): string {
  const more = names.length > most ? ` and ${names.length - most} more` : "";
  return `${names.slice(0, most).join(", ")}${more}`;
}

/** `conv1.weight (3 of 1,728)` */
export function shareOf({ name, count, elements }: OutOfRange): string {
  const [some, all] = [count, elements].map((number) => number.toLocaleString("en-US"));
  return `${name} (${some} of ${all})`;
}
