import type { Dtype, KeepIo } from "../emit/precision.ts";
import type { Precision } from "../inspect/casts.ts";
import { usageFailure } from "./failure.ts";

/** The options that say in which type a model is written. */
export interface WrittenPrecision {
  readonly dtype: Dtype;
  readonly keepIo: KeepIo;
}

/** The options with which a model is written that is read as of this precision. */
export function writtenPrecision({ weights, flow, border }: Precision): WrittenPrecision {
  const dtype = weights === "bfloat16" ? "bf16" : flow === "float16" ? "f16" : "f32";
  return { dtype, keepIo: border === "float16" ? "none" : "f32" };
}

/** Refuses an option that would do nothing. */
export function refuseIdleKeepIo({ dtype, keepIo }: Partial<WrittenPrecision>): void {
  if (keepIo === undefined || dtype === "f16") return;
  throw usageFailure("--keep-io is for models in float16", "give --dtype f16");
}

/** In words; empty where all is float32. */
export function precisionInWords({ dtype, keepIo }: WrittenPrecision): string {
  switch (dtype) {
    case "f32":
      return "";
    case "f16":
      return `in float16, its input and outputs ${keepIo === "none" ? "too" : "in float32"}`;
    case "bf16":
      return "weights stored in bfloat16, computed in float32";
  }
}

/** What a model that is written with these options takes and computes in. */
export function flowOf({ dtype, keepIo }: WrittenPrecision): Pick<Precision, "flow" | "border"> {
  const flow = dtype === "f16" ? "float16" : "float32";
  return { flow, border: keepIo === "none" ? flow : "float32" };
}
