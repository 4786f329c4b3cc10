import type { WeightsReport } from "../weights/loading/load.ts";
import type { Chosen } from "./compilation.ts";
import type { Written } from "./compile-summary.ts";
import type { Warning } from "./failure.ts";

/** What came of a compilation, filled in as far as it came. */
export interface Account {
  /** What is worth knowing and no problem. */
  readonly notes: string[];
  /** What is wrong with the values of the model; known once all of them have been made. */
  warnings: readonly Warning[];
  chosen?: Chosen;
  /** What the weights of a file are to the network. */
  report?: WeightsReport;
  written?: Written;
  /** What `--verify` has found. */
  isVerified?: boolean;
}
