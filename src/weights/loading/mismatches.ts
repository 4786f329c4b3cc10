import type { Tensor } from "../../compiler/ir.ts";
import { suggest } from "../../compiler/suggest.ts";
import type { MismatchKind } from "../codes.ts";
import type { SavedTensor } from "../safetensors/catalogue.ts";
import { elementsOf } from "../weights.ts";
import { isSameShape, type Matching, type Pairing, takenFor } from "./match.ts";

/** What is wrong with weights, in words. */
export interface Mismatch {
  readonly kind: MismatchKind;
  readonly message: string;
  /** What to try; empty where nothing can be said. */
  readonly help: string;
}

export interface Mismatches {
  /** The first of each kind. */
  readonly shown: readonly Mismatch[];
  /** How many there are in all, kind by kind: `3 tensors are missing, 1 has another shape`. */
  readonly summary: string;
}

/** Of each kind; a list of hundreds says no more than its beginning and its length. */
const mostShown = 8;

/**
 * Everything in which weights and a network differ, as one report. What is missing comes with the tensor that was
 * probably meant, which is then not said to be unexpected, too.
 */
export function describeMismatches(matching: Matching, file: string, network: string): Mismatches {
  const { missing, unexpected, otherShape, otherDtype } = matching;
  const meant = pairUp(missing, unexpected);
  const alone = [...unexpected].filter(([name]) => !new Set(meant.values()).has(name));
  const lists = [
    missing.map((tensor) => () => describeMissing(tensor, meant.get(tensor.name), unexpected, file)),
    alone.map(
      ([name, saved]) =>
        () =>
          describeUnexpected(name, saved, file, network),
    ),
    otherShape.map((pairing) => () => describeShape(pairing, file, network)),
    otherDtype.map((pairing) => () => describeDtype(pairing, file)),
  ];
  return {
    shown: lists.flatMap((list) => list.slice(0, mostShown).map((describe) => describe())),
    summary: [
      counted(missing.length, "is missing", "are missing"),
      counted(unexpected.size, "is unexpected", "are unexpected"),
      counted(otherShape.length, "has another shape", "have another shape"),
      counted(otherDtype.length, "has an element type that is not taken", "have element types that are not taken"),
    ]
      .filter((part) => part !== "")
      .join(", "),
  };
}

/** Which unexpected tensor was meant by each of the first that are missing, by their names. */
function pairUp(missing: readonly Tensor[], unexpected: ReadonlyMap<string, SavedTensor>): ReadonlyMap<string, string> {
  const free = new Map(unexpected);
  const meant = new Map<string, string>();
  for (const tensor of missing.slice(0, mostShown)) {
    const ofShape = [...free].filter(([, { shape }]) => isSameShape(shape, tensor.shape)).map(([name]) => name);
    const isOnly = missing.filter(({ shape }) => isSameShape(shape, tensor.shape)).length === 1;
    const near = suggest(tensor.name, ofShape) ?? (ofShape.length === 1 && isOnly ? ofShape[0] : null);
    const name = near ?? suggest(tensor.name, free.keys());
    if (!name) continue;
    meant.set(tensor.name, name);
    free.delete(name);
  }
  return meant;
}

function describeMissing(
  { name, shape }: Tensor,
  meant: string | undefined,
  unexpected: ReadonlyMap<string, SavedTensor>,
  file: string,
): Mismatch {
  const message = `${file} has no ${name} ${inBrackets(shape)}`;
  const other = meant === undefined ? undefined : unexpected.get(meant);
  if (!other) return { kind: "missing", message, help: "" };
  const form = isSameShape(shape, other.shape) ? "of the same shape" : `of shape ${inBrackets(other.shape)}`;
  return { kind: "missing", message, help: `it has ${nameOf(meant ?? "", other)}, ${form}, which is not used` };
}

function describeUnexpected(name: string, saved: SavedTensor, file: string, network: string): Mismatch {
  const message = `${file} has ${nameOf(name, saved)} ${inBrackets(saved.shape)}, and ${network} has no such tensor`;
  return { kind: "unexpected", message, help: "" };
}

function describeShape(
  { tensor, saved, mayBeMissing }: Matching["otherShape"][number],
  file: string,
  network: string,
): Mismatch {
  const shapes = `${inBrackets(saved.shape)} in ${file}, and ${inBrackets(tensor.shape)} in ${network}`;
  return {
    kind: "shape",
    message: `${nameOf(tensor.name, saved)} is ${shapes}`,
    help: mayBeMissing ? renameIt : helpOnShape(tensor, saved),
  };
}

const renameIt = "it may be missing, but it is there: a rule of --map that renames it lets it begin anew";

function helpOnShape({ shape }: Tensor, saved: SavedTensor): string {
  const [out, into, height, width] = shape;
  if (shape.length === 4 && isSameShape(saved.shape, [height, width, into, out] as number[])) {
    return "it is laid out as TensorFlow does, [h, w, in, out]; values are not moved: transpose it before";
  }
  if (shape.length === 2 && isSameShape(saved.shape, shape.toReversed())) {
    return "it is the other way round, [in, out]; values are not moved: transpose it before";
  }
  const isAsMany = elementsOf(shape) === elementsOf(saved.shape);
  return isAsMany ? "it has as many values, but shapes are not changed: reshape it before" : "";
}

function describeDtype({ tensor, saved }: Pairing, file: string): Mismatch {
  const taken = takenFor[tensor.dtype].join(", ");
  const message = `${nameOf(tensor.name, saved)} is ${saved.dtype} in ${file}; for ${tensor.dtype}, ${taken} can be taken`;
  return { kind: "dtype", message, help: "" };
}

/** With the name in the file, where a mapping has changed it. */
function nameOf(name: string, saved: SavedTensor): string {
  return saved.name === name ? name : `${name} (${saved.name})`;
}

function inBrackets(shape: readonly number[]): string {
  return `[${shape.join(", ")}]`;
}

function counted(count: number, one: string, several: string): string {
  if (count === 0) return "";
  return `${count.toLocaleString("en-US")} ${count === 1 ? `tensor ${one}` : `tensors ${several}`}`;
}
