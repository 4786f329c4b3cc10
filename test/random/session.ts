import fc from "fast-check";
import { plans } from "./choice.ts";
import { addCoverage, type Coverage } from "./coverage.ts";
import { checkInvalid, invalidProgramOf, mistakes } from "./invalid.ts";
import type { Figures } from "./judge.ts";
import { programOf, type RandomProgram } from "./program.ts";
import { type Options, verifyProgram } from "./verified.ts";

export interface Run {
  readonly count: number;
  readonly seed: number;
  /** After each program: how many there were. */
  progress?(done: number): void;
}

/** Counts the programs up to the first that fails; those that it is shrunk to are none. */
function counting({ progress }: Run): { readonly passed: () => void; readonly failed: () => void } {
  let [done, isOver] = [0, false];
  return {
    passed() {
      if (!isOver) progress?.(++done);
    },
    failed() {
      isOver = true;
    },
  };
}

/** What was found: null, or the seed, the mistake and the program, shrunk. */
export interface Found<Summary> {
  readonly failure: string | null;
  readonly summary: Summary;
}

export interface ValidSummary extends Figures {
  readonly coverage: Coverage;
}

const options: fc.Arbitrary<Options> = fc.record({
  opset: fc.integer({ min: 13, max: 21 }),
  fold: fc.boolean(),
  batch: fc.constantFrom(null, null, 1, 2, 3),
  dtype: fc.constantFrom("f32", "f32", "f16", "bf16"),
  keepIo: fc.constantFrom("f32", "none"),
});

/** Random programs that are valid: each compiles, counts as it says, and its model computes what it says. */
export async function runValid(run: Run): Promise<Found<ValidSummary>> {
  const summary: ValidSummary = { worst: 0, runs: 0, conditioned: 0, coverage: new Map() };
  const programs = counting(run);
  const property = fc.asyncProperty(plans, options, async (plan, given) => {
    const program = programOf(plan);
    try {
      await verifyProgram(program, given, summary);
    } catch (error) {
      programs.failed();
      throw new Error(`${(error as Error).message}\n${describe(program, given)}`);
    }
    addCoverage(summary.coverage, program);
    programs.passed();
  });
  return { failure: failureOf(await fc.check(property, parameters(run))), summary };
}

function describe({ text, parts, sizes }: RandomProgram, given: Options): string {
  const at = sizes.map((one) => JSON.stringify(Object.fromEntries(one))).join(" ");
  const apart = parts === null ? "" : `\n--- parts.dnet\n${parts}`;
  return `options: ${JSON.stringify(given)}${at === "" ? "" : `, at the sizes ${at}`}\n--- test.dnet\n${text}${apart}`;
}

export interface InvalidSummary {
  /** How often each kind of mistake was made. */
  readonly kinds: Map<string, number>;
}

/** Random programs with one mistake: each is refused, once, with the right code, at the right place. */
export async function runInvalid(run: Run): Promise<Found<InvalidSummary>> {
  const summary: InvalidSummary = { kinds: new Map() };
  const programs = counting(run);
  const property = fc.property(mistakes, (mistake) => {
    const program = invalidProgramOf(mistake);
    try {
      checkInvalid(program);
    } catch (error) {
      programs.failed();
      const files = [...program.files].map(([path, text]) => `--- ${path}\n${text}`).join("\n");
      throw new Error(`${program.kind}: ${(error as Error).message}\n${files}`);
    }
    summary.kinds.set(program.kind, (summary.kinds.get(program.kind) ?? 0) + 1);
    programs.passed();
  });
  return { failure: failureOf(fc.check(property, parameters(run))), summary };
}

function parameters({ count, seed }: Run) {
  return { numRuns: count, seed };
}

function failureOf<Input>(details: fc.RunDetails<Input>): string | null {
  if (!details.failed) return null;
  return `seed ${details.seed}, program ${details.numRuns}, shrunk ${details.numShrinks} times\n${(details.errorInstance as Error | null)?.message}`;
}
