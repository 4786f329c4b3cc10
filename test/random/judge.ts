import type { Architecture } from "../../src/compiler/ir.ts";
import type { Outputs } from "../../src/reference/evaluate.ts";
import type { Sample } from "../../src/reference/sample.ts";
import { compareTensors } from "../../src/verification/differences.ts";
import { tolerances } from "../../src/verification/tolerance.ts";
import type { Weights } from "../../src/weights/weights.ts";
import { roundingErrors } from "./rounding.ts";

/** How near networks came to what is allowed. */
export interface Figures {
  /** The greatest error over its tolerance. */
  worst: number;
  /** How many runs of models were compared. */
  runs: number;
  /** Comparisons that only the tolerance for what rounding does to the network allows. */
  conditioned: number;
}

/** What a network should compute of a batch, and how far from it a model may be. */
export class Judge {
  readonly #architecture: Architecture;
  readonly #expected: Outputs;
  readonly #figures: Figures;
  readonly #rounding: () => ReadonlyMap<string, number>;
  readonly #where: string;

  constructor(
    architecture: Architecture,
    weights: Weights,
    given: {
      readonly samples: readonly Sample[];
      readonly sizes: ReadonlyMap<string, number>;
      readonly expected: Outputs;
    },
    figures: Figures,
  ) {
    const { samples, sizes, expected } = given;
    let rounding: ReadonlyMap<string, number> | null = null;
    this.#architecture = architecture;
    this.#expected = expected;
    this.#figures = figures;
    this.#where = `${architecture.name} at ${JSON.stringify([...sizes])}`;
    this.#rounding = () => {
      rounding ??= roundingErrors(architecture, weights, samples, sizes, expected);
      return rounding;
    };
  }

  /** Throws where an output of the first `batch` samples is not what it should be. */
  judge(by: string, batch: number, found: (name: string) => Float32Array): void {
    const allowed = tolerances(this.#architecture);
    this.#figures.runs++;
    for (const { name, activation } of this.#architecture.outputs) {
      const samples = (this.#expected.get(name) ?? []).slice(0, batch);
      const { maxRelError, nonFinite } = compareTensors(found(name), samples);
      const where = `${this.#where}, ${by}, batch ${batch}: the output ${name}`;
      if (nonFinite > 0) throw new Error(`${where} has ${nonFinite} values that are not finite`);
      const tolerance = this.#toleranceFor(name, allowed.get(activation) ?? 0, maxRelError);
      if (!(maxRelError <= tolerance)) throw new Error(`${where} is ${maxRelError} off, more than ${tolerance}`);
      this.#figures.worst = Math.max(this.#figures.worst, maxRelError / tolerance);
    }
  }

  /** More than the tolerance of a well-conditioned network only where rounding what its layers make moves it that far. */
  #toleranceFor(name: string, plain: number, error: number): number {
    if (error <= plain) return plain;
    this.#figures.conditioned++;
    return Math.max(plain, margin * (this.#rounding().get(name) ?? 0));
  }
}

/** How many times the error may be that of rounding what each layer makes. */
const margin = 256;
