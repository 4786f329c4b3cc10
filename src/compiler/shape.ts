import type { Dim } from "./ir.ts";
import { formatQuantity } from "./symbolic.ts";

/** `[N, 64, 56, 56]` */
export function formatShape(shape: readonly Dim[]): string {
  return `[N, ${shape.map(formatQuantity).join(", ")}]`;
}
