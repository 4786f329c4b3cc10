import { count } from "../compiler/count.ts";
import type { StatsFlags } from "./commands/stats.ts";
import { compileOne } from "./compilation.ts";
import { type ExitCode, exitCodes, usageFailure } from "./failure.ts";
import { colorsFor, type Terminal } from "./terminal.ts";

/** Prints what networks cost to standard output. */
export async function runStats(files: readonly string[], flags: StatsFlags, terminal: Terminal): Promise<ExitCode> {
  const [file, ...others] = files;
  const isOpened = !flags.summary && (flags.format === "table" || flags.format === "markdown");
  if (flags.depth !== "auto" && !isOpened) {
    throw usageFailure("--depth is for a table of one network", "csv and json always list every layer");
  }
  if (flags.summary) {
    const { runSummary } = await import("./stats/summary.ts");
    return runSummary(files, flags, terminal);
  }
  if (file === undefined || others.length > 0) {
    throw usageFailure("stats takes one file", "--summary has a line for each network of several files");
  }
  return runOne(file, flags, terminal);
}

async function runOne(file: string, flags: StatsFlags, terminal: Terminal): Promise<ExitCode> {
  const chosen = await compileOne(file, flags, terminal);
  if (chosen.kind === "rejected") return chosen.exitCode;
  const { architecture } = chosen;
  const stats = count(architecture);
  switch (flags.format) {
    case "table": {
      const { statsTable } = await import("./stats/table.ts");
      const { pageFor } = await import("./plain-table.ts");
      const colors = colorsFor(flags.color, terminal.outIsTerminal, terminal.env);
      const page = pageFor(terminal);
      await terminal.out(statsTable(architecture, stats, { colors, ...page, depth: flags.depth }));
      break;
    }
    case "json": {
      const { statsJson } = await import("./stats/stats-json.ts");
      await terminal.out(statsJson(architecture, stats));
      break;
    }
    case "csv": {
      const { layersCsv } = await import("./stats/csv.ts");
      await terminal.out(layersCsv(stats.layers));
      break;
    }
    case "markdown": {
      const { statsMarkdown } = await import("./stats/markdown.ts");
      await terminal.out(statsMarkdown(architecture, stats, flags.depth));
    }
  }
  return exitCodes.ok;
}
