import path from "node:path";
import { RangeCheck } from "../emit/range.ts";
import { modelTensors } from "../saving/model-tensors.ts";
import { encodeWeights } from "../saving/network-tensors.ts";
import { type SavedFile, savedFile } from "../saving/saved-file.ts";
import type { ReadStretch } from "../weights/make.ts";
import { isModel, type WeightsFlags } from "./commands/weights.ts";
import { compileOne } from "./compilation.ts";
import { type ExitCode, exitCodes, usageFailure } from "./failure.ts";
import { exactly } from "./figures.ts";
import { filesBeside, readModelFile } from "./model-file.ts";
import { pace } from "./model-writing/pace.ts";
import { StoredBytes } from "./model-writing/stored-bytes.ts";
import { inSight, unhashed, writeModel } from "./model-writing/write-model.ts";
import { notesOn, refuseDenied } from "./notes.ts";
import { progressOn } from "./progress.ts";
import { counted } from "./render.ts";
import type { Terminal } from "./terminal.ts";
import { verificationFailure } from "./verification/verification-failure.ts";
import { visible } from "./visible-text.ts";
import { modelNotes } from "./weights/model-notes.ts";
import { initialOrigin, noteIdleInit } from "./weights/origin.ts";
import { isStream as isStreamed, refuseOverwrite, writeStandardOutput } from "./write-output.ts";

/**
 * Writes the tensors of a network, with initial weights, or those of a model as a safetensors file. The time it tells is
 * counted from the start of the process.
 */
export async function runWeights(file: string, flags: WeightsFlags, terminal: Terminal): Promise<ExitCode> {
  const output = outputOf(flags, terminal);
  const stored = new StoredBytes();
  try {
    const source = isModel(file) ? ofModel(file, stored.read) : await ofNetwork(file, flags, terminal);
    if (source.kind === "rejected") return source.exitCode;
    await refuseOverwrite(output, source.inputs);
    return await writeSource(source, output, flags, terminal);
  } finally {
    stored.close();
  }
}

async function writeSource(
  { saved, notes }: Extract<Source, { kind: "clean" }>,
  output: string,
  flags: WeightsFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  let told: readonly string[] = [];
  const confirm = () => {
    told = notes();
    refuseDenied(placeOf(output), 0, told.length, flags.deny);
  };
  try {
    if (!(await writeInSight(output, saved, confirm, flags, terminal))) return exitCodes.ok;
  } finally {
    told.forEach(notesOn(terminal, flags));
  }
  if (flags.quiet || output === "-") return exitCodes.ok;
  const seconds = (performance.now() / 1000).toFixed(2);
  const size = `${counted(saved.tensors, "tensor")}, ${exactly(saved.bytes)} bytes`;
  terminal.err(`wrote ${visible(output)}: ${size} in ${seconds} s\n`);
  return exitCodes.ok;
}

type Source =
  | {
      readonly kind: "clean";
      readonly saved: SavedFile;
      readonly inputs: readonly string[];
      /** What to know of the values, once they have been written. */
      notes(): readonly string[];
    }
  | { readonly kind: "rejected"; readonly exitCode: ExitCode };

/** Refuses, before any work is done, what cannot be meant. */
function outputOf({ output }: WeightsFlags, terminal: Terminal): string {
  if (output === undefined)
    throw usageFailure("weights needs -o and the safetensors file to write", "- is standard output");
  if (output === "") throw usageFailure("the output needs a name", "give a file after -o");
  const toStandardOutput = output === "-" || output === "/dev/stdout";
  if (toStandardOutput && terminal.outIsTerminal) {
    throw usageFailure(
      "weights are binary and are not written to a terminal",
      "give a file after -o, or pipe the output",
    );
  }
  return toStandardOutput ? "-" : output;
}

async function ofNetwork(file: string, flags: WeightsFlags, terminal: Terminal): Promise<Source> {
  const chosen = await compileOne(file, flags, terminal);
  if (chosen.kind === "rejected") return chosen;
  const { architecture, inputs } = chosen;
  const notes: string[] = [];
  noteIdleInit(architecture, flags, (text) => notes.push(text));
  const { weights } = initialOrigin(architecture, flags);
  return { kind: "clean", saved: encodeWeights(architecture, weights), inputs, notes: () => notes };
}

function ofModel(file: string, readStretch: ReadStretch): Source {
  try {
    const read = readModelFile(file);
    const folder = path.dirname(read.file);
    const { tensors, about } = modelTensors(read.model, (location, offset, length) =>
      readStretch(path.resolve(folder, location), offset, length),
    );
    if (tensors.length === 0) throw usageFailure(`${file} holds no weights: its network has none`);
    return {
      kind: "clean",
      saved: savedFile(tensors),
      inputs: [file, ...filesBeside(read)],
      notes: () => modelNotes(about()),
    };
  } catch (error) {
    throw verificationFailure(error, file);
  }
}

/** `confirm` is called once, when all values have been read. False where the reader of standard output has gone. */
async function writeInSight(
  output: string,
  saved: SavedFile,
  confirm: () => void,
  { quiet, deny }: WeightsFlags,
  terminal: Terminal,
): Promise<boolean> {
  const progress = await progressOn(terminal, quiet === true);
  const total = saved.tensorBytes;
  const place = placeOf(output);
  const reach = (bytes: number) => progress.reach(bytes);
  const begin = (label: string) => progress.begin({ label, total, tell: (done, time) => pace(done, total, time) });
  const isStream = output === "-" || (await isStreamed(output));
  // What has gone into a stream cannot be taken back.
  const isFirstRead = isStream && deny === "notes";
  try {
    if (isFirstRead) {
      begin(`checking what goes to ${place}`);
      for (const _ of inSight(saved.chunks, saved, reach));
      confirm();
    }
    begin(`writing ${place}`);
    if (output === "-") {
      if (!(await writeStandardOutput(inSight(saved.chunks, saved, reach), terminal))) return false;
    } else {
      const writing = { sha256: () => unhashed, sha1: null, range: new RangeCheck(), reach };
      await writeModel(output, saved, isStream ? writing : { ...writing, confirm });
    }
    if (isStream && !isFirstRead) confirm();
    return true;
  } finally {
    progress.end();
  }
}

function placeOf(output: string): string {
  return output === "-" ? "standard output" : visible(output);
}
