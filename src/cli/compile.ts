import { countTotals } from "../compiler/count.ts";
import type { EmittedModel } from "../emit/emit.ts";
import { madeHere, type Sha256 } from "../emit/pieces.ts";
import { RangeCheck } from "../emit/range.ts";
import type { CompileFlags } from "./commands/compile.ts";
import { compileOne } from "./compilation.ts";
import type { Account } from "./compile-account.ts";
import { compileSummary, type Written } from "./compile-summary.ts";
import { type ExitCode, exitCodes, printWarning, usageFailure } from "./failure.ts";
import { loadSha1, loadSha256 } from "./hashes.ts";
import { noteIdleExternal, refuseIdleChecksum } from "./idle-external.ts";
import { makeModel } from "./make-model.ts";
import { dataFileNames } from "./model-writing/data-files.ts";
import { endFailure } from "./model-writing/end-failure.ts";
import { pace } from "./model-writing/pace.ts";
import { StoredBytes } from "./model-writing/stored-bytes.ts";
import { inSight, writeModel } from "./model-writing/write-model.ts";
import { type Note, notesOn, refuseDenied } from "./notes.ts";
import { progressOn } from "./progress.ts";
import { rangeFailure, rangeWarnings } from "./range-failure.ts";
import type { Terminal } from "./terminal.ts";
import { visible } from "./visible-text.ts";
import { originOf } from "./weights/origin.ts";
import { isStream as isStreamed, refuseOverwrite, writeStandardOutput } from "./write-output.ts";
import { refuseIdleKeepIo } from "./written-precision.ts";

/**
 * Checks a network, writes it as an ONNX model and, if asked to, runs what has been written. The time it tells is
 * counted from `since`, in milliseconds of the process.
 */
export async function runCompile(
  file: string,
  flags: CompileFlags,
  terminal: Terminal,
  since: number,
): Promise<ExitCode> {
  refuseIdleKeepIo(flags);
  const output = await chooseOutput(flags, terminal);
  if (flags.format === "human") return compileTo(output, file, flags, terminal, since, { notes: [], warnings: [] });
  const { toldAsJson } = await import("./compile-json.ts");
  return toldAsJson(file, flags, terminal, (silent, account) => compileTo(output, file, flags, silent, since, account));
}

async function compileTo(
  to: Output,
  file: string,
  flags: CompileFlags,
  terminal: Terminal,
  since: number,
  account: Account,
): Promise<ExitCode> {
  const chosen = await compileOne(file, flags, terminal);
  account.chosen = chosen;
  if (chosen.kind === "rejected") return chosen.exitCode;
  const { architecture } = chosen;
  const note = noting(account, terminal, flags);
  const origin = await originOf(architecture, flags, terminal, note, (report) => {
    account.report = report;
  });
  const { output, toStandardOutput, place } = to;
  await refuseOverwrite(output, [...chosen.inputs, ...origin.files]);
  const totals = countTotals(architecture.ops, architecture.trainingOps);
  const sha256 = await loadSha256();
  const external = await externalOf(to, flags);
  const model = makeModel(architecture, origin, chosen.sources, totals, flags, external, sha256);
  noteIdleExternal(architecture.name, model, flags, note);
  const confirm = () => origin.refuseChange();
  const made = await writeUnlessDenied(to, { model, sha256, confirm }, flags, account, terminal);
  if (made === null) return exitCodes.ok;
  const { dtype = "f32", keepIo = "f32", quiet } = flags;
  const written = { architecture, totals, model, dtype, keepIo, ...made, place, toStandardOutput, since };
  account.written = written;
  if (!quiet) terminal.err(compileSummary(written, terminal.columns));
  if (!flags.verify) return exitCodes.ok;
  const { verifyWritten } = await import("./verification/verify-written.ts");
  const exitCode = await verifyWritten(output, architecture, flags, terminal);
  account.isVerified = exitCode === exitCodes.ok;
  return exitCode;
}

async function externalOf({ output, isStream }: Output, { external: when, externalSha1 }: CompileFlags) {
  if (isStream || when === "never") return null;
  return { when, checksum: externalSha1 === true, location: await dataFileNames(output) };
}

/** Writes a model where nothing that is to be said of it is denied; what is wrong with its values is told. */
async function writeUnlessDenied(
  to: Output,
  making: Making,
  flags: CompileFlags,
  account: Account,
  terminal: Terminal,
): ReturnType<typeof write> {
  refuseDenied(to.place, 0, account.notes.length, flags.deny);
  const confirm = (range: RangeCheck) => {
    making.confirm(range);
    account.warnings = rangeWarnings(range);
    refuseDenied(to.place, account.warnings.length, 0, flags.deny);
  };
  try {
    return await write(to, { ...making, confirm }, flags, terminal);
  } catch (error) {
    throw rangeFailure(endFailure(error), to.place);
  } finally {
    for (const one of account.warnings) printWarning(one, terminal);
  }
}

