import type { ExitCode } from "../failure.ts";
import type { Terminal } from "../terminal.ts";
import type { Once } from "../watch.ts";

/**
 * What the commands get, and where they leave their exit code. The files beside this one only describe: what a command
 * does is loaded when it runs, as `--version` and `--help` need no compiler.
 */
export interface Shell {
  readonly terminal: Terminal;
  finish(code: ExitCode): void;
}

/** Runs what a command does once or, with `--watch`, whenever its files change. */
export async function runOrWatch(
  once: Once,
  files: readonly string[],
  { watch, quiet }: WatchFlags,
  { terminal, finish }: Shell,
): Promise<void> {
  if (!watch) return finish(await once(terminal, 0));
  const { watchFiles } = await import("../watch.ts");
  finish(await watchFiles(once, files, quiet, terminal));
}

export interface WatchFlags {
  readonly watch?: true;
  readonly quiet?: true;
}

/** What `--help` ends with. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}\n`).join("")}`;
}
