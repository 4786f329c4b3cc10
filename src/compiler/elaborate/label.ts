import type { Label } from "../ast/statements.ts";
import { evaluate } from "../evaluate.ts";
import { isExact } from "../number.ts";
import { typeError } from "../operand.ts";
import { formatValue, unknown } from "../value.ts";
import { type Context, placeOf } from "./context.ts";
import { fuelPerPlace } from "./graph.ts";
import type { NameScope } from "./naming.ts";

/** Where a layer stands in the tree of names. */
export interface Named {
  /** The label path. */
  readonly path: string;
  /** Null for an unlabelled layer that stores nothing: it needs no place in the tree. */
  readonly scope: NameScope | null;
}

/** The text of a label with its expressions filled in; null, reported, where it is no name. */
export function labelText(label: Label, context: Context): string | null {
  let text = "";
  for (const part of label.parts) {
    if (typeof part === "string") text += part;
    else {
      const value = evaluate(part, placeOf(context));
      if (value === unknown) return null;
      if (!isExact(value) && typeof value !== "string") {
        typeError(value, part.span, "a number or a string", "a part of a label", context.session);
        return null;
      }
      if (typeof value !== "string") context.session.burnReduction(value, part.span);
      text += typeof value === "string" ? value : formatValue(value);
    }
  }
  const parts = text.split(".");
  context.session.burn(fuelPerPlace * parts.length, label.span);
  if (text.length <= longestLabel && parts.every((part) => /^[\w-]+$/.test(part))) return text;
  context.session.report("bad-label", label.span, { label: text });
  return null;
}

const longestLabel = 200;

/** Names a layer by its label, or by its kind and its place among those of that kind. */
export function nameLayer(label: Label | null, kind: string, storesTensors: boolean, context: Context): Named {
  const automatic = context.names.nextName(kind);
  const text = label ? labelText(label, context) : null;
  if (text !== null) {
    const scope = context.names.open(text);
    return { path: scope.path, scope };
  }
  return {
    path: context.names.pathOf(automatic),
    scope: storesTensors ? context.names.open(automatic) : null,
  };
}

/** The scope that a block, `dense` or `transition` opens. */
export function openScope(label: Label | null, kind: string, context: Context): NameScope {
  context.session.burn(fuelPerPlace);
  const automatic = context.names.nextName(kind);
  return context.names.open((label && labelText(label, context)) ?? automatic);
}
