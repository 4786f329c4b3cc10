import { count } from "../compiler/count.ts";
import type { StatsFlags } from "./commands/stats.ts";
import { compileOne } from "./compilation.ts";
import { type ExitCode, exitCodes } from "./failure.ts";
import { colorsFor, shown, type Terminal } from "./terminal.ts";

/** Prints what a network costs to standard output. */
export async function runStats(file: string, flags: StatsFlags, terminal: Terminal): Promise<ExitCode> {
  const chosen = await compileOne(file, flags, terminal);
  if (chosen.kind === "rejected") return chosen.exitCode;
  const { architecture } = chosen;
  const stats = count(architecture);
  if (flags.format === "json") {
    const { statsJson } = await import("./stats-json.ts");
    await terminal.out(statsJson(architecture, stats));
  } else {
    const { statsTable } = await import("./stats-table.ts");
    const colors = colorsFor(flags.color, terminal.outIsTerminal, terminal.env);
    const table = statsTable(architecture, stats, { colors, columns: terminal.columns ?? 100 });
    await terminal.out(shown(table, terminal));
  }
  return exitCodes.ok;
}
