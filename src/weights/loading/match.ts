import type { Architecture, Tensor } from "../../compiler/ir.ts";
import { WeightsFault } from "../fault.ts";
import type { StoredType } from "../recipe.ts";
import type { Catalogue } from "../safetensors/catalogue.ts";
import type { Dtype } from "../safetensors/dtypes.ts";
import { axesOf, type Layout, ownLayouts } from "./layout.ts";
import type { MappedTensor } from "./mapped.ts";
import { type Mapping, type Renamed, type Rule, renamer } from "./rules.ts";

export interface MatchOptions {
  /** Applied in turn. */
  readonly mappings: readonly Mapping[];
  /** Tensors that the weights may lack. */
  readonly mayLack: (name: string) => boolean;
  /** Tensors that the weights may have in vain, by their names in the network's convention. */
  readonly mayExceed: (name: string) => boolean;
}

/** Which saved tensor stands for which of a network, and where that fails. */
export interface Matching {
  /** By the name of the tensor in the network. */
  readonly found: ReadonlyMap<string, Pairing>;
  /** The same for counters and what only training needs, where it is there and fits. */
  readonly idle: ReadonlyMap<string, Pairing>;
  /** What is allowed to be missing, and is. */
  readonly lacking: readonly Tensor[];
  readonly missing: readonly Tensor[];
  /** What no tensor of the network stands for, by its name after all mappings. */
  readonly unexpected: ReadonlyMap<string, MappedTensor>;
  readonly otherShape: readonly (Pairing & { readonly mayBeMissing: boolean })[];
  readonly otherDtype: readonly Pairing[];
  /** What nothing stands for and is allowed to be there. */
  readonly exceeding: readonly string[];
  /** The rules that a name was changed by. */
  readonly applied: ReadonlySet<Rule>;
}

export interface Pairing {
  readonly tensor: Tensor;
  readonly mapped: MappedTensor;
  /** Which axis in the file each axis of the tensor is; null: the same. */
  readonly axes: readonly number[] | null;
  /** What there is in the file, with its axes in that order; null where a mapping speaks of other axes than it has. */
  readonly shape: readonly number[] | null;
}

/**
 * Compares by name, shape and element type. Counters and what only training needs are in no model: they may be there
 * or not, and are not looked at. Throws a WeightsFault where two tensors get one name.
 */
export function match(architecture: Architecture, catalogue: Catalogue, options: MatchOptions): Matching {
  const { mappings, mayLack, mayExceed } = options;
  const known = new Set(architecture.tensors.map(({ name }) => name));
  const applied = new Set<Rule>();
  const saved = renamedCatalogue(catalogue, renamer(mappings, known, applied));
  const wanted = tensorsNeeded(architecture);
  const isIdle = (name: string) => known.has(name) || isCounter(name) || mayExceed(name);
  const layoutOf = ownLayouts(architecture);
  const paired = (tensors: readonly Tensor[]) =>
    tensors.flatMap((tensor) => {
      const one = saved.get(tensor.name);
      return one ? [pairing(tensor, one, layoutOf(tensor))] : [];
    });
  const absent = wanted.filter(({ name }) => !saved.has(name));
  const pairings = paired(wanted);
  const needed = new Set(wanted);
  const idle = paired(architecture.tensors.filter((one) => !needed.has(one)));
  return {
    found: new Map(pairings.map((one) => [one.tensor.name, one])),
    idle: new Map(idle.filter((one) => hasItsShape(one) && hasItsType(one)).map((one) => [one.tensor.name, one])),
    lacking: absent.filter(({ name }) => mayLack(name)),
    missing: absent.filter(({ name }) => !mayLack(name)),
    unexpected: new Map([...saved].filter(([name]) => !isIdle(name))),
    otherShape: pairings
      .filter((one) => !hasItsShape(one))
      .map((one) => ({ ...one, mayBeMissing: mayLack(one.tensor.name) })),
    otherDtype: pairings.filter((one) => !hasItsType(one)),
    exceeding: [...saved.keys()].filter((name) => !known.has(name) && mayExceed(name)),
    applied,
  };
}

function pairing(tensor: Tensor, mapped: MappedTensor, own: Layout): Pairing {
  const { layout, saved } = mapped;
  if (layout === null) return { tensor, mapped, axes: null, shape: saved.shape };
  const axes = saved.shape.length === layout.length ? axesOf(layout, own) : null;
  return { tensor, mapped, axes, shape: axes?.map((axis) => saved.shape[axis] as number) ?? null };
}

function hasItsShape({ tensor, shape }: Pairing): boolean {
  return shape !== null && isSameShape(tensor.shape, shape);
}

function hasItsType({ tensor, mapped }: Pairing): boolean {
  return (takenFor[tensor.dtype] as readonly Dtype[]).includes(mapped.saved.dtype);
}

/** In the conventions of others, too, that part names by `/`. */
export function isCounter(name: string): boolean {
  return /[./]num_batches_tracked$/.test(name);
}

export function isWhole({ missing, unexpected, otherShape, otherDtype }: Matching): boolean {
  return missing.length === 0 && unexpected.size === 0 && otherShape.length === 0 && otherDtype.length === 0;
}

/** Which saved types are taken for the types of a network; nothing is rounded to whole numbers. */
export const takenFor: Readonly<Record<Tensor["dtype"], readonly (Dtype & StoredType)[]>> = {
  float32: ["F64", "F32", "F16", "BF16"],
  int64: ["I64"],
};

/** The tensors whose values a model holds. */
export function tensorsNeeded(architecture: Architecture): readonly Tensor[] {
  const idle = new Set(architecture.trainingOps.flatMap(({ tensors }) => tensors.map(({ name }) => name)));
  return architecture.tensors.filter(({ name, role }) => role !== "num_batches_tracked" && !idle.has(name));
}

export function isSameShape(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((size, i) => size === other[i]);
}

function renamedCatalogue(catalogue: Catalogue, rename: (name: string) => Renamed): ReadonlyMap<string, MappedTensor> {
  const result = new Map<string, MappedTensor>();
  for (const [before, saved] of catalogue) {
    const { name, layout } = rename(before);
    const other = result.get(name);
    if (other)
      throw new WeightsFault("weights-map-clash", `${other.saved.name} and ${before} would both become ${name}`);
    result.set(name, { name, layout, saved });
  }
  return result;
}
