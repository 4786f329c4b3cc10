import type { LayerStats, Stats } from "../compiler/count.ts";
import type { Activation, Architecture, OpKind, Shape } from "../compiler/ir.ts";
import { nameOfRow } from "../outline/repetition.ts";
import { type Part, runsOf } from "../outline/scopes.ts";
import { familyOfRow, wordsOfRow } from "./rows.ts";
import type { Edge, FrameNode, Node, Sketch } from "./sketch.ts";
import { type Group, groupsOf, type Unit, unitsOf } from "./units.ts";
import { nameOfUse, noUse, type Use, useAt } from "./uses.ts";
import { roleOf } from "./vocabulary.ts";
import { Wiring } from "./wiring.ts";
import { merged, summaryOf } from "./words.ts";

/** What all drawings of a network begin with, however many scopes they open. */
export interface Subject {
  readonly architecture: Architecture;
  readonly parts: readonly Part[];
  readonly wiring: Wiring;
  /** Of all layers. */
  readonly total: number;
}

export function subjectOf(architecture: Architecture, { layers }: Pick<Stats, "layers">): Subject {
  return { architecture, parts: runsOf(architecture, layers), wiring: new Wiring(architecture), total: layers.length };
}

/**
 * A network as it is drawn with `depth` levels of scopes opened. Where it is not the reader who has chosen them, what
 * exchanges several tensors stays closed: it would be a tangle of lines.
 */
export function sketchOf(subject: Subject, depth: number, isAuto: boolean): Sketch {
  const { architecture, parts, wiring, total } = subject;
  const inside = nodesOf(parts, { level: 0, base: "", use: noUse }, { wiring, depth, isAuto, total });
  const ends = architecture.outputs.map(({ name, activation }) => endNode(name, activation));
  const nodes = [endNode(architecture.input.name, architecture.input.activation), ...inside, ...ends];
  const makers = makersOf(inside, 1);
  makers.set(architecture.input.activation, 0);
  const last: Edge[] = architecture.outputs.map(({ activation }, at) => {
    return { from: makers.get(activation) ?? -1, to: 1 + inside.length + at, activation };
  });
  return { nodes, edges: [...edgesBetween(inside, makers, 1), ...last] };
}

interface Gathering {
  readonly wiring: Wiring;
  readonly depth: number;
  readonly isAuto: boolean;
  readonly total: number;
}

interface Place {
  readonly level: number;
  /** The path that labels are relative to, with a dot at its end; or empty. */
  readonly base: string;
  readonly use: Use;
}

function endNode(label: string, { shape }: Activation): Node {
  const shapes = [shape, shape] as const;
  return { kind: "end", label, path: label, layers: [], times: 1, isParallel: false, isTraining: false, shapes };
}

function nodesOf(parts: readonly Part[], place: Place, gathering: Gathering): readonly Node[] {
  return groupsOf(unitsOf(parts, gathering.wiring), gathering.wiring).flatMap((group) => open(group, place, gathering));
}

function open(group: Group, place: Place, gathering: Gathering): readonly Node[] {
  const [turn] = group.turns as readonly [readonly Unit[]];
  const [unit] = turn as readonly [Unit];
  if (turn.length > 1) return [frameOfTurns(group, turn, place, gathering)];
  const { scope } = unit;
  if (scope === null) return [rowNode(group, place)];
  if (scope.dense) return [denseNode(group, scope, place, gathering)];
  return isOpened(scope, place, gathering)
    ? openScope(group, scope, place, gathering)
    : [scopeNode(group, scope, place, gathering)];
}

/** A block is opened with all plain scopes in it, as otherwise it would show nothing but them. */
function isOpened(scope: Part, place: Place, { depth, wiring, isAuto }: Gathering): boolean {
  if (isAuto && isExchange(scope, wiring)) return false;
  return place.level + 1 < depth || (place.use.site !== null && useAt(scope, place.use).site === place.use.site);
}

