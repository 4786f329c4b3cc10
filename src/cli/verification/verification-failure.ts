import { tmpdir } from "node:os";
import { ModelFault } from "../../inspect/fault.ts";
import { codeOf, exitCodes, Failure, reasonOf } from "../failure.ts";
import { rangeFailure } from "../range-failure.ts";

/** What a verification may throw and the user can do something about, as a Failure; all else as it is. */
export function verificationFailure(error: unknown, file: string): unknown {
  if (error instanceof ModelFault)
    return new Failure(exitCodes.diagnostics, `${file}: ${error.message}`, "", error.code);
  if (isOutOfMemory(error)) {
    return new Failure(
      exitCodes.limit,
      `${file}: the memory of this machine does not do for it`,
      "take a smaller --batch",
    );
  }
  if (codeOf(error) !== null && (error as NodeJS.ErrnoException).syscall === "mkdtemp") {
    const message = `cannot make a folder in ${tmpdir()}: ${reasonOf(error)}`;
    return new Failure(exitCodes.inputOutput, message, "the variable TMPDIR names the folder for temporary files");
  }
  return rangeFailure(error, `the model of ${file}`);
}

/** As V8 says that there is no room for an array. */
function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && /allocation failed|Invalid typed array length/.test(error.message);
}
