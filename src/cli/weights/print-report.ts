import { mismatchCodes } from "../../weights/codes.ts";
import type { WeightsReport } from "../../weights/loading/load.ts";
import type { Mismatch } from "../../weights/loading/mismatches.ts";
import { exitCodes, Failure, printFailure, printWarning } from "../failure.ts";
import type { Denied } from "../options.ts";
import { counted } from "../render.ts";
import type { Terminal } from "../terminal.ts";
import { waysOut } from "./ways-out.ts";

/** Of each kind; a list of hundreds says no more than its beginning and its length. */
const mostShown = 8;

/** Prints the first of each kind. What comes as a suggestion for what is missing is not told as unexpected, too. */
export function printReport({ errors, warnings }: WeightsReport, terminal: Terminal): void {
  const told = errors.filter((one) => one.kind !== "unexpected" || one.meantFor === null);
  const shown = new Map<Mismatch["kind"], number>();
  for (const one of told) {
    const before = shown.get(one.kind) ?? 0;
    if (before === mostShown) continue;
    shown.set(one.kind, before + 1);
    printFailure(new Failure(exitCodes.diagnostics, one.message, one.help, mismatchCodes[one.kind]), terminal);
  }
  for (const { kind, message } of warnings.slice(0, mostShown)) {
    printWarning({ message, help: "", code: mismatchCodes[kind] }, terminal);
  }
  if (warnings.length > mostShown)
    printWarning(
      { message: `${counted(warnings.length, "tensor")} with such values in all`, help: "", code: null },
      terminal,
    );
}

/** What a report makes of a command; null where there are weights to go on with. */
export function reportFailure(report: WeightsReport, file: string, deny: Denied | undefined): Failure | null {
  const { errors, warnings, summary } = report;
  if (errors.length > 0) return new Failure(exitCodes.diagnostics, summary, waysOut(report, file));
  if (warnings.length === 0 || deny === undefined) return null;
  const have = warnings.length === 1 ? "1 tensor has" : `${warnings.length.toLocaleString("en-US")} tensors have`;
  return new Failure(exitCodes.diagnostics, `${file}: ${have} values that are warned of (denied)`);
}
