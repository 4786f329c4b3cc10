import type { ApplyStatement } from "../ast/statements.ts";
import type { Activation, OpKind, OpSettings, Shape } from "../ir.ts";
import type { ArgumentTable, ArgumentValues, Layer, TensorSpec } from "../layers/layer.ts";
import type { BoundArguments } from "../resolve/resolution.ts";
import { type Unknown, unknown } from "../value.ts";
import { readArguments } from "./arguments.ts";
import { Arrival } from "./arrival.ts";
import type { Context } from "./context.ts";
import { type Named, nameLayer } from "./label.ts";
import type { NameScope } from "./naming.ts";

/** Applies a layer to the current tensor. */
export function applyLayer<K extends OpKind, A extends ArgumentTable>(
  statement: ApplyStatement,
  layer: Layer<K, A>,
  bound: BoundArguments,
  context: Context,
): void {
  const { flow } = context;
  const args = readArguments(layer.arguments, bound, layer.kind, context);
  const entering = flow.current;
  flow.current = unknown;
  if (entering === null || entering === unknown || args === unknown) return;
  const arrival = new Arrival(entering, statement, bound, context);
  const made = shapeLayer(layer, args, arrival);
  if (made)
    flow.current = addOp(made, arrival, nameLayer(statement.label, layer.kind, made.tensors.length > 0, context));
}

/** Adds a layer that is a part of a construct, at a place of its own: `norm1` of a dense layer. */
export function placeLayer<K extends OpKind, A extends ArgumentTable>(
  layer: Layer<K, A>,
  args: ArgumentValues<A>,
  arrival: Arrival,
  scope: NameScope,
): Activation | Unknown {
  const made = shapeLayer(layer, args, arrival);
  return made ? addOp(made, arrival, { path: scope.path, scope }) : unknown;
}

interface Made<K extends OpKind> {
  readonly kind: K;
  readonly settings: OpSettings[K];
  readonly shape: Shape;
  readonly tensors: readonly TensorSpec[];
}

/** Null after an error that leaves no shape to go on with. */
function shapeLayer<K extends OpKind, A extends ArgumentTable>(
  layer: Layer<K, A>,
  args: ArgumentValues<A>,
  arrival: Arrival,
): Made<K> | null {
  const applied = layer.apply(args, arrival);
  if (!applied) return null;
  const { settings, shape } = applied;
  return { kind: layer.kind, settings, shape, tensors: layer.tensors(settings) };
}

function addOp<K extends OpKind>(made: Made<K>, arrival: Arrival, { path, scope }: Named): Activation | Unknown {
  const { kind, settings, shape, tensors } = made;
  const { site, activation, context } = arrival;
  return context.graph.add({ kind, name: path, scope, inputs: [activation], shape, settings, tensors, site });
}
