import { afterAll, describe, expect, it } from "vitest";
import { deep } from "../deep.ts";
import { programsIn } from "../robust/edits.ts";
import { figuresOf, formatFigures } from "./figures.ts";
import { judge, type Verdict } from "./judge.ts";
import { type Kind, kinds, original } from "./mutate.ts";
import { Random } from "./random.ts";

const programs = ["examples", "std", "test/fixtures/ok"].flatMap(programsIn);
const originals = programs.map(([name, text]) => [name, original(text)] as const);
/** Of each kind in each program; the same ones at every run. */
const perKind = deep ? 200 : 3;
const verdicts = new Map<Kind, readonly Verdict[]>();

/** Mutants that are wrong: each must be told of once, at its place, with the right word. */
describe("programs with one edit", () => {
  for (const kind of Object.keys(kinds) as Kind[]) {
    it(kind, () => {
      const found = originals.flatMap(([name, from]) => judgeSome(kind, from, new Random(`${name}, ${kind}`)));
      verdicts.set(kind, found);
      expect(figuresOf(found).median).toBe(1);
    });
  }

  it("are told of once, at their place, and with the word that was meant", () => {
    const { median, few, place, word } = figuresOf([...verdicts.values()].flat());
    expect(median).toBe(1);
    for (const share of [few, place, word]) expect(share).toBeGreaterThanOrEqual(0.95);
  });

  afterAll(() => {
    process.stdout.write(`${formatFigures(verdicts)}\n`);
  });
});

function judgeSome(kind: Kind, from: ReturnType<typeof original>, random: Random): readonly Verdict[] {
  const seen = new Set([from.text]);
  const found: Verdict[] = [];
  for (let i = 0; i < perKind; i++) {
    const mutant = kinds[kind](from, random);
    if (!mutant || seen.has(mutant.text)) continue;
    seen.add(mutant.text);
    const verdict = judge(mutant);
    if (verdict) found.push(verdict);
  }
  return found;
}
