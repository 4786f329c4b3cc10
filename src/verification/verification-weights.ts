import type { Architecture, Op, OpOf, Tensor } from "../compiler/ir.ts";
import { evaluateSteps, finish, type Outputs, type Step } from "../reference/evaluate.ts";
import { plane, type Sample } from "../reference/sample.ts";
import { initialise } from "../weights/initialise.ts";
import { fillNormal } from "../weights/normal.ts";
import { elementsOf, type TensorData, type Weights } from "../weights/weights.ts";
import { momentsOf } from "./moments.ts";
import { channelsToTurn, turnChannels, turnFilters } from "./signs.ts";

export interface Evaluated {
  readonly weights: Weights;
  /** What the reference computes with them. */
  readonly outputs: Outputs;
}

export interface VerificationOptions {
  readonly seed: bigint;
  readonly batch: readonly Sample[];
  readonly sizes: ReadonlyMap<string, number>;
}

/**
 * Weights that tell networks apart, and what the reference makes of them. Fresh ones cannot: with γ = 1, β = 0, mean 0
 * and variance 1 a normalisation is hardly there, its tensors can be exchanged unseen, and deep networks overflow or
 * fade. So γ, β and all biases are drawn; running statistics are those of what reaches the normalisation, moved a
 * little; convolutions and linear layers are scaled by what reaches them, so that networks without normalisations keep
 * their scale, too; filters of which a rectifier would leave nothing get the other sign; tables are drawn. Everything
 * is a function of the seed, of the names of the tensors and of the batch.
 */
export function evaluateWithVerificationWeights(architecture: Architecture, options: VerificationOptions): Evaluated {
  return finish(verificationSteps(architecture, options));
}

/** The same op by op. */
export function* verificationSteps(
  architecture: Architecture,
  options: VerificationOptions,
): Generator<Step, Evaluated, void> {
  const weights = new VerificationWeights(architecture, options.seed);
  const steps = evaluateSteps(architecture, weights, options.batch, {
    sizes: options.sizes,
    before(op, inputs) {
      const first = inputs.flatMap((one) => one.slice(0, 1));
      if (op.kind === "batchnorm") weights.calibrate(op, first);
      if (op.kind === "conv" || op.kind === "deconv" || op.kind === "linear") weights.scale(op, first);
    },
  });
  for (;;) {
    const next = steps.next();
    if (next.done) return { weights, outputs: next.value };
    weights.turn(next.value);
    yield next.value;
  }
}

class VerificationWeights implements Weights {
  readonly #initial: Weights;
  readonly #seed: bigint;
  readonly #owners = new Map<Tensor, Op>();
  readonly #statistics = new Map<Tensor, Float32Array>();
  readonly #factors = new Map<Op, number>();
  readonly #turned = new Map<Op, readonly number[]>();

  constructor(architecture: Architecture, seed: bigint) {
    this.#initial = initialise(architecture, { init: "he", seed });
    this.#seed = seed;
    for (const op of architecture.ops) for (const tensor of op.tensors) this.#owners.set(tensor, op);
  }

