import { exitCodes, Failure, printNote, type Told } from "./failure.ts";
import type { Denied, SharedOptions } from "./options.ts";
import { counted } from "./render.ts";

/** Tells what is worth knowing and no problem. */
export type Note = (text: string) => void;

/** Notes on standard error; where only problems are asked for, those that are denied. */
export function notesOn(terminal: Told, { quiet, deny }: Pick<SharedOptions, "quiet" | "deny">): Note {
  return quiet && deny !== "notes" ? () => {} : (text) => printNote(text, terminal);
}

/** Throws a Failure where so many warnings and notes about what is to be written are denied. */
export function refuseDenied(place: string, warnings: number, notes: number, deny: Denied | undefined): void {
  const denied = [
    ...(deny !== undefined && warnings > 0 ? [`${counted(warnings, "warning")} (denied)`] : []),
    ...(deny === "notes" && notes > 0 ? [`${counted(notes, "note")} (denied)`] : []),
  ];
  if (denied.length === 0) return;
  throw new Failure(exitCodes.diagnostics, `nothing is written to ${place}: ${denied.join(", ")}`);
}
