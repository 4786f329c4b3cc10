import { generateCstDts, type Rule } from "chevrotain";
import { printEbnf } from "./ebnf.ts";
import { grammar } from "./parser.ts";
import { textMateGrammar } from "./textmate.ts";

/** The files that are generated from the grammar, by their names in this folder. */
export function generatedFiles(): Readonly<Record<string, string>> {
  const rules = grammar().getGAstProductions();
  return {
    "cst.d.ts": generateCstDts(rules, { includeVisitorInterface: false }),
    "dnet.ebnf": printEbnf(rules.file as Rule),
    "dnet.tmLanguage.json": `${JSON.stringify(textMateGrammar(), null, 2)}\n`,
  };
}