  data(tensor: Tensor): TensorData {
    const owner = this.#owners.get(tensor);
    if (!owner || tensor.role === "num_batches_tracked") return this.#initial.data(tensor);
    if (tensor.role === "index") return this.#table(tensor, owner);
    const statistics = this.#statistics.get(tensor);
    if (statistics) return statistics;
    const values = this.#untouched(tensor, owner);
    turnFilters(values, tensor, owner, this.#turned.get(owner) ?? []);
    return values;
  }

  #untouched(tensor: Tensor, owner: Op): Float32Array {
    const isNormalisation = owner.kind === "batchnorm" || owner.kind === "groupnorm";
    if (tensor.role === "weight" && isNormalisation) return this.#drawn(tensor).map((value) => middle + spread * value);
    if (tensor.role === "bias") return this.#drawn(tensor).map((value) => spread * value);
    const factor = this.#factors.get(owner) ?? 1;
    const values = this.#initial.data(tensor) as Float32Array;
    if (factor !== 1) for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) * factor;
    return values;
  }

  /**
   * So that what leaves the op has about the magnitude 1/4, beside which an epsilon can be seen: the fresh weights of n
   * inputs have the variance 2/n, or 1/n, and make of inputs of magnitude m outputs of √2·m, or m. The factor is a power
   * of two, which rounds nothing.
   */
  scale(op: OpOf<"conv"> | OpOf<"deconv"> | OpOf<"linear">, inputs: readonly Sample[]): void {
    if (op.kind === "conv" && op.settings.standardize !== null) return;
    const { magnitude } = momentsOf(inputs.map(({ data }) => data));
    if (magnitude > 0) this.#factors.set(op, 2 ** -Math.round(Math.log2(magnitude)) / 4);
  }

  /** Filters whose output would be lost in a rectifier get the other sign, and their output with them. */
  turn({ op, outputs }: Step): void {
    const channels = channelsToTurn(op, outputs);
    if (channels.length === 0) return;
    this.#turned.set(op, channels);
    turnChannels(outputs, channels);
  }

  /** Statistics of what reaches the op: its means, so that what leaves it has about the mean β, and a common deviation. */
  calibrate(op: OpOf<"batchnorm">, inputs: readonly Sample[]): void {
    const tensorOf = (role: Tensor["role"]) => op.tensors.find((tensor) => tensor.role === role) as Tensor;
    const [means, variances] = [tensorOf("running_mean"), tensorOf("running_var")];
    const moved = this.#drawn(means);
    const stretched = this.#drawn(variances);
    const mean = new Float32Array(op.settings.channels);
    const variance = new Float32Array(op.settings.channels);
    // Without β to add something that no rounding error touches, the mean does.
    const move = op.settings.affine ? spread : spread * 4;
    const least = momentsOf(inputs.map(({ data }) => data)).magnitude * 2;
    for (let c = 0; c < op.settings.channels; c++) {
      const moments = momentsOf(inputs.map((input) => plane(input, c)));
      const deviation = Math.max(moments.magnitude, least, 1e-3);
      mean[c] = moments.mean * taken + move * deviation * (moved[c] as number);
      variance[c] = (deviation * (1 + spread * Math.tanh(stretched[c] as number))) ** 2;
    }
    this.#statistics.set(means, mean);
    this.#statistics.set(variances, variance);
  }

  /** Of a `select` any channels, of a `scatter` a place for every channel that comes in. */
  #table(tensor: Tensor, { kind, settings }: Op): TensorData {
    const lines = tensor.shape[0] as number;
    const choices = kind === "select" ? settings.inChannels : (tensor.shape[1] as number);
    const chosen = Array.from(this.#normal(`${tensor.name}`, lines), (value) => {
      return Math.floor(Math.abs(value) * 1e4) % choices;
    });
    if (kind === "select") return BigInt64Array.from(chosen, BigInt);
    const table = new Float32Array(elementsOf(tensor.shape));
    for (const [line, place] of chosen.entries()) table[line * choices + place] = 1;
    return table;
  }

  #drawn(tensor: Tensor): Float32Array {
    return this.#normal(tensor.name, elementsOf(tensor.shape));
  }

  #normal(name: string, count: number): Float32Array {
    const values = new Float32Array(count);
    fillNormal(values, this.#seed, name, 1);
    return values;
  }
}

/** γ is less than 1 as in trained networks: a residual branch adds to what it is added to, and does not drown it. */
const middle = 0.5;
/** How far γ, β and the statistics are from their plain values. */
const spread = 0.1;
/**
 * Of a channel's mean the statistics take a part only. Taken whole, every rounding error would grow by a fifth from layer
 * to layer (Yang et al., "A Mean Field Theory of Batch Normalization", 2019), and a hundred layers would leave nothing else.
 */
const taken = 0.25;
