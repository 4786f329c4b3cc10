import picocolors from "picocolors";
import { codeOf, exitCodes, reasonOf } from "./failure.ts";

export type Colors = ReturnType<typeof picocolors.createColors>;
export type ColorChoice = "auto" | "always" | "never";

/** What a command sees of the world besides files; tests bring their own. */
export interface Terminal {
  /** The bytes of standard input. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Data, to standard output; false where the reader has gone. */
  out(data: string | Uint8Array): Promise<boolean>;
  /** Messages, to standard error. */
  err(text: string): void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Width of the window; null where there is none. */
  readonly columns: number | null;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The terminal of this process. A reader that has gone (`| head`) is no error. */
export function processTerminal(): Terminal {
  process.stdout.on("error", (error) => {
    if (codeOf(error) === "EPIPE") return;
    process.stderr.write(`error: cannot write to standard output: ${reasonOf(error) ?? error.message}\n`);
    process.exit(exitCodes.inputOutput);
  });
  // There is nobody left to tell.
  process.stderr.on("error", () => {});
  return {
    input: process.stdin,
    out: (data) => new Promise((resolve) => process.stdout.write(data, (error) => resolve(!error))),
    err: (text) => void process.stderr.write(text),
    outIsTerminal: process.stdout.isTTY === true,
    errIsTerminal: process.stderr.isTTY === true,
    columns: process.stdout.columns ?? process.stderr.columns ?? null,
    env: process.env,
  };
}

/** Colours for a stream: as asked, otherwise by `NO_COLOR` and `FORCE_COLOR`, otherwise on a terminal only. */
export function colorsFor(choice: ColorChoice, isTerminal: boolean, env: Terminal["env"]): Colors {
  return picocolors.createColors(choice === "auto" ? wantsColor(isTerminal, env) : choice === "always");
}

function wantsColor(isTerminal: boolean, env: Terminal["env"]): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  return isTerminal && env.TERM !== "dumb";
}
