import type { FileCstNode } from "../../grammar/cst.d.ts";
import type { Expr } from "./ast/expressions.ts";
import type { Program } from "./ast/program.ts";
import type { Report } from "./diagnostics.ts";
import { LimitExceeded, type Limits } from "./limits.ts";
import { Building } from "./parse/building.ts";
import { buildDeclaration } from "./parse/declarations.ts";
import { readExpression, readWith } from "./parse/reading.ts";
import type { Source, Span } from "./source.ts";

/**
 * The tree of a file. One always comes out, whatever the text: what could not be read is left out of it or stands in
 * it as `missing`, and has been reported. Throws `LimitExceeded` where the text is beyond the limits of bytes, tokens,
 * nesting or bits; after `limits.messages` messages it reports nothing more.
 */
export function parse(source: Source, limits: Limits, report: Report): Program {
  checkBytes(source, limits);
  const building = new Building(source, limits, atMost(limits.messages, report));
  const span = building.span(0, source.text.length);
  const { children } = readWith(building, span, (parser) => parser.file()) as FileCstNode;
  const declarations = (children.declaration ?? []).map((node) => buildDeclaration(building, node, span));
  return { kind: "program", source, span, declarations: declarations.filter((one) => one !== null) };
}

/** The tree of a part that must be one expression, as the value of `--set` is. Otherwise as `parse`. */
export function parseExpression(part: Span, limits: Limits, report: Report): Expr {
  checkBytes(part.source, limits);
  return readExpression(new Building(part.source, limits, atMost(limits.messages, report)), part);
}

function checkBytes(source: Source, limits: Limits): void {
  let bytes = source.text.length;
  for (let i = 0; i < source.text.length && bytes <= limits.bytes; i++) {
    const code = source.text.charCodeAt(i);
    // Beyond ASCII two bytes or three; half of a surrogate pair, four for both.
    if (code >= 0x80) bytes += code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 1 : 2;
  }
  if (bytes > limits.bytes) throw new LimitExceeded("bytes", { source, start: 0, end: 0 });
}

function atMost(messages: number, report: Report): Report {
  let left = messages;
  return (...diagnostic) => {
    if (left-- > 0) report(...diagnostic);
  };
}