/** Several tensors enter, several leave, and what makes them is not independent of one another. */
function isExchange({ layers, parts }: Part, wiring: Wiring): boolean {
  if (wiring.entering(layers).size < 2 || wiring.leaving(layers).length < 2) return false;
  const groups = groupsOf(unitsOf(parts, wiring), wiring).map(({ turns }) =>
    turns.flat().flatMap((unit) => unit.layers),
  );
  const made = new Set(layers.map(({ op }) => op.output));
  return groups.some((group) => [...wiring.entering(group)].some((activation) => made.has(activation)));
}

function openScope(group: Group, scope: Part, place: Place, gathering: Gathering): readonly Node[] {
  const { wiring, total } = gathering;
  const times = group.turns.length;
  const isWhole = scope.layers.length > 0.85 * total;
  const use = useAt(scope, place.use);
  const hasPorts = wiring.entering(scope.layers).size > 1 || wiring.leaving(scope.layers).length > 1;
  // No frame can be drawn around what several tensors enter: one stands for all only while it is closed.
  if (hasPorts && times > 1) {
    if (gathering.isAuto) return [scopeNode(group, scope, place, gathering)];
    return group.turns.flatMap((turn) => open({ turns: [turn], isParallel: false }, place, gathering));
  }
  const nodes = nodesOf(scope.parts, { level: place.level + 1, base: `${scope.path}.`, use }, gathering);
  const isPlain = nodes.every(({ kind }) => kind === "row" || kind === "join" || kind === "scope");
  const isBlock = use.site !== place.use.site || nodes.some(({ kind }) => kind === "join");
  if (times > 1 || (isPlain && !hasPorts && isBlock)) {
    const blockName = nameOfUse(use, place.use);
    return [{ kind: "frame", ...commonOf(group, place), blockName, inside: sketched(nodes, wiring) }];
  }
  const prefix = isWhole ? "" : `${scope.path.slice(place.base.length)}.`;
  return nodes.map((node) => (node.label === "" ? node : { ...node, label: `${prefix}${node.label}` }));
}

/** What stands in a frame; of a single frame in it, what that one holds. */
function sketched(nodes: readonly Node[], wiring: Wiring): Sketch {
  const [only] = nodes;
  if (nodes.length === 1 && only?.kind === "frame" && only.times === 1) return only.inside;
  const makers = makersOf(nodes, 0);
  const leaving = wiring.leaving(nodes.flatMap(({ layers }) => layers));
  const last = leaving.map(
    (activation): Edge => ({ from: makers.get(activation) ?? -1, to: nodes.length, activation }),
  );
  return { nodes, edges: [...edgesBetween(nodes, makers, 0), ...last] };
}

/** Several units that repeat together, as a frame without a label. */
function frameOfTurns(group: Group, turn: readonly Unit[], place: Place, gathering: Gathering): Node {
  const nodes = turn.flatMap((unit) => open({ turns: [[unit]], isParallel: false }, place, gathering));
  const path = `${turn[0]?.path} to ${turn.at(-1)?.path}`;
  return { kind: "frame", ...commonOf(group, place), path, blockName: "", inside: sketched(nodes, gathering.wiring) };
}

function commonOf({ turns, isParallel }: Group, { base }: Place) {
  const units = turns.flat();
  const first = units[0] as Unit;
  const layers = units.flatMap((unit) => unit.layers);
  const labels = [first, units.at(-1) as Unit].map((unit) => labelOf(unit, base));
  const [before, after] = [turns[0], turns.at(-1)].map((turn) => lastShape(turn ?? []));
  return {
    label: labels.includes("") ? "" : nameOfRow(labels),
    path: first.path,
    layers,
    times: turns.length,
    isParallel,
    isTraining: layers.every(({ training }) => training),
    shapes: [before as Shape, after as Shape] as const,
  };
}

