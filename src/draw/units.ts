import type { LayerStats } from "../compiler/count.ts";
import { repetitionAt } from "../outline/repetition.ts";
import type { Part } from "../outline/scopes.ts";
import { isChain, isRow } from "./repetition.ts";
import { boxesOf, isDropout } from "./rows.ts";
import { roleOf } from "./vocabulary.ts";
import type { Wiring } from "./wiring.ts";

/** What stands side by side in a scope: the layers of one box, or a scope. */
export interface Unit {
  readonly label: string;
  readonly path: string;
  readonly layers: readonly LayerStats[];
  /** Null for layers. */
  readonly scope: Part | null;
  readonly form: string;
  readonly figures: string;
}

/** Units that repeat, or one alone: `period` of them make a turn, and `turns` has each of these. */
export interface Group {
  readonly turns: readonly (readonly Unit[])[];
  readonly isParallel: boolean;
}

/** The parts of a scope, layers that make one box together. */
export function unitsOf(parts: readonly Part[], wiring: Wiring): readonly Unit[] {
  const units: Unit[] = [];
  let waiting: Part[] = [];
  const flush = () => {
    units.push(...rowsOf(waiting, wiring));
    waiting = [];
  };
  for (const part of parts) {
    const companions = companionsOf(part);
    if (companions !== null) waiting.push(...companions);
    else {
      flush();
      units.push(scopeUnit(part, wiring));
    }
  }
  flush();
  return attached(units, wiring);
}

/** What belongs to the box of a convolution is put there also where the convolution alone stands in a scope. */
function attached(units: readonly Unit[], wiring: Wiring): readonly Unit[] {
  const all: Unit[] = [];
  for (const unit of units) {
    const before = all.at(-1);
    const whole = before ? together(before, unit, wiring) : null;
    if (whole) all[all.length - 1] = whole;
    else all.push(unit);
  }
  return all;
}

/** One box of both; null where they are two. */
function together(before: Unit, unit: Unit, wiring: Wiring): Unit | null {
  const [last, next] = [before.layers.at(-1), unit.layers[0]];
  if (!last || !next || before.scope !== null || unit.scope !== null) return null;
  if (last.training !== next.training || !wiring.isLink(last.op, next.op)) return null;
  const named = isAttached(unit, before) ? before : isPreparation(before) && isHeaded(unit) ? unit : null;
  if (named === null) return null;
  return {
    ...named,
    layers: [...before.layers, ...unit.layers],
    form: `${before.form} ${unit.form}`,
    figures: `${before.figures} ${unit.figures}`,
  };
}

/** An activation behind a convolution. A normalisation, which has weights, may as well begin what follows. */
function isAttached({ layers }: Unit, before: Unit): boolean {
  return isHeaded(before) && layers.every(({ op }) => roleOf(op) === "companion" && op.tensors.length === 0);
}

function isHeaded({ layers: [first] }: Unit): boolean {
  return first !== undefined && roleOf(first.op) === "head";
}

function isPreparation({ layers }: Unit): boolean {
  return layers.every(({ op }) => roleOf(op) === "lead" || isDropout(op.kind));
}

/** A layer, or those of a scope that only stand beside a convolution: a block for the activation, say. */
function companionsOf(part: Part): readonly Part[] | null {
  if (part.parts.length === 0) return [part];
  if (!part.layers.every(({ op }) => roleOf(op) === "companion")) return null;
  return part.parts.flatMap((one) => companionsOf(one) ?? []);
}

function rowsOf(parts: readonly Part[], wiring: Wiring): readonly Unit[] {
  const byLayer = new Map(parts.map((part) => [part.layers[0] as LayerStats, part]));
  return boxesOf([...byLayer.keys()], wiring).map((layers) => {
    const inside = layers.map((layer) => byLayer.get(layer) as Part);
    const form = inside.map((part) => part.form).join(" ");
    const figures = inside.map((part) => part.figures).join(" ");
    const { label, path } = namingPart(inside);
    return { label, path, layers, scope: null, form, figures };
  });
}

/** The layer that names a box. */
function namingPart(parts: readonly Part[]): Part {
  const named = parts.find(({ layers: [layer] }) => layer && roleOf(layer.op) === "head");
  return named ?? (parts[0] as Part);
}

/** A scope that makes a single box is that box; so is what one construct makes, as `transition` does. */
function scopeUnit(scope: Part, wiring: Wiring): Unit {
  const { label, path, layers, form, figures } = scope;
  const inner = scope.dense ? [] : unitsOf(scope.parts, wiring);
  const [only] = inner;
  const isBox = (inner.length === 1 && only?.scope === null) || isConstruct(scope, wiring);
  return { label, path, layers, scope: isBox ? null : scope, form, figures };
}

function isConstruct({ layers, parts }: Part, wiring: Wiring): boolean {
  const [first] = layers;
  const isOne = layers.every(({ op }) => op.site.span === first?.op.site.span);
  return isOne && parts.every((part) => part.parts.length === 0) && isRow(layers, wiring);
}

/** Units in their groups: those that repeat and are wired alike share one. */
export function groupsOf(units: readonly Unit[], wiring: Wiring): readonly Group[] {
  const same = units.map(({ form, figures }) => `${form} ${figures}`);
  const alike = units.map(({ form }) => form);
  const groups: Group[] = [];
  for (let at = 0; at < units.length; ) {
    const group = repeated(units, same, at, wiring) ?? growing(units, alike, at, wiring) ?? single(units[at] as Unit);
    groups.push(group);
    at += group.turns.reduce((sum, turn) => sum + turn.length, 0);
  }
  return groups;
}

function single(unit: Unit): Group {
  return { turns: [[unit]], isParallel: false };
}

function repeated(units: readonly Unit[], keys: readonly string[], at: number, wiring: Wiring): Group | null {
  const { period, times } = repetitionAt(keys, at, false);
  if (times < 2) return null;
  const turns = Array.from({ length: times }, (_, time) => units.slice(at + time * period, at + (time + 1) * period));
  const kind = isChain(turns.map(layersOf), wiring);
  return kind === null ? null : { turns, isParallel: kind === "parallel" };
}

/** Scopes alike but for channels that grow by the same number from each to the next, as dense layers do. */
function growing(units: readonly Unit[], keys: readonly string[], at: number, wiring: Wiring): Group | null {
  const first = units[at];
  if (!first?.scope || first.scope.dense) return null;
  let end = at + 1;
  const step = growthBetween(first, units[end]);
  while (step !== null && keys[end] === keys[at] && growthBetween(units[end - 1], units[end]) === step) end++;
  const turns = units.slice(at, end).map((unit) => [unit]);
  return turns.length >= 3 && isChain(turns.map(layersOf), wiring) === "row" ? { turns, isParallel: false } : null;
}

function growthBetween(unit: Unit | undefined, next: Unit | undefined): number | null {
  const before = unit?.layers.at(-1)?.op.output.shape;
  const after = next?.layers.at(-1)?.op.output.shape;
  if (!before || !after || String(before.slice(1)) !== String(after.slice(1))) return null;
  const step = Number(after[0]) - Number(before[0]);
  return step > 0 ? step : null;
}

function layersOf(turn: readonly Unit[]): readonly LayerStats[] {
  return turn.flatMap(({ layers }) => layers);
}
