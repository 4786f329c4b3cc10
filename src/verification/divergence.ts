import { divergenceCodes } from "../inspect/codes.ts";
import type { ComparedTensor, DeviceReport } from "./reports.ts";

/** The public code of what is wrong with a run, the gravest of several; null where nothing is, and where it did not run. */
export function divergenceOf({ outcome, outputs, layers }: DeviceReport): string | null {
  if (outcome.kind !== "ran") return null;
  const found = [...outputs, ...layers].filter((one) => !one.ok).map(divergenceOfTensor);
  const { notFinite, differs, constant, elsewhere } = divergenceCodes;
  const gravest = [notFinite, differs, constant].find((code) => found.includes(code));
  return gravest ?? (outcome.run.elsewhere.length > 0 ? elsewhere : null);
}

/** What is wrong with a tensor that is not as it should be. */
export function divergenceOfTensor({ error, tolerance }: ComparedTensor): string {
  if (error.nonFinite > 0) return divergenceCodes.notFinite;
  return error.maxRelError <= tolerance ? divergenceCodes.constant : divergenceCodes.differs;
}
