import type { CstNode } from "chevrotain";
import type { ExprCstNode } from "../../../grammar/cst.d.ts";
import { type DnetParser, grammar } from "../../../grammar/parser.ts";
import { TooDeep } from "../../../grammar/recovery.ts";
import { tokenize } from "../../../grammar/tokens.ts";
import type { Expr } from "../ast/expressions.ts";
import { LimitExceeded } from "../limits.ts";
import type { Span } from "../source.ts";
import { mendBrackets } from "./brackets.ts";
import type { Building } from "./building.ts";
import { buildExpr } from "./expressions.ts";
import { withoutForeignImports } from "./foreign-imports.ts";
import { mendWords } from "./foreign-words.ts";
import { mendLabels } from "./labels.ts";
import { mend } from "./lexical.ts";
import { reportFailures } from "./syntax-errors.ts";

/** A part of the source that must be one expression. */
export function readExpression(building: Building, span: Span): Expr {
  const node = readWith(building, span, (parser) => parser.expr());
  return buildExpr(building, node as ExprCstNode, span);
}

/** What a rule of the grammar makes of a part of the source. Reports every mistake of lexing and parsing. */
export function readWith(building: Building, part: Span, rule: (parser: DnetParser) => CstNode): CstNode {
  const { source, limits, report } = building;
  const { tokens } = tokenize(source.text.slice(part.start, part.end));
  const excess = tokens[limits.tokens];
  for (const token of part.start === 0 ? [] : tokens) {
    token.startOffset += part.start;
    token.endOffset = (token.endOffset ?? token.startOffset) + part.start;
  }
  if (excess) throw new LimitExceeded("tokens", building.spanOf(excess));
  const nesting = limits.nesting - building.depth;
  const read = withoutForeignImports(tokens, source, report);
  const labelled = mendLabels(mendWords(read, source, report), source, report);
  const mended = mendBrackets(mend(labelled, source, report), source, nesting, report);
  const parser = grammar();
  parser.begin(mended.tokens, source.text, { nesting, failures: limits.messages });
  try {
    const node = rule(parser);
    const blamed = reportFailures(parser.failures, mended, source, report);
    for (const { token, say } of mended.waiting) if (!blamed.has(token)) say(report);
    return node;
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    const { startOffset } = error.token;
    const at = Number.isNaN(startOffset) ? part.end : startOffset;
    throw new LimitExceeded("nesting", building.span(at, Math.min(at + 1, part.end)));
  }
}
