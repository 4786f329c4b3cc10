import type { Architecture } from "../../compiler/ir.ts";
import { mismatchCodes } from "../../weights/codes.ts";
import type { Mismatch } from "../../weights/loading/mismatches.ts";
import { strangeValues } from "../../weights/loading/values.ts";
import type { ReadStretch } from "../../weights/make.ts";
import type { SavedTensor } from "../../weights/safetensors/catalogue.ts";
import { exitCodes, Failure, printFailure } from "../failure.ts";
import { pace } from "../model-writing/pace.ts";
import { progressOn } from "../progress.ts";
import type { Terminal } from "../terminal.ts";
import { visible } from "../visible-text.ts";
import type { LoadFlags } from "./load-weights.ts";
import { weightsFailure } from "./open-weights.ts";

/** Prints what is strange in the values. Throws a Failure where a model would not hold what the file does. */
export async function checkValues(
  architecture: Architecture,
  found: ReadonlyMap<string, SavedTensor>,
  file: string,
  { deny, quiet }: Pick<LoadFlags, "deny" | "quiet">,
  read: ReadStretch,
  terminal: Terminal,
): Promise<void> {
  const strange = await readInSight(architecture, found, file, read, quiet === true, terminal);
  const warnings = strange.filter(({ kind }) => kind === "notFinite");
  const errors = strange.filter(({ kind }) => kind !== "notFinite");
  for (const one of errors.slice(0, mostShown)) printMismatch("error", one, terminal);
  for (const one of warnings.slice(0, mostShown)) printMismatch("warning", one, terminal);
  const tensors = (count: number) => (count === 1 ? "1 tensor has" : `${count.toLocaleString("en-US")} tensors have`);
  if (errors.length > 0) {
    throw new Failure(exitCodes.diagnostics, `${file}: ${tensors(errors.length)} values that no model can hold`);
  }
  if (warnings.length > 0 && deny) {
    throw new Failure(
      exitCodes.diagnostics,
      `${file}: ${tensors(warnings.length)} values that are not finite (denied)`,
    );
  }
  if (warnings.length > mostShown) terminal.err(`warning: ${tensors(warnings.length)} such values in all\n`);
}

/** Of a list of hundreds, its beginning and its length say enough. */
const mostShown = 8;

export function printMismatch(
  severity: "error" | "warning",
  { kind, message, help }: Mismatch,
  terminal: Terminal,
): void {
  const code = mismatchCodes[kind];
  if (severity === "warning") terminal.err(`warning[${code}]: ${visible(message)}\n`);
  else printFailure(new Failure(exitCodes.diagnostics, message, help, code), terminal);
}

/** Reads all values; of gigabytes, how far it has come is shown, and a signal is heard. */
async function readInSight(
  architecture: Architecture,
  found: ReadonlyMap<string, SavedTensor>,
  file: string,
  read: ReadStretch,
  isQuiet: boolean,
  terminal: Terminal,
): Promise<readonly Mismatch[]> {
  const total = [...found.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  const progress = await progressOn(terminal, isQuiet);
  progress.begin({ label: `reading ${visible(file)}`, total, tell: (done, time) => pace(done, total, time) });
  try {
    const reading = strangeValues(architecture, found, read);
    let paused = 0;
    for (let step = reading.next(); ; step = reading.next()) {
      if (step.done) return step.value;
      progress.reach(step.value);
      if (step.value - paused < pauseAfter) continue;
      paused = step.value;
      await new Promise((resolve) => setImmediate(resolve));
    }
  } catch (error) {
    throw weightsFailure(error, file);
  } finally {
    progress.end();
  }
}

/** In bytes: some twenty times a second. */
const pauseAfter = 2 ** 25;
