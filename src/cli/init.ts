import { closeSync, existsSync, lstatSync, mkdirSync, openSync, rmdirSync, unlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { codeOf, type ExitCode, exitCodes, Failure, inputOutputFailure } from "./failure.ts";
import { firstProject, networkNameFor } from "./first-project.ts";
import type { Terminal } from "./terminal.ts";
import { visible } from "./visible-text.ts";

/** Makes a first project in a folder and says what to do with it. Nothing is overwritten; on a failure nothing is left. */
export function runInit(folder: string, terminal: Terminal): ExitCode {
  const name = networkNameFor(path.basename(path.resolve(folder)));
  const files = firstProject(name);
  const undo: (() => void)[] = [];
  try {
    makeFolder(folder, undo);
    const targets = Object.keys(files).map((one) => path.join(folder, one));
    const existing = targets.find((one) => lstatSync(one, { throwIfNoEntry: false }) !== undefined);
    if (existing !== undefined) throw existsAlready(existing);
    for (const [file, text] of Object.entries(files)) writeNew(path.join(folder, file), text, undo);
  } catch (error) {
    for (const step of undo.reverse()) step();
    throw inputOutputFailure(`make a project in ${folder}`, error);
  }
  terminal.err(`made the network ${name} in ${visible(path.join(folder, "net.dnet"))}; next:\n`);
  for (const line of nextSteps(folder)) terminal.err(`  ${line}\n`);
  return exitCodes.ok;
}

/** With the folders around it that are missing; one by one, as Node.js never ends when /proc refuses to make them all. */
function makeFolder(folder: string, undo: (() => void)[]): void {
  const missing: string[] = [];
  for (let at = path.resolve(folder); !existsSync(at); at = path.dirname(at)) missing.push(at);
  for (const one of missing.reverse()) {
    mkdirSync(one);
    undo.push(() => rmdirSync(one));
  }
}

function writeNew(file: string, text: string, undo: (() => void)[]): void {
  let descriptor: number;
  try {
    descriptor = openSync(file, "wx");
  } catch (error) {
    throw codeOf(error) === "EEXIST" ? existsAlready(file) : error;
  }
  undo.push(() => unlinkSync(file));
  try {
    writeFileSync(descriptor, text);
  } finally {
    closeSync(descriptor);
  }
}

function existsAlready(file: string): Failure {
  return new Failure(exitCodes.inputOutput, `${file} exists already`, "dnetc init FOLDER makes the project elsewhere");
}

function nextSteps(folder: string): readonly string[] {
  const place = path.relative("", folder);
  const enter = place === "" ? [] : [`cd ${visible(quoted(place))}`];
  return [...enter, "dnetc check net.dnet", "dnetc stats net.dnet", "dnetc compile net.dnet -o net.onnx --verify"];
}

/** As a shell takes it for one word. */
function quoted(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