/** Notes that are also kept. */
function noting({ notes }: Account, terminal: Terminal, flags: CompileFlags): Note {
  const print = notesOn(terminal, flags);
  return (text) => {
    notes.push(text);
    print(text);
  };
}

interface Output {
  readonly output: string;
  readonly toStandardOutput: boolean;
  /** As messages name it. */
  readonly place: string;
  /** Not a file, beside which another could lie. */
  readonly isStream: boolean;
}

/** Where the model goes. Refuses, before any work is done, what cannot be meant. */
async function chooseOutput(flags: CompileFlags, terminal: Terminal): Promise<Output> {
  const { output, verify, watch, external, format } = flags;
  if (output === undefined) throw usageFailure("compile needs -o and the ONNX file to write", "- is standard output");
  if (output === "") throw usageFailure("the output needs a name", "give a file after -o");
  const toStandardOutput = output === "-" || output === "/dev/stdout";
  const isStream = toStandardOutput || (await isStreamed(output));
  const place = toStandardOutput ? "standard output" : output;
  refuseIdleChecksum(flags, isStream, place);
  if (isStream && external === "always") {
    throw usageFailure(`there is no folder for a file beside ${place}`, "give a file after -o");
  }
  if (isStream && verify) {
    throw usageFailure(`there is no file to verify: the model goes to ${place}`, "give a file after -o");
  }
  if (toStandardOutput && format === "json") {
    throw usageFailure("standard output takes the model or, with --format json, what is told", "give a file after -o");
  }
  if (toStandardOutput && watch) throw usageFailure("--watch writes the model again and again", "give a file after -o");
  if (toStandardOutput && terminal.outIsTerminal) {
    throw usageFailure(
      "a model is binary and is not written to a terminal",
      "give a file after -o, or pipe the output",
    );
  }
  return { output, toStandardOutput, place, isStream };
}

interface Making {
  readonly model: EmittedModel;
  readonly sha256: () => Sha256;
  /** Called once all values have been made, perhaps more than once; what it throws keeps the file from its name. */
  confirm(range: RangeCheck): void;
}

/** Null where the reader has gone, who wants no more of the model and nothing said of it. */
async function write(
  output: Output,
  making: Making,
  flags: CompileFlags,
  terminal: Terminal,
): Promise<Pick<Written, "range" | "data"> | null> {
  const range = new RangeCheck();
  const progress = await progressOn(terminal, flags.quiet === true);
  const begin = (label: string) => {
    const total = making.model.tensorBytes;
    progress.begin({ label, total, tell: (done, time) => pace(done, total, time) });
    return (bytes: number) => progress.reach(bytes);
  };
  try {
    if (output.isStream) return await stream(output, making, flags.dtype !== undefined, range, begin, terminal);
    const { model, sha256 } = making;
    const sha1 = flags.externalSha1 ? await loadSha1() : null;
    const reach = begin(`writing ${visible(output.output)}`);
    const confirm = () => making.confirm(range);
    return { range, data: await writeModel(output.output, model, { sha256, sha1, range, confirm, reach }) };
  } finally {
    progress.end();
  }
}

/** Told how many bytes of the tensors have been made. */
type Reach = (bytes: number) => void;
/** Begins a stage of the work. */
type Begin = (label: string) => Reach;

async function stream(
  { output, toStandardOutput, place: named }: Output,
  { model, sha256, confirm }: Making,
  isRounded: boolean,
  range: RangeCheck,
  begin: Begin,
  terminal: Terminal,
): Promise<Pick<Written, "range" | "data"> | null> {
  const stored = new StoredBytes();
  const place = visible(named);
  const made = (check: RangeCheck, reach: Reach) =>
    inSight(madeHere(model.file(null), sha256(), stored.read, check), model, reach);
  try {
    // What has gone into a stream cannot be taken back.
    if (isRounded) {
      for (const _ of made(range, begin(`checking what goes to ${place}`)));
      confirm(range);
    }
    const [check, reach] = [new RangeCheck(), begin(`writing ${place}`)];
    if (!toStandardOutput) await writeModel(output, model, { sha256, sha1: null, range: check, reach });
    else if (!(await writeStandardOutput(made(check, reach), terminal))) return null;
    confirm(range);
    return { range, data: null };
  } finally {
    stored.close();
  }
}
