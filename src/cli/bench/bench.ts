import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { BenchFlags } from "../commands/bench.ts";
import { type ExitCode, exitCodes, gravest } from "../failure.ts";
import { pageFor } from "../plain-table.ts";
import { beforeSignal } from "../signals.ts";
import { colorsFor, shown, type Terminal } from "../terminal.ts";
import { visible } from "../visible-text.ts";
import { benchJson } from "./bench-json.ts";
import { benchTable } from "./bench-table.ts";
import { Lane } from "./lane.ts";
import { measure } from "./measure.ts";
import { explainRefusal, printRefusals } from "./refusals.ts";
import { gatherSubjects, type Subject } from "./subjects.ts";

/** Measures all models of the files on all devices that are named, and returns the gravest of the exit codes. */
export async function runBench(files: readonly string[], flags: BenchFlags, terminal: Terminal): Promise<ExitCode> {
  const folder = await mkdtemp(path.join(tmpdir(), "dnetc-bench-"));
  const lanes: Lane[] = [];
  const clear = () => {
    for (const { contender } of lanes) void contender.end();
    rmSync(folder, { recursive: true, force: true });
  };
  const release = beforeSignal(clear);
  try {
    const { subjects, exitCode } = await gatherSubjects(files, flags, folder, terminal);
    for (const subject of subjects) lanes.push(...(await lanesOf(subject, flags, terminal)));
    const tell = progressOn(terminal, flags);
    await measure(lanes, flags, folder, tell).finally(() => tell(""));
    lanes.forEach(explainRefusal);
    await print(lanes, exitCode === exitCodes.ok, flags, terminal);
    return gravest([exitCode, ...lanes.map(({ refusal }) => (refusal ? exitCodes.diagnostics : exitCodes.ok))]);
  } finally {
    await Promise.all(lanes.map(({ contender }) => contender.end()));
    release();
    clear();
  }
}

async function lanesOf(subject: Subject, { device }: BenchFlags, terminal: Terminal): Promise<readonly Lane[]> {
  const lanes: Lane[] = [];
  for (const one of device ?? ["cpu" as const]) lanes.push(new Lane(subject, one, await terminal.startContender()));
  return lanes;
}

async function print(lanes: readonly Lane[], ok: boolean, flags: BenchFlags, terminal: Terminal): Promise<void> {
  if (flags.format === "json") {
    await terminal.out(benchJson(lanes, ok && lanes.every(({ refusal }) => !refusal), flags));
    return;
  }
  const colors = colorsFor(flags.color, terminal.outIsTerminal, terminal.env);
  await terminal.out(shown(benchTable(lanes, flags, colors, pageFor(terminal)), terminal));
  printRefusals(lanes, terminal);
}

/** One line that says what is done, for someone who waits at a terminal. */
function progressOn(terminal: Terminal, { quiet }: BenchFlags): (doing: string) => void {
  if (!terminal.errIsTerminal || quiet || terminal.env.TERM === "dumb") return () => {};
  return (doing) => terminal.err(`\r\u001b[K${doing === "" ? "" : visible(doing)}`);
}
