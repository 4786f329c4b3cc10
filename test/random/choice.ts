import fc from "fast-check";

/** The choices behind one statement; what they mean depends on what is possible where it stands. 0 is the plainest. */
export interface Choice {
  readonly kind: number;
  readonly numbers: readonly number[];
  readonly inner: readonly Choice[];
}

/** Choices that shrink to fewer and plainer statements. */
const statements: fc.Arbitrary<readonly Choice[]> = fc.letrec<{ list: readonly Choice[]; one: Choice }>((tie) => ({
  one: fc.record({
    kind: fc.nat(9_999),
    numbers: fc.array(fc.nat(999), { minLength: 20, maxLength: 20 }),
    inner: fc.oneof({ maxDepth: 3, withCrossShrink: true }, fc.constant([]), tie("list")),
  }),
  list: fc.array(tie("one"), { maxLength: 12, size: "+1" }),
})).list;

/** All that a random program is made of. */
export interface Plan {
  /** The input: channels, height, width, and whether the sides are open. */
  readonly input: readonly [number, number, number, number];
  /** What is chosen for the program as a whole. */
  readonly whole: readonly number[];
  readonly statements: readonly Choice[];
}

const side = fc.integer({ min: 1, max: 13 });

export const plans: fc.Arbitrary<Plan> = fc.record({
  input: fc.tuple(fc.integer({ min: 1, max: 6 }), side, side, fc.nat(7)),
  whole: fc.array(fc.nat(999), { minLength: 12, maxLength: 12 }),
  statements,
});
