import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";
import { usualSizes } from "../../compiler/concrete.ts";
import { countTotals } from "../../compiler/count.ts";
import type { Architecture } from "../../compiler/ir.ts";
import type { Source } from "../../compiler/source.ts";
import { RangeCheck } from "../../emit/range.ts";
import type { BenchFlags } from "../commands/bench.ts";
import { compileAll } from "../compilation.ts";
import {
  type ExitCode,
  exitCodes,
  Failure,
  gravest,
  inputOutputFailure,
  printFailure,
  usageFailure,
} from "../failure.ts";
import { loadSha256 } from "../hashes.ts";
import { makeModel } from "../make-model.ts";
import { exitCodeOf, printDiagnostics, printRefusals, printSummary, toPrint } from "../messages.ts";
import { dataFileNames } from "../model-writing/data-files.ts";
import { writeModel } from "../model-writing/write-model.ts";
import { summarize } from "../render.ts";
import type { Terminal } from "../terminal.ts";
import { initialOrigin } from "../weights/origin.ts";

/** A model to measure. */
export interface Subject {
  /** The network that it was written from; null for a model that was given. */
  readonly network: string | null;
  /** The file, as it was given. */
  readonly file: string;
  /** What people call it: the network, with its file where others have one of the same name; or the file. */
  readonly name: string;
  /** The ONNX file. */
  readonly model: string;
  /** For its open sizes, besides the batch. */
  readonly sizes: ReadonlyMap<string, number>;
}

export interface Gathered {
  readonly subjects: readonly Subject[];
  /** The files that cannot be measured, with the reason in a line. */
  readonly failures: readonly { readonly file: string; readonly message: string }[];
  /** The gravest of them. */
  readonly exitCode: ExitCode;
}

/**
 * The models of the files. Those of networks are written into the folder, as `compile` writes them. What is wrong with
 * a file is printed, and does not keep the others from being measured.
 */
export async function gatherSubjects(
  files: readonly string[],
  flags: BenchFlags,
  folder: string,
  terminal: Terminal,
): Promise<Gathered> {
  refuseMixtures(files, flags);
  const subjects: Subject[] = [];
  const failures: { file: string; message: string }[] = [];
  const codes: ExitCode[] = [];
  for (const file of files) {
    try {
      if (isModel(file)) subjects.push(givenModel(file, flags));
      else await writeModels(file, flags, folder, terminal, subjects);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!(error instanceof Mistaken)) {
        if (error.exitCode === exitCodes.usage) throw error;
        printFailure(error, terminal);
      }
      failures.push({ file, message: error.message });
      codes.push(error.exitCode);
    }
  }
  return { subjects: subjects.map(toldApart), failures, exitCode: gravest(codes) };
}

function isModel(file: string): boolean {
  return file.endsWith(".onnx");
}

function toldApart(subject: Subject, _at: number, all: readonly Subject[]): Subject {
  const { network, file } = subject;
  const others = all.filter((one) => one.network === network && one.file !== file);
  return network === null || others.length === 0 ? subject : { ...subject, name: `${network} (${file})` };
}

/** What speaks of networks has no effect on models that are there. */
function refuseMixtures(files: readonly string[], flags: BenchFlags): void {
  const [model] = files;
  if (model === undefined || !files.every(isModel)) return;
  const option = (["fold", "network", "set"] as const).find((name) => flags[name] !== undefined);
  if (option !== undefined) throw usageFailure(`--${option} is for .dnet files: ${model} is a model already`);
}

function givenModel(file: string, { dim }: BenchFlags): Subject {
  try {
    accessSync(file, constants.R_OK);
    if (statSync(file).isDirectory()) throw new Failure(exitCodes.inputOutput, `cannot read ${file}: it is a folder`);
  } catch (error) {
    throw inputOutputFailure(`read ${file}`, error);
  }
  const sizes = new Map([...(dim ?? [])].map(([name, text]) => [name, wholeSize(file, name, text)]));
  return { network: null, file, name: file, model: file, sizes };
}

function wholeSize(file: string, name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw usageFailure(`--dim ${name}=${text}: for ${file}, which is a model, a size is a whole number`);
}

async function writeModels(
  file: string,
  flags: BenchFlags,
  folder: string,
  terminal: Terminal,
  subjects: Subject[],
): Promise<void> {
  const compiled = await compileAll(file, flags, terminal);
  const printed = toPrint(compiled.diagnostics, flags);
  printDiagnostics(printed, terminal);
  printRefusals(compiled.refusals, terminal);
  printSummary(printed, flags.deny, terminal);
  const exitCode = exitCodeOf(compiled.diagnostics, flags.deny);
  if (exitCode !== exitCodes.ok) throw new Mistaken(exitCode, summarize(compiled.diagnostics, flags.deny));
  if (compiled.networks.length === 0) throw new Failure(exitCodes.diagnostics, `${compiled.path} declares no network`);
  for (const architecture of compiled.architectures) {
    const model = path.join(folder, `${subjects.length}.onnx`);
    await writeSubject(model, architecture, compiled.sources, flags);
    const { name } = architecture;
    subjects.push({ network: name, file: compiled.path, name, model, sizes: usualSizes(architecture) });
  }
}

/** A file with mistakes, which have been printed. */
class Mistaken extends Failure {}

async function writeSubject(
  model: string,
  architecture: Architecture,
  sources: readonly Source[],
  { seed, opset, fold }: BenchFlags,
): Promise<void> {
  const totals = countTotals(architecture.ops, architecture.trainingOps);
  const flags = { seed, opset, ...(fold && { fold }) };
  const sha256 = await loadSha256();
  const external = { when: "auto", checksum: false, location: await dataFileNames(model) } as const;
  const origin = initialOrigin(architecture, { init: "he", seed });
  const emitted = makeModel(architecture, origin, sources, totals, flags, external, sha256);
  await writeModel(model, emitted, { sha256, sha1: null, range: new RangeCheck(), reach() {} });
}
