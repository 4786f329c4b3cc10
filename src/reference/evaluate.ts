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
}

/** One op that has run: what it made, sample by sample. */
export interface Step {
  readonly op: Op;
  readonly outputs: readonly Sample[];
}

/** For every output of a network, by its name, one sample for each input. */
export type Outputs = ReadonlyMap<string, readonly Sample[]>;

/**
 * What a network computes, by the definitions of its layers, in float64: the reference that models are compared with.
 * It knows nothing of the graph that is emitted. `batch` are the inputs. An activation is dropped after its last use.
 */
export function evaluate(
  architecture: Architecture,
  weights: Weights,
  batch: readonly Sample[],
  options: EvaluateOptions,
): Outputs {
  return finish(evaluateSteps(architecture, weights, batch, options));
}

/** The same op by op, for those who look at what each makes, or who have other things to do meanwhile. */
export function* evaluateSteps(
  architecture: Architecture,
  weights: Weights,
  batch: readonly Sample[],
  options: EvaluateOptions,
): Generator<Step, Outputs, void> {
  const held = new Held(architecture);
  held.put(architecture.input.activation, batch);
  for (const op of architecture.ops) {
    const inputs = transpose(op.inputs.map((input) => held.get(input)));
    options.before?.(op, inputs);
    const shape = concreteShape(op.output.shape, options.sizes);
    const { areStandardised = false } = weights;
    const run = prepare(op, { shape, tensor: (role) => weights.data(tensorOf(op, role)), areStandardised });
    const outputs = inputs.map(run);
    held.put(op.output, outputs);
    held.release(op.inputs);
    yield { op, outputs };
  }
  return new Map(architecture.outputs.map(({ name, activation }) => [name, held.get(activation)]));
}

/** Takes all steps at once. */
export function finish<Result>(steps: Generator<Step, Result, void>): Result {
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
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
