import type { Dim, OpKind } from "../../compiler/ir.ts";
import type { Flowing, Value } from "../graph.ts";
import type { Lower, Lowering } from "../lowering.ts";

/** Sums are chains of Add: WebGPU has no kernel for Sum and Mean. */
export const lowerJoins = {
  concat: (_op, to) => to.main("Concat", to.inputs, { axis: 1 }),

  add: (_op, to) => chain("Add", "sum", to.inputs, to, (pair) => to.main("Add", pair)),

  mean: (_op, to) => {
    const sum = chain("Add", "sum", to.inputs, to, (pair) => to.extra("sum", "Add", pair, to.input.shape));
    return to.main("Mul", [sum, to.scalar("share", 1 / to.inputs.length)]);
  },

  mul: (_op, to) => {
    const spatial = to.inputs.some((input) => input.shape.length === 3);
    const axes = to.integers("axes", [2, 3]);
    const inputs = to.inputs.map((input, i) => {
      if (!spatial || input.shape.length === 3) return input;
      return to.extra(`stretched${i + 1}`, "Unsqueeze", [input, axes], [...input.shape, 1, 1]);
    });
    return chain("Mul", "product", inputs, to, (pair) => to.main("Mul", pair));
  },
} satisfies { readonly [K in OpKind]?: Lower<K> };

/** ((a ∘ b) ∘ c) ∘ …; `last` makes the last node. */
function chain(
  type: string,
  suffix: string,
  inputs: readonly Flowing[],
  to: Lowering,
  last: (pair: readonly Value[]) => Flowing,
): Flowing {
  const [first, ...others] = inputs;
  const end = others.pop();
  if (!first || !end) throw new Error("a join has two inputs");
  let left = first;
  for (const [i, right] of others.entries()) {
    left = to.extra(`${suffix}${i + 1}`, type, [left, right], stretched(left.shape, right.shape));
  }
  return last([left, end]);
}

/** The shape of two tensors of one rank, sizes of 1 stretched. */
function stretched(left: readonly Dim[], right: readonly Dim[]): readonly Dim[] {
  return left.map((size, i) => (size === 1 ? (right[i] as Dim) : size));
}
