import type { Dim, Op, OpKind, OpOf, TensorRole } from "../compiler/ir.ts";
import type { Recipe } from "../weights/recipe.ts";
import { recipeOf, type TensorData, type Weights } from "../weights/weights.ts";
import { type Attributes, type Constant, type Flowing, flowing, type Node, type Value } from "./graph.ts";

/**
 * How a kind of op becomes ONNX nodes. Returns the value that holds the output of the op: what `main` gives, or the
 * input itself where nothing is to be done.
 */
export type Lower<K extends OpKind> = (op: OpOf<K>, to: Lowering) => Flowing;

/** What an op is lowered with: its inputs, its tensors, and the nodes that come of it. */
export class Lowering {
  readonly opset: number;
  readonly inputs: readonly Flowing[];
  readonly #op: Op;
  readonly #weights: Weights;
  readonly #nodes: Node[];

  constructor(op: Op, inputs: readonly Flowing[], opset: number, weights: Weights, nodes: Node[]) {
    this.opset = opset;
    this.inputs = inputs;
    this.#op = op;
    this.#weights = weights;
    this.#nodes = nodes;
  }

  /** The first input; ops other than joins have one. */
  get input(): Flowing {
    const [input] = this.inputs;
    if (!input) throw new Error(`${this.#op.name} has no input`);
    return input;
  }

  /** A tensor of the op, under its public name; `change` says what is made of its values. */
  stored(role: TensorRole, change: (recipe: Recipe) => Recipe = unchanged): Constant {
    const tensor = this.#op.tensors.find((one) => one.role === role);
    if (!tensor) throw new Error(`${this.#op.name} has no ${role}`);
    const recipe = change(recipeOf(this.#weights, tensor));
    return { kind: "constant", wish: tensor.name, type: tensor.dtype, shape: tensor.shape, stored: true, recipe };
  }

  /** Numbers that the layer's settings determine; `shape` is a list of all of them where it is left out. */
  constant(suffix: string, values: TensorData, shape: readonly number[] = [values.length]): Constant {
    const type = values instanceof Float32Array ? "float32" : "int64";
    return {
      kind: "constant",
      wish: this.#suffixed(suffix),
      type,
      shape,
      stored: false,
      recipe: { kind: "given", values },
    };
  }

  scalar(suffix: string, value: number): Constant {
    return this.constant(suffix, Float32Array.of(value), []);
  }

  integers(suffix: string, values: readonly number[]): Constant {
    return this.constant(suffix, BigInt64Array.from(values, BigInt));
  }

  /** A node before the last one. `shape` is without the batch; what has no batch is made by `unbatched`. */
  extra(
    suffix: string,
    type: string,
    inputs: readonly (Value | null)[],
    shape: readonly Dim[],
    attributes: Attributes = {},
  ): Flowing {
    const output: Flowing = { kind: "flowing", wish: this.#suffixed(suffix), type: "float32", shape, batched: true };
    return this.#add({ type, wish: output.wish, main: false, inputs, output, attributes });
  }

  /** A node before the last one that computes from constants or shapes alone. */
  unbatched(
    suffix: string,
    type: string,
    inputs: readonly Value[],
    output: Pick<Flowing, "type" | "shape">,
    attributes: Attributes = {},
  ): Flowing {
    const value: Flowing = { kind: "flowing", wish: this.#suffixed(suffix), ...output, batched: false };
    return this.#add({ type, wish: value.wish, main: false, inputs, output: value, attributes });
  }

  /** The node that makes the output of the op. */
  main(type: string, inputs: readonly (Value | null)[], attributes: Attributes = {}): Flowing {
    const { name, output } = this.#op;
    return this.#add({ type, wish: name, main: true, inputs, output: flowing(name, output), attributes });
  }

  #add(node: Node): Flowing {
    this.#nodes.push(node);
    return node.output;
  }

  #suffixed(suffix: string): string {
    return `${this.#op.name}.${suffix}`;
  }
}

function unchanged(recipe: Recipe): Recipe {
  return recipe;
}
