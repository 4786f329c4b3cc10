import type { Architecture } from "../../compiler/ir.ts";
import { sizeName, symbolsOf } from "../../compiler/symbolic.ts";
import type { Model } from "../../inspect/model.ts";

/** The symbolic sizes of a network to which the input of a model gives numbers, as `--dim` would give them. */
export function sizesInModel({ graph }: Model, { input }: Architecture): ReadonlyMap<string, string> {
  const stated = graph.inputs[0]?.shape ?? [];
  const sizes = new Map<string, string>();
  for (const [axis, size] of input.activation.shape.entries()) {
    const found = stated[axis + 1];
    if (typeof found !== "number" || found < 1) continue;
    for (const symbol of symbolsOf(size)) if (sizeName(size) === symbol) sizes.set(symbol, String(found));
  }
  return sizes;
}
