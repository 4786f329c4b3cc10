import { ModelFault } from "../../inspect/fault.ts";
import { type ExitCode, exitCodes, Failure, printFailure } from "../failure.ts";
import { readModelFile } from "../model-file.ts";
import type { Terminal } from "../terminal.ts";
import type { Lane } from "./lane.ts";

/** Where ONNX Runtime does not take a file that was given, what is wrong with the file says more, if that can be told. */
export function explainRefusal(lane: Lane): void {
  const { refusal, opened, subject } = lane;
  if (refusal?.kind !== "failed" || opened || subject.network !== null) return;
  try {
    readModelFile(subject.model);
  } catch (error) {
    if (error instanceof Failure) return;
    if (!(error instanceof ModelFault)) throw error;
    if (error.code === "model-foreign") return;
    lane.refusal = { kind: "failed", reason: error.message };
    lane.code = error.code;
  }
}

/** Says why models were not measured; of a device that is not there, and of options that do not fit a model, once. */
export function printRefusals(lanes: readonly Lane[], terminal: Terminal): void {
  const told = new Set<string>();
  for (const { refusal, misuse, device, name, code } of lanes) {
    if (!refusal) continue;
    const where = misuse ? name : refusal.kind === "unavailable" ? device : `${name} on ${device}`;
    if (told.has(where)) continue;
    told.add(where);
    const help = refusal.kind === "unavailable" ? refusal.help : "";
    printFailure(misuse ?? new Failure(exitCodes.diagnostics, `${where}: ${refusal.reason}`, help, code), terminal);
  }
}

/** What a bench of these comes to. */
export function exitCodeOf({ refusal, misuse }: Lane): ExitCode {
  if (misuse) return misuse.exitCode;
  return refusal ? exitCodes.diagnostics : exitCodes.ok;
}
