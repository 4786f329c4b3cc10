import { divergenceCodes } from "../inspect/codes.ts";
import type { DeviceReport } from "./reports.ts";

/** The public code of what is wrong with a run, the gravest of several; null where nothing is, and where it did not run. */
export function divergenceOf({ outcome, outputs, layers }: DeviceReport): string | null {
  const compared = [...outputs, ...layers];
  if (outcome.kind !== "ran") return null;
  if (compared.some((one) => one.error.nonFinite > 0)) return divergenceCodes.notFinite;
  if (compared.some((one) => !one.ok)) return divergenceCodes.differs;
  return outcome.run.elsewhere.length > 0 ? divergenceCodes.elsewhere : null;
}
