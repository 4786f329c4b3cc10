import type { IToken } from "chevrotain";

/**
 * A place of the grammar where the next tokens decide how to go on. To work all of them out takes longer than to read
 * most files, so it is done beforehand: `decisions.generated.ts`.
 */
export interface Decision {
  readonly rule: string;
  readonly kind: DecisionKind;
  /** Which one of its kind in the rule: 2 for `OPTION2`. */
  readonly occurrence: number;
  /** What each may begin with: names of tokens, one after another divided by spaces, one or another by bars. */
  readonly alternatives: readonly string[];
}

/** The numbers that Chevrotain has for the kinds. */
export const decisionKinds = {
  Alternation: 1,
  Option: 2,
  Repetition: 3,
  RepetitionMandatory: 4,
  RepetitionWithSeparator: 5,
  RepetitionMandatoryWithSeparator: 6,
} as const;

export type DecisionKind = keyof typeof decisionKinds;

/** What Chevrotain calls to decide: gives the alternative, if one fits, or whether to go in. */
export type Lookahead = (this: Reader) => number | boolean | undefined;

interface Reader {
  LA(howMany: number): IToken;
}

/** `tokens`: the numbers of the tokens by their names. */
export function lookaheadOf({ kind, alternatives }: Decision, tokens: ReadonlyMap<string, number>): Lookahead {
  const paths = alternatives.map((alternative) => alternative.split("|").map((path) => numbersOf(path, tokens)));
  const choose = paths.flat().every((path) => path.length === 1) ? byOneToken(paths) : bySeveral(paths);
  if (kind === "Alternation") return choose;
  return function () {
    return choose.call(this) === 0;
  };
}

type Path = readonly number[];
type Choose = (this: Reader) => number | undefined;

function numbersOf(path: string, tokens: ReadonlyMap<string, number>): Path {
  return path === "" ? [] : path.split(" ").map((name) => tokens.get(name) as number);
}

function byOneToken(alternatives: readonly (readonly Path[])[]): Choose {
  const chosen: (number | undefined)[] = [];
  for (const [index, paths] of alternatives.entries()) for (const [token = 0] of paths) chosen[token] ??= index;
  return function () {
    return chosen[this.LA(1).tokenTypeIdx];
  };
}

/** The first that fits. */
function bySeveral(alternatives: readonly (readonly Path[])[]): Choose {
  return function () {
    const index = alternatives.findIndex((paths) => paths.some((path) => fits(path, this)));
    return index < 0 ? undefined : index;
  };
}

function fits(path: Path, reader: Reader): boolean {
  return path.every((token, index) => reader.LA(index + 1).tokenTypeIdx === token);
}
