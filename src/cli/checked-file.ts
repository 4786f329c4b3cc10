import type { Diagnostic } from "../compiler/diagnostics.ts";
import type { ExitCode, Failure } from "./failure.ts";

/** What became of one file of `check`. */
export interface CheckedFile {
  /** As it was given. */
  readonly file: string;
  /** Why it could not be checked; null where it was. */
  readonly failure: Failure | null;
  readonly exitCode: ExitCode;
  readonly diagnostics: readonly Diagnostic[];
  /** Why files that it imports were not read. */
  readonly refusals: readonly string[];
  /** It and the files that it imports, as far as they were read; not standard input. */
  readonly inputs: readonly string[];
  /** The names of the networks that are clean. */
  readonly networks: readonly string[];
  /** The names of those that were left out, as a parameter has no value. */
  readonly unchecked: readonly string[];
}
