import type { ExitCode } from "../failure.ts";
import type { Terminal } from "../terminal.ts";

/**
 * What the commands get, and where they leave their exit code. The files beside this one only describe: what a command
 * does is loaded when it runs, as `--version` and `--help` need no compiler.
 */
export interface Shell {
  readonly terminal: Terminal;
  finish(code: ExitCode): void;
}

/** What `--help` ends with. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}\n`).join("")}`;
}
