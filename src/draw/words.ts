import type { LayerStats } from "../compiler/count.ts";
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

/**
 * Of a scope that is not opened: the channels that it concatenates, or its convolutions and poolings where they are
 * few; otherwise how many layers it has.
 */
export function summaryOf(layers: readonly LayerStats[]): readonly Word[] {
  const last = layers.findLast(({ op }) => roleOf(op) !== "companion");
  if (last?.op.kind === "concat" && last.op.inputs.length > 2) {
    return [{ text: last.op.inputs.map(({ shape }) => formatFactor(shape[0])).join(" + "), isStrong: false }];
  }
  const named = layers.filter(({ op }) => roleOf(op) === "head" || roleOf(op) === "alone");
  if (named.length === 0 || named.length > mostSummed) return [{ text: `${layers.length} layers`, isStrong: false }];
  return named.map(({ op }) => ({ text: wordsOf(op).replace(/^conv /, ""), isStrong: false }));
}
