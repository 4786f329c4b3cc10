import type { Dim } from "./ir.ts";
import { formatQuantity } from "./symbolic.ts";

/** `[N, 64, 56, 56]` */
export function formatShape(shape: readonly Dim[]): string {
  return `[N, ${shape.map(formatQuantity).join(", ")}]`;
}

/** `64×112×112` */
export function formatSizes(shape: readonly Dim[]): string {
  return shape.map(formatFactor).join("×");
}

/** A size as it stands in a product. */
export function formatFactor(size: Dim): string {
  const text = formatQuantity(size);
  return text.includes(" ") && !/^⌊[^⌋]*⌋$/.test(text) ? `(${text})` : text;
}
