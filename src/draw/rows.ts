import type { LayerStats } from "../compiler/count.ts";
import type { Word } from "./sketch.ts";
import type { Family, Role } from "./vocabulary.ts";
import { familyOf, roleOf, wordsOf } from "./vocabulary.ts";
import type { Wiring } from "./wiring.ts";

/**
 * Layers that follow one another, in the groups that are drawn as one box each: a convolution with what stands behind
 * it, `conv · BN · ReLU`, or where the row begins with that, as before a pre-activation unit, with what stands before.
 */
export function boxesOf(layers: readonly LayerStats[], wiring: Wiring): readonly (readonly LayerStats[])[] {
  const chains: LayerStats[][] = [];
  for (const layer of layers) {
    const chain = chains.at(-1);
    const last = chain?.at(-1);
    if (chain && last && last.training === layer.training && wiring.isLink(last.op, layer.op)) chain.push(layer);
    else chains.push([layer]);
  }
  return chains.flatMap(splitChain);
}

function splitChain(chain: readonly LayerStats[]): readonly (readonly LayerStats[])[] {
  const groups: (readonly LayerStats[])[] = [];
  let style: Style | null = null;
  for (let at = 0; at < chain.length; ) {
    const role = roleAt(chain, at);
    style =
      role === "companion" || role === "lead"
        ? (style ?? styleFrom(chain, at))
        : role === "head"
          ? (style ?? "behind")
          : null;
    const end = role === "join" ? endOfJoin(chain, at) : endOfBox(chain, at, style ?? "behind");
    groups.push(chain.slice(at, end));
    at = end;
  }
  return groups;
}

/** Where normalisation and activation stand: before the convolution that they belong to, or behind it. */
type Style = "before" | "behind";

function roleAt(chain: readonly LayerStats[], at: number): Role | null {
  const layer = chain[at];
  return layer ? roleOf(layer.op) : null;
}

/** Dropout and what only prepares a tensor say nothing of the style. */
function styleFrom(chain: readonly LayerStats[], start: number): Style {
  const first = chain.slice(start).find(({ op }) => roleOf(op) !== "lead" && !isDropout(op.kind));
  return first && roleOf(first.op) === "companion" ? "before" : "behind";
}

export function isDropout(kind: string): boolean {
  return kind === "dropout" || kind === "droppath";
}

/** Belongs to the convolution before it, whatever the style. */
function isTail(kind: string): boolean {
  return isDropout(kind) || kind === "shuffle" || kind === "upsample";
}

/** The activation behind a join belongs to it; a normalisation begins what follows. */
function endOfJoin(chain: readonly LayerStats[], at: number): number {
  const next = chain[at + 1]?.op;
  return next && roleOf(next) === "companion" && next.tensors.length === 0 && !isDropout(next.kind) ? at + 2 : at + 1;
}

function endOfBox(chain: readonly LayerStats[], start: number, style: Style): number {
  let at = start;
  while (roleAt(chain, at) === "lead" || roleAt(chain, at) === "companion") at++;
  const role = roleAt(chain, at);
  if (role === "join" || role === null) return at;
  if (role === "alone") return precedingAlone(chain, start, at);
  at++;
  while (roleAt(chain, at) === "companion" && (style === "behind" || isTail(chain[at]?.op.kind ?? ""))) at++;
  return at;
}

/** Before a pooling only what prepares it belongs to it: `pad 1 · max pool 3×3/2`. */
function precedingAlone(chain: readonly LayerStats[], start: number, at: number): number {
  const leads = chain.slice(start, at).every(({ op }) => roleOf(op) === "lead");
  return leads ? at + 1 : at;
}

/** What a box says of its layers. */
export function wordsOfRow(layers: readonly LayerStats[]): readonly Word[] {
  const strong = (role: Role) => role === "head" || role === "alone" || role === "join";
  const hasStrong = layers.some(({ op }) => strong(roleOf(op)));
  return layers.map(({ op }) => ({ text: wordsOf(op), isStrong: hasStrong ? strong(roleOf(op)) : true }));
}

/** The colour of a box is that of the layer that gives it its name. */
export function familyOfRow(layers: readonly LayerStats[]): Family {
  const named = layers.find(({ op }) => roleOf(op) === "head") ?? layers.find(({ op }) => roleOf(op) === "alone");
  return familyOf((named ?? (layers[0] as LayerStats)).op);
}
