import type { CstNode, IToken } from "chevrotain";
import type { MissingExpr, Name } from "../ast/expressions.ts";
import type { Report } from "../diagnostics.ts";
import { LimitExceeded, type Limits } from "../limits.ts";
import type { Source, Span } from "../source.ts";

/**
 * What building a tree from the parser's nodes needs. After a syntax error any child may be absent, whatever the
 * generated types say, and a token that the parser made up has no place and no text: so everything is asked for
 * through the functions of this file.
 */
export class Building {
  readonly source: Source;
  readonly limits: Limits;
  readonly report: Report;
  #depth: number;

  constructor(source: Source, limits: Limits, report: Report, depth = 0) {
    this.source = source;
    this.limits = limits;
    this.report = report;
    this.#depth = depth;
  }

  get depth(): number {
    return this.#depth;
  }

  /** Builds what lies one level deeper; throws `LimitExceeded` beyond the limit of nesting. */
  deeper<T>(span: Span, build: () => T): T {
    if (++this.#depth > this.limits.nesting) throw new LimitExceeded("nesting", span);
    const built = build();
    this.#depth--;
    return built;
  }

  span(start: number, end: number): Span {
    return { source: this.source, start, end };
  }

  spanOf(token: IToken): Span {
    return this.span(token.startOffset, token.startOffset + lengthOf(token));
  }

  name(token: IToken): Name {
    return { text: token.image, span: this.spanOf(token) };
  }

  /** The place of a node inside that of its parent; null for a node of which nothing was read. */
  within(parent: Span, node: CstNode | undefined): Span | null {
    const { startOffset, endOffset } = node?.location ?? {};
    if (startOffset === undefined || endOffset === undefined || Number.isNaN(startOffset)) return null;
    if (startOffset >= parent.end) return null;
    return this.span(startOffset, Math.min(endOffset + 1, parent.end));
  }

  /** An expression that is not there, at the end of what should hold it. */
  missing(parent: Span): MissingExpr {
    return { kind: "missing", span: this.span(parent.end, parent.end) };
  }
}

/** The token, if it was really read. */
export function whole(tokens: readonly IToken[] | undefined, index = 0): IToken | null {
  const token = tokens?.[index];
  return token && !token.isInsertedInRecovery ? token : null;
}

/** The tokens that were really read. */
export function wholeOnes(tokens: readonly IToken[] | undefined): readonly IToken[] {
  return (tokens ?? []).filter((token) => !token.isInsertedInRecovery);
}

/** The place may be longer or shorter than the image: what was mended says what was meant. */
function lengthOf(token: IToken): number {
  return (token.endOffset ?? token.startOffset) + 1 - token.startOffset;
}
