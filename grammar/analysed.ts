import { CstParser, type TokenType } from "chevrotain";
import { decisions } from "./decisions.generated.ts";
import { decisionKinds, type Lookahead, lookaheadOf } from "./lookahead.ts";

/**
 * A parser that need not analyse its grammar at every start: it takes its decisions from the generated table.
 *
 * It uses members that Chevrotain's types do not show; hence the exact version in package.json.
 */
export abstract class AnalysedParser extends CstParser {
  readonly #checked: boolean;
  readonly #vocabulary: readonly TokenType[];

  declare protected recoveryEnabled: boolean;
  declare protected selfAnalysisDone: boolean;
  declare protected fullRuleNameToShort: Readonly<Record<string, number>>;
  declare protected setLaFuncCache: (key: number, lookahead: Lookahead) => void;

  /** `checked`: analyse the grammar itself, and prove that it is LL(2) without ambiguity. */
  constructor(vocabulary: readonly TokenType[], checked: boolean) {
    super([...vocabulary], {
      recoveryEnabled: true,
      maxLookahead,
      skipValidations: !checked,
      nodeLocationTracking: "onlyOffset",
    });
    this.#checked = checked;
    this.#vocabulary = vocabulary;
  }

  protected override performSelfAnalysis(): void {
    if (this.#checked) {
      // Spares Chevrotain the tokens that may follow each rule: our recovery needs none.
      this.recoveryEnabled = false;
      super.performSelfAnalysis();
      this.recoveryEnabled = true;
      return;
    }
    const tokens = new Map(this.#vocabulary.map((type) => [type.name, type.tokenTypeIdx as number]));
    for (const decision of decisions) {
      const rule = this.fullRuleNameToShort[decision.rule] ?? 0;
      const key = rule | (decisionKinds[decision.kind] << bitsOfOccurrence) | decision.occurrence;
      this.setLaFuncCache(key, lookaheadOf(decision, tokens));
    }
    this.selfAnalysisDone = true;
  }
}

/** The number of tokens by which the grammar decides. */
export const maxLookahead = 2;

const bitsOfOccurrence = 8;
