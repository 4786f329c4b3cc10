import { concreteShape } from "../compiler/concrete.ts";
import type { Activation, Architecture, Op, TensorRole } from "../compiler/ir.ts";
import type { Weights } from "../weights/weights.ts";
import type { Sample } from "./sample.ts";
import { prepare } from "./table.ts";

export interface EvaluateOptions {
  /** The symbolic sizes; empty where every size is a number. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Before an op reads its tensors: its inputs, sample by sample. */
  before?(op: Op, inputs: readonly (readonly Sample[])[]): void;
  /** After an op: what it made, sample by sample. */
  after?(op: Op, outputs: readonly Sample[]): void;
}

/**
 * What a network computes, by the definitions of its layers, in float64: the reference that models are compared with.
 * It knows nothing of the graph that is emitted. `batch` are the inputs; the result has, for every output of the
 * network by its name, one sample for each of them. An activation is dropped after its last use.
 */
export function evaluate(
  architecture: Architecture,
  weights: Weights,
  batch: readonly Sample[],
  options: EvaluateOptions,
): ReadonlyMap<string, readonly Sample[]> {
  const held = new Held(architecture);
  held.put(architecture.input.activation, batch);
  for (const op of architecture.ops) {
    const inputs = transpose(op.inputs.map((input) => held.get(input)));
    options.before?.(op, inputs);
    const shape = concreteShape(op.output.shape, options.sizes);
    const run = prepare(op, { shape, tensor: (role) => weights.data(tensorOf(op, role)) });
    const outputs = inputs.map(run);
    options.after?.(op, outputs);
    held.put(op.output, outputs);
    held.release(op.inputs);
  }
  return new Map(architecture.outputs.map(({ name, activation }) => [name, held.get(activation)]));
}

/** The activations that are still needed. */
class Held {
  readonly #uses = new Map<Activation, number>();
  readonly #values = new Map<Activation, readonly Sample[]>();

  constructor({ ops, outputs }: Architecture) {
    const read = [...ops.flatMap((op) => op.inputs), ...outputs.map((output) => output.activation)];
    for (const activation of read) this.#uses.set(activation, (this.#uses.get(activation) ?? 0) + 1);
  }

  /** What nobody reads is not kept. */
  put(activation: Activation, samples: readonly Sample[]): void {
    if (this.#uses.has(activation)) this.#values.set(activation, samples);
  }

  get(activation: Activation): readonly Sample[] {
    const samples = this.#values.get(activation);
    if (!samples) throw new Error("an op reads what is not there");
    return samples;
  }

  release(activations: readonly Activation[]): void {
    for (const activation of activations) {
      const left = (this.#uses.get(activation) ?? 0) - 1;
      this.#uses.set(activation, left);
      if (left === 0) this.#values.delete(activation);
    }
  }
}

/** From a list of samples for each input to a list of inputs for each sample. */
function transpose(inputs: readonly (readonly Sample[])[]): readonly (readonly Sample[])[] {
  return (inputs[0] ?? []).map((_, n) => inputs.map((samples) => samples[n] as Sample));
}

function tensorOf(op: Op, role: TensorRole) {
  const tensor = op.tensors.find((one) => one.role === role);
  if (!tensor) throw new Error(`${op.name} has no ${role}`);
  return tensor;
}
