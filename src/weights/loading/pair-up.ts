import type { Tensor } from "../../compiler/ir.ts";
import { suggest } from "../../compiler/suggest.ts";
import type { MappedTensor } from "./mapped.ts";
import { isSameShape } from "./match.ts";
import { endsOf, knownEnd } from "./suffixes.ts";

/** More of one shape are no weights of one network. */
const mostOfOneShape = 1000;
/** So many missing tensors get a suggestion by likeness: what is missing beyond is missing for one reason. */
const mostLikened = 200;

/**
 * Which unexpected tensor was meant by each that is missing: one of its name with something in front, or without what
 * its name has in front; of the first, also one of a similar name, of the same end, or the only one of its shape.
 */
export function pairUp(
  missing: readonly Tensor[],
  unexpected: ReadonlyMap<string, MappedTensor>,
): ReadonlyMap<Tensor, MappedTensor> {
  const free = new Map(unexpected);
  const meant = new Map<Tensor, MappedTensor>();
  const pair = (tensor: Tensor, name: string | null) => {
    const found = name === null ? undefined : free.get(name);
    if (!found || meant.has(tensor)) return;
    meant.set(tensor, found);
    free.delete(found.name);
  };
  const byName = new Map(missing.map((tensor) => [tensor.name, tensor]));
  for (const name of unexpected.keys()) {
    const tensor = byName.get(knownEnd(name, byName) ?? "");
    if (tensor) pair(tensor, name);
  }
  for (const tensor of missing) if (!meant.has(tensor)) pair(tensor, knownEnd(tensor.name, free));
  const alike = likeness(missing, unexpected, free);
  for (const tensor of missing.filter((one) => !meant.has(one)).slice(0, mostLikened)) pair(tensor, alike(tensor));
  return meant;
}

function likeness(
  missing: readonly Tensor[],
  unexpected: ReadonlyMap<string, MappedTensor>,
  free: ReadonlyMap<string, MappedTensor>,
): (tensor: Tensor) => string | null {
  const namesOf = new Map<string, string[]>();
  for (const { name, saved } of unexpected.values()) {
    const names = namesOf.get(saved.shape.join());
    if (names) names.push(name);
    else namesOf.set(saved.shape.join(), [name]);
  }
  return ({ name, shape }) => {
    const ofShape = (namesOf.get(shape.join()) ?? []).filter((one) => free.has(one));
    const isOnly = ofShape.length === 1 && missing.filter((one) => isSameShape(one.shape, shape)).length === 1;
    if (isOnly) return ofShape[0] as string;
    return suggest(name, ofShape) ?? onlyWithItsEnd(name, ofShape) ?? suggest(name, free.keys());
  };
}

/** The only name with the longest end of at least two parts, as `norm1.weight`; null where there are several. */
function onlyWithItsEnd(name: string, names: readonly string[]): string | null {
  if (names.length > mostOfOneShape) return null;
  for (const end of endsOf(name)) {
    const alike = /[./]/.test(end) ? names.filter((one) => one.endsWith(`.${end}`) || one.endsWith(`/${end}`)) : [];
    if (alike.length > 0) return alike.length === 1 ? (alike[0] as string) : null;
  }
  return null;
}
