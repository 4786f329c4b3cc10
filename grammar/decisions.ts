import {
  Alternation,
  getLookaheadPaths,
  type IProduction,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  type Rule,
} from "chevrotain";
import { maxLookahead } from "./analysed.ts";
import type { Decision, DecisionKind } from "./lookahead.ts";

/** The text of `decisions.generated.ts` for a grammar that Chevrotain has analysed. */
export function decisionsModule(rules: Readonly<Record<string, Rule>>): string {
  const decisions = Object.values(rules).flatMap(decisionsOf);
  return `// Generated from parser.ts: change that, then \`npm run generate\`.
import type { Decision } from "./lookahead.ts";

export const decisions: readonly Decision[] = [
${decisions.map((decision) => `  ${JSON.stringify(decision)},\n`).join("")}];
`;
}

function decisionsOf(rule: Rule): readonly Decision[] {
  return placesOf(rule.definition).map(({ kind, occurrence }) => {
    const paths = getLookaheadPaths({ rule, prodType: kind, occurrence, maxLookahead });
    const written = paths.map((alternative) => alternative.map((path) => path.map(({ name }) => name).join(" ")));
    // The second of what is no alternation is what comes after it.
    const own = kind === "Alternation" ? written : written.slice(0, 1);
    return { rule: rule.name, kind, occurrence, alternatives: own.map((alternative) => alternative.join("|")) };
  });
}

interface Place {
  readonly kind: DecisionKind;
  readonly occurrence: number;
}

const kinds = {
  Alternation,
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionWithSeparator,
  RepetitionMandatoryWithSeparator,
};

function placesOf(productions: readonly IProduction[]): readonly Place[] {
  return productions.flatMap((production) => {
    const kind = (Object.keys(kinds) as DecisionKind[]).find((name) => production instanceof kinds[name]);
    const leaf = production instanceof NonTerminal || !("definition" in production);
    const inside = leaf ? [] : placesOf(production.definition as IProduction[]);
    return kind ? [{ kind, occurrence: (production as Option).idx }, ...inside] : inside;
  });
}
