import type { Architecture, Op, OpOf, Tensor } from "../compiler/ir.ts";
import { fanIn, fanOut } from "./fans.ts";
import { constantOf, type Init, type InitialKind } from "./init.ts";
import { make, noFiles } from "./make.ts";
import type { Recipe } from "./recipe.ts";
import { closingNormalisations } from "./residual-branches.ts";
import { elementsOf, type Weights } from "./weights.ts";

export interface InitialiseOptions extends InitialKind {
  /** A whole number, taken modulo 2^64. */
  readonly seed: number | bigint;
}

/**
 * First weights for every tensor of a network, its training layers included. Those of convolutions and linear layers:
 *
 * `he`: normal with variance 2/fan-in (He, Zhang, Ren and Sun, "Delving Deep into Rectifiers", ICCV 2015, forward case);
 * of linear layers with variance 1/fan-in: no rectifier follows the last layer, so its gain is 1. `xavier`: normal with
 * variance 2/(fan-in + fan-out) (Glorot and Bengio, "Understanding the Difficulty of Training Deep Feedforward Neural
 * Networks", AISTATS 2010, Eq. 12, which is about the variance; the paper draws from a uniform distribution of it).
 * `zeros`: 0. `constant=x`: x.
 *
 * In each case biases are 0, and normalisations begin as the identity: weight 1, bias 0, running mean 0, running variance
 * 1, counter 0. The table of `select` is i mod c, that of `scatter` has ones at [i, i mod channels].
 */
export function initialise(architecture: Architecture, options: InitialiseOptions): Weights {
  const seed = BigInt(options.seed);
  let owners: ReadonlyMap<string, Op> | null = null;
  let closing: ReadonlySet<Op> | null = null;
  const recipe = (tensor: Tensor) => {
    owners ??= ownersOf(architecture);
    const owner = owners.get(tensor.name);
    if (!owner) throw new Error(`no layer of ${architecture.name} has the tensor ${tensor.name}`);
    closing ??= options.zeroInitResidual ? closingNormalisations(architecture) : new Set();
    if (tensor.role === "weight" && closing.has(owner)) return { kind: "same", value: 0 } as const;
    return initialRecipe(tensor, owner, options.init, seed);
  };
  return { recipe, data: (tensor) => make(recipe(tensor), tensor.dtype, 0, elementsOf(tensor.shape), noFiles) };
}

function ownersOf({ ops, trainingOps }: Architecture): ReadonlyMap<string, Op> {
  const owners = new Map<string, Op>();
  for (const op of [...ops, ...trainingOps]) for (const tensor of op.tensors) owners.set(tensor.name, op);
  return owners;
}

function initialRecipe(tensor: Tensor, owner: Op, init: Init, seed: bigint): Recipe {
  switch (tensor.role) {
    case "weight":
      return initialWeight(tensor, owner, init, seed);
    case "running_var":
      return { kind: "same", value: 1 };
    case "bias":
    case "running_mean":
    case "num_batches_tracked":
      return { kind: "same", value: 0 };
    case "index":
      return initialTable(owner);
  }
}

function initialWeight({ name }: Tensor, owner: Op, init: Init, seed: bigint): Recipe {
  switch (owner.kind) {
    case "batchnorm":
    case "groupnorm":
      return { kind: "same", value: 1 };
    case "conv":
    case "deconv":
    case "linear":
      if (init === "zeros") return { kind: "same", value: 0 };
      if (init !== "he" && init !== "xavier") return { kind: "same", value: constantOf(init) };
      return { kind: "normal", seed, name, deviation: Math.sqrt(variance(owner, init)) };
    default:
      throw new Error(`a ${owner.kind} has no weight`);
  }
}

function variance(owner: OpOf<"conv"> | OpOf<"deconv"> | OpOf<"linear">, init: "he" | "xavier"): number {
  if (init === "xavier") return 2 / (fanIn(owner) + fanOut(owner));
  return (owner.kind === "linear" ? 1 : 2) / fanIn(owner);
}

function initialTable(owner: Op): Recipe {
  if (owner.kind === "select") return { kind: "remainders", modulus: owner.settings.inChannels };
  if (owner.kind === "scatter") return { kind: "ones-in-turn", columns: owner.settings.channels };
  throw new Error(`a ${owner.kind} has no table`);
}
