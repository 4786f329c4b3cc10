import { exitCodes, Failure } from "../failure.ts";

/** That a file has ended while it was read, as a Failure; all else as it is. */
export function endFailure(error: unknown): unknown {
  if (!(error instanceof Error && "hasEnded" in error)) return error;
  return new Failure(exitCodes.inputOutput, error.message, "let nothing write the file while it is read");
}
