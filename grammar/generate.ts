import { generateCstDts, type Rule } from "chevrotain";
import { decisionsModule } from "./decisions.ts";
import { printEbnf } from "./ebnf.ts";
import { DnetParser } from "./parser.ts";
import { textMateGrammar } from "./textmate.ts";

/** The files that are generated from the grammar, by their names in this folder. */
export function generatedFiles(): Readonly<Record<string, string>> {
  const rules = new DnetParser(true).getGAstProductions();
  return {
    "cst.d.ts": generateCstDts(rules, { includeVisitorInterface: false }),
    "decisions.generated.ts": decisionsModule(rules),
    "dnet.ebnf": printEbnf(rules.file as Rule),
    "dnet.tmLanguage.json": `${JSON.stringify(textMateGrammar(), null, 2)}\n`,
  };
}
