import { type HalfType, type RangeCheck, ValuesTooLarge } from "../emit/range.ts";
import { fewOf, shareOf } from "./compile-summary.ts";
import { exitCodes, Failure, type Warning } from "./failure.ts";
import { outputCodes } from "./output-codes.ts";

/** That values are too large for a model is a Failure; every other error stays as it is. */
export function rangeFailure(error: unknown, place: string): unknown {
  if (!(error instanceof ValuesTooLarge)) return error;
  const { ends, help } = facts[error.type];
  const where = fewOf(error.tensors.map(shareOf), mostNamed);
  const message = `cannot write ${place}: ${error.type} ends at ${ends}, and values are beyond it in ${where}`;
  return new Failure(exitCodes.diagnostics, message, help, outputCodes.overflow);
}

/** That values are too small for a model; it is known once all of them have been made. */
export function rangeWarnings({ type, faded }: RangeCheck): readonly Warning[] {
  if (type === null || faded.length === 0) return [];
  const message = `values too small for ${type} become 0 in ${fewOf(faded.map(shareOf), mostNamed)}`;
  return [{ code: outputCodes.underflow, message, help: facts[type].help }];
}

const mostNamed = 12;

const facts: Readonly<Record<HalfType, { readonly ends: string; readonly help: string }>> = {
  float16: { ends: "65,504", help: "`--dtype bf16` has the range of float32" },
  bfloat16: { ends: "3.39e38", help: "leave out `--dtype bf16`" },
};
