import type { LayerStats } from "../compiler/count.ts";
import type { Activation, Architecture, Op } from "../compiler/ir.ts";

/** Who reads what in a network. */
export class Wiring {
  readonly #readers = new Map<Activation, Op[]>();
  readonly #published: ReadonlySet<Activation>;

  constructor({ ops, trainingOps, outputs }: Architecture) {
    for (const op of [...ops, ...trainingOps]) {
      for (const input of op.inputs) {
        const known = this.#readers.get(input);
        if (known) known.push(op);
        else this.#readers.set(input, [op]);
      }
    }
    this.#published = new Set(outputs.map(({ activation }) => activation));
  }

  /** Does `next` read what `op` makes, nothing else, and nothing else does? */
  isLink(op: Op, next: Op): boolean {
    const readers = this.#readers.get(op.output) ?? [];
    return next.inputs.length === 1 && readers.length === 1 && readers[0] === next && !this.#published.has(op.output);
  }

  /** What comes into some layers from outside them. */
  entering(layers: readonly LayerStats[]): ReadonlySet<Activation> {
    const made = new Set(layers.map(({ op }) => op.output));
    return new Set(layers.flatMap(({ op }) => op.inputs.filter((input) => !made.has(input))));
  }

  /** What others than these layers use of what they make. */
  leaving(layers: readonly LayerStats[]): readonly Activation[] {
    const inside = new Set(layers.map(({ op }) => op));
    return layers.flatMap(({ op: { output } }) => (this.isUsedOutside(output, inside) ? [output] : []));
  }

  /** Null where an output of the network is among them. */
  readersOutside(activation: Activation, layers: readonly LayerStats[]): readonly Op[] | null {
    if (this.#published.has(activation)) return null;
    return (this.#readers.get(activation) ?? []).filter((reader) => !layers.some(({ op }) => op === reader));
  }

  isUsedOutside(activation: Activation, inside: ReadonlySet<Op>): boolean {
    const readers = this.#readers.get(activation) ?? [];
    return this.#published.has(activation) || readers.some((reader) => !inside.has(reader));
  }
}