function lastShape(units: readonly Unit[]): Shape | undefined {
  return units.at(-1)?.layers.at(-1)?.op.output.shape;
}

/** A name that the compiler has made of the kind of a layer says nothing more. */
function labelOf({ path, layers, scope }: Unit, base: string): string {
  const label = path.startsWith(base) ? path.slice(base.length) : path;
  const isMade = scope === null && layers.some(({ op }) => op.name === path && isAutomatic(op.name, op.kind));
  return isMade ? "" : label;
}

function isAutomatic(name: string, kind: OpKind): boolean {
  const last = name.slice(name.lastIndexOf(".") + 1);
  const stem = [kind, kind === "add" ? "residual" : "gate"].find((one) => last.startsWith(one)) ?? last;
  return /^_?\d+(_\d+)?$/.test(last.slice(stem.length));
}

function rowNode(group: Group, place: Place): Node {
  const common = commonOf(group, place);
  const [first, last] = [group.turns[0]?.[0] as Unit, group.turns.at(-1)?.[0] as Unit];
  const words = merged(wordsOfRow(first.layers), wordsOfRow(last.layers));
  const [layer] = first.layers;
  if (layer && roleOf(layer.op) === "join") return { kind: "join", ...common, words };
  return { kind: "row", ...common, family: familyOfRow(first.layers), words };
}

function scopeNode(group: Group, scope: Part, place: Place, gathering: Gathering): Node {
  const [first, last] = [group.turns[0]?.[0] as Unit, group.turns.at(-1)?.[0] as Unit];
  const blockName = nameOfUse(useAt(scope, place.use), place.use);
  const words = merged(summaryOf(first.layers), summaryOf(last.layers));
  const opened = () => openedBlock(first, scope, place, gathering);
  const common = commonOf(group, place);
  const leaving = gathering.wiring.leaving(common.layers).map(({ shape }) => shape);
  return { kind: "scope", ...common, blockName, words, leaving, form: scope.form, opened };
}

/** All that is in a block that is drawn as one box elsewhere. */
function openedBlock(unit: Unit, scope: Part, place: Place, gathering: Gathering): FrameNode {
  const group: Group = { turns: [[unit]], isParallel: false };
  const use = useAt(scope, place.use);
  const inside = { level: 0, base: `${scope.path}.`, use };
  const nodes = nodesOf(scope.parts, inside, { ...gathering, depth: Infinity, isAuto: false });
  return {
    kind: "frame",
    ...commonOf(group, place),
    blockName: nameOfUse(use, place.use),
    inside: sketched(nodes, gathering.wiring),
  };
}

function denseNode(group: Group, { dense, parts }: Part, place: Place, { wiring }: Gathering): Node {
  const block = dense as NonNullable<Part["dense"]>;
  const layers = layersOfTurn(parts[0]);
  const words = layers.every(
    ({ op }, at) => at + 1 >= layers.length || wiring.isLink(op, (layers[at + 1] as LayerStats).op),
  )
    ? wordsOfRow(layers)
    : summaryOf(layers);
  return { kind: "dense", ...commonOf(group, place), block, words };
}

function layersOfTurn(part: Part | undefined): readonly LayerStats[] {
  return part?.layers ?? [];
}

function makersOf(nodes: readonly Node[], offset: number): Map<Activation, number> {
  return new Map(nodes.flatMap(({ layers }, at) => layers.map(({ op }) => [op.output, at + offset] as const)));
}

function edgesBetween(
  nodes: readonly Node[],
  makers: ReadonlyMap<Activation, number>,
  offset: number,
): readonly Edge[] {
  return nodes.flatMap(({ layers }, at) => {
    const read = new Set(layers.flatMap(({ op }) => op.inputs));
    return [...read].flatMap((activation): Edge[] => {
      const from = makers.get(activation) ?? -1;
      return from === at + offset ? [] : [{ from, to: at + offset, activation }];
    });
  });
}
