import { availableParallelism } from "node:os";
import type { BenchFlags } from "../commands/bench.ts";
import { type ExitCode, gravest, printWarning } from "../failure.ts";
import { pageFor } from "../plain-table.ts";
import { progressOn } from "../progress.ts";
import { counted } from "../render.ts";
import { beforeSignal } from "../signals.ts";
import { inTemporaryFolder } from "../temporary-folder.ts";
import { colorsFor, shown, type Terminal } from "../terminal.ts";
import { benchJson } from "./bench-json.ts";
import { benchTable } from "./bench-table.ts";
import { Lane } from "./lane.ts";
import { measure } from "./measure.ts";
import { exitCodeOf, explainRefusal, printRefusals } from "./refusals.ts";
import { type Gathered, gatherSubjects } from "./subjects.ts";

/** Measures all models of the files on all devices that are named, and returns the gravest of the exit codes. */
export function runBench(files: readonly string[], flags: BenchFlags, terminal: Terminal): Promise<ExitCode> {
  if (!flags.quiet) warnOfThreads(flags, terminal);
  return inTemporaryFolder(async (folder) => {
    const gathered = await gatherSubjects(files, flags, folder, terminal);
    const lanes = await measureAll(gathered, flags, folder, terminal);
    lanes.forEach(explainRefusal);
    const exitCode = gravest([gathered.exitCode, ...lanes.map(exitCodeOf)]);
    await print(lanes, gathered, flags, terminal);
    return exitCode;
  });
}

function warnOfThreads({ threads = 0 }: BenchFlags, terminal: Terminal): void {
  const cores = availableParallelism();
  if (threads <= cores) return;
  const message = `--threads ${threads} on ${counted(cores, "core")}: the threads wait for one another`;
  printWarning({ message, help: "", code: null }, terminal);
}

async function measureAll(
  { subjects }: Gathered,
  flags: BenchFlags,
  folder: string,
  terminal: Terminal,
): Promise<readonly Lane[]> {
  const progress = await progressOn(terminal, flags.quiet ?? false);
  const lanes: Lane[] = [];
  const end = () => Promise.all(lanes.map(({ contender }) => contender.end()));
  const release = beforeSignal(() => {
    progress.end();
    void end();
  });
  try {
    for (const subject of subjects) {
      for (const device of flags.device ?? (["cpu"] as const)) {
        lanes.push(new Lane(subject, device, await terminal.startContender()));
      }
    }
    await measure(lanes, flags, folder, progress);
    return lanes;
  } finally {
    progress.end();
    await end();
    release();
  }
}

async function print(
  lanes: readonly Lane[],
  { failures }: Gathered,
  flags: BenchFlags,
  terminal: Terminal,
): Promise<void> {
  if (flags.format === "json") {
    await terminal.out(benchJson(lanes, failures, flags));
    return;
  }
  const colors = colorsFor(flags.color, terminal.outIsTerminal, terminal.env);
  await terminal.out(shown(benchTable(lanes, flags, colors, pageFor(terminal)), terminal));
  printRefusals(lanes, terminal);
}
