import type { Tensor } from "../../compiler/ir.ts";
import { mismatchCodes } from "../../weights/codes.ts";
import type { WeightsReport } from "../../weights/loading/load.ts";
import type { MappedTensor } from "../../weights/loading/mapped.ts";
import type { Mismatch } from "../../weights/loading/mismatches.ts";
import type { Json } from "../json.ts";

/** All that a report says, not only the first of each kind. */
export function reportJson(report: WeightsReport, file: string): Json {
  const { errors, warnings, summary, fitting, rule, seemFolded, idleRules, idlePatterns, lacking } = report;
  return {
    file,
    ok: errors.length === 0,
    summary,
    errors: errors.map(mismatchJson),
    warnings: warnings.map(mismatchJson),
    fitting,
    rule: rule && { text: rule.text, found: rule.found },
    seemFolded,
    idleRules,
    idlePatterns,
    lacking: lacking.map(tensorJson),
  };
}

/** Of every kind the same fields; null is what a kind does not have. */
function mismatchJson(mismatch: Mismatch): Json {
  const { kind, message, help } = mismatch;
  return {
    kind,
    code: mismatchCodes[kind],
    message,
    help,
    tensor: "tensor" in mismatch ? tensorJson(mismatch.tensor) : null,
    found: "found" in mismatch ? foundJson(mismatch.found) : null,
    meant: kind === "missing" && mismatch.meant ? foundJson(mismatch.meant) : null,
    meantFor: kind === "unexpected" && mismatch.meantFor ? tensorJson(mismatch.meantFor) : null,
    taken: kind === "dtype" ? mismatch.taken : null,
    count: "count" in mismatch ? mismatch.count : null,
  };
}

function tensorJson({ name, shape, dtype }: Tensor): Json {
  return { name, shape, dtype };
}

function foundJson({ name, layout, saved }: MappedTensor): Json {
  return { name, nameInFile: saved.name, file: saved.file, shape: saved.shape, layout, dtype: saved.dtype };
}
