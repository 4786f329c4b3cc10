import type { LayerStats } from "../compiler/count.ts";
import type { Activation, Op } from "../compiler/ir.ts";
import { formatFactor } from "../compiler/shape.ts";
import type { Word } from "./sketch.ts";
import { roleOf, wordsOf } from "./vocabulary.ts";

/** What both say, and `64…256` where they differ in a number. */
export function merged(first: readonly Word[], last: readonly Word[]): readonly Word[] {
  return first.map((word, at) => ({ ...word, text: mergedText(word.text, last[at]?.text ?? word.text) }));
}

function mergedText(first: string, last: string): string {
  const [before, after] = [first.split(/(\d+)/), last.split(/(\d+)/)];
  if (before.length !== after.length) return first;
  return before.map((piece, at) => (piece === after[at] ? piece : `${piece}…${after[at]}`)).join("");
}

const mostSummed = 4;
const mostJoined = 6;

/**
 * Of a scope that is not opened: the channels that it concatenates, or the convolutions and poolings on its longest way
 * where they are few; otherwise how many layers it has.
 */
export function summaryOf(layers: readonly LayerStats[]): readonly Word[] {
  const last = layers.findLast(({ op }) => roleOf(op) !== "companion");
  if (last?.op.kind === "concat" && last.op.inputs.length > 2 && last.op.inputs.length <= mostJoined) {
    return [{ text: last.op.inputs.map(({ shape }) => formatFactor(shape[0])).join(" + "), isStrong: false }];
  }
  const named = longestWay(layers);
  if (named.length === 0 || named.length > mostSummed) return [{ text: `${layers.length} layers`, isStrong: false }];
  return named.map((op) => ({ text: wordsOf(op).replace(/^conv /, ""), isStrong: false }));
}

/** The layers with a name of their own on the way that has most of them. */
function longestWay(layers: readonly LayerStats[]): readonly Op[] {
  const ways = new Map<Activation, Way>();
  for (const { op } of layers) {
    const before = op.inputs
      .map((input) => ways.get(input) ?? noWay)
      .reduce((most, one) => (one.length > most.length ? one : most), noWay);
    const isNamed = roleOf(op) === "head" || roleOf(op) === "alone";
    ways.set(op.output, isNamed ? { length: before.length + 1, op, before } : before);
  }
  const last = layers.at(-1);
  const named: Op[] = [];
  for (let way = last && ways.get(last.op.output); way?.op; way = way.before ?? undefined) named.unshift(way.op);
  return named;
}

interface Way {
  readonly length: number;
  readonly op: Op | null;
  readonly before: Way | null;
}

const noWay: Way = { length: 0, op: null, before: null };
