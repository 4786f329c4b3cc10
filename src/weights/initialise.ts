import type { Architecture, Op, OpOf, Tensor } from "../compiler/ir.ts";
import { make, noFiles } from "./make.ts";
import type { Recipe } from "./recipe.ts";
import { elementsOf, type Weights } from "./weights.ts";

export interface InitialiseOptions {
  readonly init: "he" | "zeros";
  /** A whole number, taken modulo 2^64. */
  readonly seed: number | bigint;
}

/**
 * First weights for every tensor of a network, its training layers included.
 *
 * `he`: the weights of convolutions are normal with variance 2/fan-in (He, Zhang, Ren and Sun, "Delving Deep into
 * Rectifiers", ICCV 2015, forward case), those of linear layers with variance 1/fan-in: no rectifier follows the
 * last layer, so its gain is 1. `zeros`: both are 0. In either case biases are 0, and normalisations begin as the
 * identity: weight 1, bias 0, running mean 0, running variance 1, counter 0. The table of `select` is i mod c, that
 * of `scatter` has ones at [i, i mod channels].
 */
export function initialise(architecture: Architecture, options: InitialiseOptions): Weights {
  const seed = BigInt(options.seed);
  let owners: ReadonlyMap<string, Op> | null = null;
  const recipe = (tensor: Tensor) => {
    owners ??= ownersOf(architecture);
    const owner = owners.get(tensor.name);
    if (!owner) throw new Error(`no layer of ${architecture.name} has the tensor ${tensor.name}`);
    return initialRecipe(tensor, owner, options.init, seed);
  };
  return { recipe, data: (tensor) => make(recipe(tensor), tensor.dtype, 0, elementsOf(tensor.shape), noFiles) };
}

function ownersOf({ ops, trainingOps }: Architecture): ReadonlyMap<string, Op> {
  const owners = new Map<string, Op>();
  for (const op of [...ops, ...trainingOps]) for (const tensor of op.tensors) owners.set(tensor.name, op);
  return owners;
}

function initialRecipe(tensor: Tensor, owner: Op, init: "he" | "zeros", seed: bigint): Recipe {
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

function initialWeight({ name }: Tensor, owner: Op, init: "he" | "zeros", seed: bigint): Recipe {
  if (owner.kind === "batchnorm" || owner.kind === "groupnorm") return { kind: "same", value: 1 };
  if (init === "zeros") return { kind: "same", value: 0 };
  return { kind: "normal", seed, name, deviation: Math.sqrt(variance(owner)) };
}

function variance(owner: Op): number {
  switch (owner.kind) {
    case "conv":
      return (
        2 / ((owner.settings.inChannels / owner.settings.groups) * owner.settings.kernel[0] * owner.settings.kernel[1])
      );
    case "deconv":
      return 2 / deconvolutionFanIn(owner);
    case "linear":
      return 1 / owner.settings.inFeatures;
    default:
      throw new Error(`a ${owner.kind} has no weight`);
  }
}

/**
 * How many inputs reach one output. Along an axis, stride s lays the k taps s outputs apart, so an output meets
 * k/s of them on average, or one where s > k leaves gaps; the whole kernel would make the output too small by s.
 */
function deconvolutionFanIn({ settings: { inChannels, groups, kernel, stride } }: OpOf<"deconv">): number {
  return (inChannels / groups) * Math.max(1, kernel[0] / stride[0]) * Math.max(1, kernel[1] / stride[1]);
}

function initialTable(owner: Op): Recipe {
  if (owner.kind === "select") return { kind: "remainders", modulus: owner.settings.inChannels };
  if (owner.kind === "scatter") return { kind: "ones-in-turn", columns: owner.settings.channels };
  throw new Error(`a ${owner.kind} has no table`);
}
