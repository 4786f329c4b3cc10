import type { Architecture, Op, OpOf, Tensor } from "../compiler/ir.ts";
import { evaluateSteps, finish, type Outputs, type Step } from "../reference/evaluate.ts";
import { plane, type Sample } from "../reference/sample.ts";
import { initialise } from "../weights/initialise.ts";
import { fillNormal } from "../weights/normal.ts";
import { elementsOf, type TensorData, type Weights } from "../weights/weights.ts";

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
 * and variance 1 a normalisation is hardly there, its tensors can be exchanged unseen, and deep networks overflow. So γ
 * and β are drawn, running statistics are those of what reaches the normalisation, moved a little, and tables are
 * drawn too. Everything is a function of the seed, of the names of the tensors and of the batch.
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
  const outputs = yield* evaluateSteps(architecture, weights, options.batch, {
    sizes: options.sizes,
    before(op, inputs) {
      if (op.kind === "batchnorm")
        weights.calibrate(
          op,
          inputs.flatMap((one) => one.slice(0, 1)),
        );
    },
  });
  return { weights, outputs };
}

class VerificationWeights implements Weights {
  readonly #initial: Weights;
  readonly #seed: bigint;
  readonly #owners = new Map<Tensor, Op>();
  readonly #calibrated = new Map<Tensor, Float32Array>();

  constructor(architecture: Architecture, seed: bigint) {
    this.#initial = initialise(architecture, { init: "he", seed });
    this.#seed = seed;
    for (const op of architecture.ops) for (const tensor of op.tensors) this.#owners.set(tensor, op);
  }

  data(tensor: Tensor): TensorData {
    const owner = this.#owners.get(tensor);
    if (!owner) return this.#initial.data(tensor);
    if (tensor.role === "index") return this.#table(tensor, owner);
    const isNormalisation = owner.kind === "batchnorm" || owner.kind === "groupnorm";
    if (tensor.role === "weight" && isNormalisation) return this.#drawn(tensor).map((value) => middle + spread * value);
    if (tensor.role === "bias") return this.#drawn(tensor).map((value) => spread * value);
    return this.#calibrated.get(tensor) ?? this.#initial.data(tensor);
  }

  /** Statistics of what reaches the op, so that what leaves it has about the mean β and the deviation γ. */
  calibrate(op: OpOf<"batchnorm">, inputs: readonly Sample[]): void {
    const tensorOf = (role: Tensor["role"]) => op.tensors.find((tensor) => tensor.role === role) as Tensor;
    const [means, variances] = [tensorOf("running_mean"), tensorOf("running_var")];
    const moved = this.#drawn(means);
    const stretched = this.#drawn(variances);
    const mean = new Float32Array(op.settings.channels);
    const variance = new Float32Array(op.settings.channels);
    const least = momentsOf(inputs.map(({ data }) => data)).magnitude / 4;
    for (let c = 0; c < op.settings.channels; c++) {
      const moments = momentsOf(inputs.map((input) => plane(input, c)));
      // A channel of few pixels may hardly deviate; divided by that, it would be rounding errors and nothing else.
      const deviation = Math.max(moments.deviation, least, 1e-3);
      mean[c] = moments.mean + spread * deviation * (moved[c] as number);
      variance[c] = (deviation * (1 + spread * Math.tanh(stretched[c] as number))) ** 2;
    }
    this.#calibrated.set(means, mean);
    this.#calibrated.set(variances, variance);
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

interface Moments {
  readonly mean: number;
  readonly deviation: number;
  /** The root of the mean square. */
  readonly magnitude: number;
}

function momentsOf(parts: readonly Float64Array[]): Moments {
  let [count, sum, squares] = [0, 0, 0];
  for (const part of parts) {
    count += part.length;
    for (let i = 0; i < part.length; i++) sum += part[i] as number;
  }
  const mean = sum / count;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++) squares += ((part[i] as number) - mean) ** 2;
  }
  const deviation = Math.sqrt(squares / count);
  return { mean, deviation, magnitude: Math.hypot(mean, deviation) };
}
