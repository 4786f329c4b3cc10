import type { LayerStats } from "../compiler/count.ts";
import type { Activation, Op } from "../compiler/ir.ts";
import type { Wiring } from "./wiring.ts";

/** Do the layers follow one another, each reading nothing but what the one before has made? */
export function isRow(layers: readonly LayerStats[], wiring: Wiring): boolean {
  return layers.every(({ op }, at) => {
    const next = layers[at + 1];
    return !next || wiring.isLink(op, next.op);
  });
}

/**
 * Are turns of the same form wired alike, so that one can stand for all? In a `row` each reads what the one before has
 * made; `parallel` ones read the same and not one another.
 */
export function isChain(turns: readonly (readonly LayerStats[])[], wiring: Wiring): "row" | "parallel" | null {
  const inputs = turns.map((turn, at) => inputsOf(turn, turns[at - 1] ?? []));
  const [first, second] = inputs;
  if (!first || !second || inputs.some((one) => one.length !== first.length)) return null;
  if (inputs.slice(2).some((one) => one.some((input, at) => !areSame(input, second[at])))) return null;
  const isParallel = second.every(({ from }) => from !== "before");
  const fits = first.every((input, at) => {
    const later = second[at];
    return later?.from === "before" ? input.from === "outside" : areSame(input, later);
  });
  if (!fits) return null;
  if (isParallel) return haveSameReaders(turns, wiring) ? "parallel" : null;
  return keepsToItself(turns, wiring) ? "row" : null;
}

/** Where an input comes from: a place in the same turn, in the turn before, or elsewhere. */
type Source =
  | { readonly from: "turn" | "before"; readonly place: number }
  | { readonly from: "outside"; readonly activation: Activation };

function inputsOf(turn: readonly LayerStats[], before: readonly LayerStats[]): readonly Source[] {
  const places = new Map(turn.map(({ op }, place) => [op.output, place]));
  const earlier = new Map(before.map(({ op }, place) => [op.output, place]));
  return turn.flatMap(({ op }) =>
    op.inputs.map((activation): Source => {
      const place = places.get(activation);
      if (place !== undefined) return { from: "turn", place };
      const past = earlier.get(activation);
      return past !== undefined ? { from: "before", place: past } : { from: "outside", activation };
    }),
  );
}

function areSame(one: Source, other: Source | undefined): boolean {
  if (one.from === "outside") return other?.from === "outside" && one.activation === other.activation;
  return other !== undefined && other.from === one.from && one.place === other.place;
}

/** Does what reads the first of parallel turns read all of them, at the same place? */
function haveSameReaders(turns: readonly (readonly LayerStats[])[], wiring: Wiring): boolean {
  const readers = turns.map((turn) => turn.map(({ op }) => wiring.readersOutside(op.output, turn)));
  const [first = []] = readers;
  return readers.every((one) => one.every((ops, place) => ops !== null && sameMembers(ops, first[place] ?? null)));
}

function sameMembers(one: readonly Op[], other: readonly Op[] | null): boolean {
  return other !== null && one.length === other.length && one.every((op) => other.includes(op));
}

/** Is what a turn makes read by nobody but the next? */
function keepsToItself(turns: readonly (readonly LayerStats[])[], wiring: Wiring): boolean {
  return turns.slice(0, -1).every((turn, at) => {
    const inside = new Set<Op>([...turn, ...(turns[at + 1] ?? [])].map(({ op }) => op));
    return turn.every(({ op }) => !wiring.isUsedOutside(op.output, inside));
  });
}
