import type { Shape } from "../compiler/ir.ts";
import { isExact, Ratio, toDouble } from "../compiler/number.ts";
import { Poly, type Quantity, sizeName } from "../compiler/symbolic.ts";
import { formatValue, isSequence, type Value } from "../compiler/value.ts";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** An entry of the record a line; of a list of records, one record a line. Ends with a line break. */
export function layOutJson(record: { readonly [name: string]: Json }): string {
  const entries = Object.entries(record).map(([name, value]) => `  ${JSON.stringify(name)}: ${layOutEntry(value)}`);
  return `{\n${entries.join(",\n")}\n}\n`;
}

function layOutEntry(value: Json): string {
  if (!Array.isArray(value) || !value.some((item) => item !== null && typeof item === "object"))
    return JSON.stringify(value);
  return `[\n${value.map((item) => `    ${JSON.stringify(item)}`).join(",\n")}\n  ]`;
}

/**
 * A number; as text what a reader's number might not hold exactly, and what depends on symbolic sizes: an expression of
 * the language, as in `356907*H*W/2` and `floor((H + 1)/2)`, and in the ONNX file.
 */
export function quantityJson(quantity: Quantity): number | string {
  return typeof quantity === "number" ? quantity : sizeName(quantity);
}

/** With the batch `N` in front. */
export function shapeJson(shape: Shape): Json {
  return ["N", ...shape.map(quantityJson)];
}

/** A parameter of a network; a fraction as the number that it is nearest to, if that is written the same. */
export function valueJson(value: Value): Json {
  if (value instanceof Ratio && String(toDouble(value)) === formatValue(value)) return toDouble(value);
  if (isExact(value) || value instanceof Poly) return quantityJson(value);
  if (typeof value === "boolean" || typeof value === "string") return value;
  return isSequence(value) && Array.isArray(value) ? value.map(valueJson) : formatValue(value);
}
