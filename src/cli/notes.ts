import type { Terminal } from "./terminal.ts";

/** Tells what is worth knowing and no problem. */
export type Note = (text: string) => void;

/** Notes on standard error, unless only problems are asked for. */
export function notesOn(terminal: Pick<Terminal, "err">, isQuiet: boolean): Note {
  return isQuiet ? () => {} : (text) => terminal.err(`note: ${text}\n`);
}
