import type { Related } from "../diagnostics.ts";
import type { Activation } from "../ir.ts";
import { formatShape } from "../shape.ts";
import type { Context } from "./context.ts";

/** The line that made a tensor, with its shape; `part` says which part of the line. */
export function madeBy(activation: Activation, { graph }: Context, part = ""): readonly Related[] {
  const shape = formatShape(activation.shape);
  if (activation.maker) return [{ span: activation.maker.site.span, message: `${part}makes ${shape}` }];
  return graph.inputSpan ? [{ span: graph.inputSpan, message: `is ${shape}` }] : [];
}
