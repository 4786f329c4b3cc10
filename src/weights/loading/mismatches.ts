import type { Tensor } from "../../compiler/ir.ts";
import type { StoredType } from "../recipe.ts";
import type { Dtype } from "../safetensors/dtypes.ts";
import { elementsOf } from "../weights.ts";
import type { MappedTensor } from "./mapped.ts";
import { isSameShape, type Matching, type Pairing, takenFor } from "./match.ts";
import { pairUp } from "./pair-up.ts";

/** One thing in which weights are not what a network needs, as data and in words. */
export type Mismatch = Told & (Missing | Unexpected | OtherShape | OtherDtype | StrangeValues);

/** Put into words when these are asked for: of a file of another kind there may be hundreds of thousands. */
interface Told {
  readonly message: string;
  /** What to try; empty where nothing can be said. */
  readonly help: string;
}

export interface Missing {
  readonly kind: "missing";
  readonly tensor: Tensor;
  /** What is there in vain and was probably meant; null where nothing can be said. */
  readonly meant: MappedTensor | null;
}

export interface Unexpected {
  readonly kind: "unexpected";
  readonly found: MappedTensor;
  /** What is missing and was probably meant; null where nothing can be said. */
  readonly meantFor: Tensor | null;
}

export interface OtherShape {
  readonly kind: "shape";
  readonly tensor: Tensor;
  readonly found: MappedTensor;
}

export interface OtherDtype {
  readonly kind: "dtype";
  readonly tensor: Tensor;
  readonly found: MappedTensor;
  readonly taken: readonly (Dtype & StoredType)[];
}

/** Values that float32 cannot hold, entries of a table that point at no channel, what is no finite number, and variances below 0. */
export interface StrangeValues {
  readonly kind: "overflow" | "range" | "notFinite" | "variance";
  readonly found: MappedTensor;
  /** How many of its values. */
  readonly count: number;
}

/**
 * In which names, shapes and types weights and a network differ, kind by kind. What is missing comes with the tensor
 * that was probably meant.
 */
export function describeMismatches(matching: Matching, file: string, network: string): readonly Mismatch[] {
  const { missing, unexpected, otherShape, otherDtype } = matching;
  const meant = pairUp(missing, unexpected);
  const meantFor = new Map([...meant].map(([tensor, found]) => [found, tensor]));
  return [
    ...missing.map((tensor) => describeMissing(tensor, meant.get(tensor) ?? null, file)),
    ...[...unexpected.values()].map((found) => describeUnexpected(found, meantFor.get(found) ?? null, file, network)),
    ...otherShape.map((pairing) => describeShape(pairing, file, network)),
    ...otherDtype.map((pairing) => describeDtype(pairing, file)),
  ];
}

/** How many there are, kind by kind: `3 tensors are missing, 1 tensor has another shape`. Empty where there are none. */
export function summarizeMatching({ missing, unexpected, otherShape, otherDtype }: Matching): string {
  return [
    counted(missing.length, "is missing", "are missing"),
    counted(unexpected.size, "is unexpected", "are unexpected"),
    counted(otherShape.length, "has another shape", "have another shape"),
    counted(otherDtype.length, "has an element type that is not taken", "have element types that are not taken"),
  ]
    .filter((part) => part !== "")
    .join(", ");
}

function describeMissing(tensor: Tensor, meant: MappedTensor | null, file: string): Mismatch {
  const { name, shape } = tensor;
  return {
    kind: "missing",
    tensor,
    meant,
    get message() {
      return `${file} has no ${name} ${inBrackets(shape)}`;
    },
    get help() {
      if (!meant) return "";
      const other = meant.saved.shape;
      const form = isSameShape(shape, other) ? "of the same shape" : `of shape ${inBrackets(other)}`;
      return `it has ${nameOf(meant)}, ${form}, which is not used`;
    },
  };
}

function describeUnexpected(found: MappedTensor, meantFor: Tensor | null, file: string, network: string): Mismatch {
  return {
    kind: "unexpected",
    found,
    meantFor,
    get message() {
      return `${file} has ${nameOf(found)} ${inBrackets(found.saved.shape)}, and ${network} has no such tensor`;
    },
    get help() {
      return meantFor === null ? "" : `${meantFor.name} is missing, and was probably meant`;
    },
  };
}

function describeShape(
  { tensor, mapped, mayBeMissing }: Matching["otherShape"][number],
  file: string,
  network: string,
): Mismatch {
  const { layout, saved } = mapped;
  const inFile = `${inBrackets(saved.shape)}${layout === null ? "" : ` (${layout})`}`;
  return {
    kind: "shape",
    tensor,
    found: mapped,
    message: `${nameOf(mapped)} is ${inFile} in ${file}, and ${inBrackets(tensor.shape)} in ${network}`,
    help: mayBeMissing ? renameIt(tensor.name) : helpOnShape(tensor, mapped),
  };
}

/** It may be missing, but it is there. */
function renameIt(name: string): string {
  const layer = name.replace(/\.[^.]*$/, "");
  const rule = `${layer}.{role} -> old.${layer}.{role}`;
  return `to let it begin anew, rename it in the file by a rule of --map, \`${rule}\`, with --allow-unexpected 'old.*'`;
}

function helpOnShape({ shape }: Tensor, { saved, layout }: MappedTensor): string {
  if (layout !== null) {
    const isOfItsRank = layout.length === saved.shape.length && layout.length === shape.length;
    return isOfItsRank ? "" : `by a mapping it lies there as (${layout}), with ${layout.length} axes`;
  }
  const [out, into, height, width] = shape;
  if (shape.length === 4 && isSameShape(saved.shape, [height, width, into, out] as number[])) {
    return "it is laid out as TensorFlow does: a rule of --map that ends in (HWIO) transposes it";
  }
  if (shape.length === 2 && isSameShape(saved.shape, shape.toReversed())) {
    return "it is the other way round: a rule of --map that ends in (IO) transposes it";
  }
  const isAsMany = elementsOf(shape) === elementsOf(saved.shape);
  return isAsMany ? "it has as many values, but shapes are not changed: reshape it before" : "";
}

function describeDtype({ tensor, mapped }: Pairing, file: string): Mismatch {
  const taken = takenFor[tensor.dtype];
  const message = `${nameOf(mapped)} is ${mapped.saved.dtype} in ${file}; for ${tensor.dtype}, ${taken.join(", ")} can be taken`;
  return { kind: "dtype", tensor, found: mapped, taken, message, help: "" };
}

/** With the name in the file, where a mapping has changed it. */
export function nameOf({ name, saved }: MappedTensor): string {
  return saved.name === name ? name : `${name} (${saved.name})`;
}

function inBrackets(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

function counted(count: number, one: string, several: string): string {
  if (count === 0) return "";
  return `${count.toLocaleString("en-US")} ${count === 1 ? `tensor ${one}` : `tensors ${several}`}`;
}
