import { exitCodes, Failure, inputOutputFailure } from "../failure.ts";

/** That values could not be read, or that their file has ended meanwhile, as a Failure; all else as it is. */
export function endFailure(error: unknown): unknown {
  if (!(error instanceof Error && "readFrom" in error)) return error;
  if (!("hasEnded" in error)) return inputOutputFailure(`read ${error.readFrom}`, error);
  return new Failure(exitCodes.inputOutput, error.message, "let nothing write the file while it is read");
}
