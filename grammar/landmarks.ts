import type { IToken, TokenType } from "chevrotain";
import * as t from "./tokens.ts";

/**
 * Where a parser that has lost its way can find it again. Newlines mean nothing in the language, but people write a
 * statement to a line, so after a mistake the beginnings of lines are the best signs there are.
 *
 * Every index is that of a token; `count` stands for the end of the text.
 */
export class Landmarks {
  readonly count: number;
  readonly #tokens: readonly IToken[];
  readonly #text: string;

  constructor(tokens: readonly IToken[], text: string) {
    // The parser appends end marks to the same array while it works.
    this.count = tokens.length;
    this.#tokens = tokens;
    this.#text = text;
  }

  /** The index of a token that lies at or before `last`; −1 if it does not. */
  indexOf(token: IToken, last: number): number {
    return this.#tokens.lastIndexOf(token, last);
  }

  beginsLine(index: number): boolean {
    const token = this.#tokens[index];
    const before = this.#tokens[index - 1];
    if (!token || index >= this.count) return false;
    return before === undefined || /[\n\r]/.test(this.#text.slice((before.endOffset ?? 0) + 1, token.startOffset));
  }

  /** Where the next declaration begins, at or after `from`. */
  nextDeclaration(from: number): number {
    let index = from;
    while (index < this.count && !this.#beginsDeclaration(index)) index++;
    return index;
  }

  /** Where the next statement of the same body begins, or where the body ends. */
  nextStatement(from: number): number {
    let depth = 0;
    for (let index = from; index < this.count; index++) {
      const type = this.#type(index);
      if (this.opensDeclaration(index)) return index;
      if (type === t.LeftBrace) depth++;
      else if (type === t.RightBrace && depth-- === 0) return index;
      else if (depth === 0 && this.beginsStatement(index)) return index;
      if (type === t.RightBrace && depth === 0 && !this.#goesOn(index + 1)) return index + 1;
    }
    return this.count;
  }

  /** Where to go on after a token that begins no statement: past a nested declaration, or past as little as possible. */
  afterStray(stray: number): number {
    const type = this.#type(stray);
    if (type === t.LeftBrace) return this.nextStatement(stray);
    if (!declarationWords.has(type)) return this.nextStatement(stray + 1);
    const brace = this.openingBrace(stray + 1);
    return brace === null ? this.nextStatement(stray + 1) : this.nextStatement(brace);
  }

  /** Where the item of a list ends: at a comma or a closing bracket of its own level. Null where there is none. */
  itemEnd(from: number): number | null {
    return this.#scan(from, (type) => type === t.Comma || closers.has(type));
  }

  /** The brace that opens the body after a header. Null where the header has none. */
  openingBrace(from: number): number | null {
    return this.#scan(from, (type) => type === t.LeftBrace);
  }

  /** Whether a round or square bracket is open before this token. */
  insideBracket(index: number): boolean {
    return this.openBracket(index) !== null;
  }

  /** The innermost round or square bracket that is open before this token. */
  openBracket(index: number): number | null {
    let depth = 0;
    for (let i = index - 1; i >= 0; i--) {
      const type = this.#type(i);
      if (type === t.LeftBrace || type === t.RightBrace) return null;
      if (closers.has(type)) depth++;
      else if (openers.has(type) && depth-- === 0) return i;
    }
    return null;
  }

  /**
   * The brace that was probably never closed, of those before this token: the innermost open one; but where a line
   * that begins with `}` is indented less than the line that opened, the one it was counted against.
   */
  unclosedBrace(index: number): number | null {
    const open: number[] = [];
    let suspect: number | null = null;
    for (let i = 0; i < index; i++) {
      if (this.#type(i) === t.LeftBrace) open.push(i);
      else if (this.#type(i) === t.RightBrace) {
        const opener = open.pop();
        if (opener === undefined || suspect !== null || !this.beginsLine(i)) continue;
        if (this.#indent(i) < this.#indent(opener)) suspect = opener;
      }
      if (open.length === 0) suspect = null;
    }
    return suspect ?? open.at(-1) ?? null;
  }

  /**
   * Where the body that opens at a brace and is not closed before `limit` should have ended: before the first line that
   * is indented no more than the line that opens it, at the latest before `limit`.
   */
  bodyEnd(open: number, limit: number): number {
    let depth = 0;
    for (let index = open + 1; index < limit; index++) {
      const type = this.#type(index);
      const begins = depth === 0 && this.beginsLine(index) && !closers.has(type);
      if (begins && this.#indent(index) <= this.#indent(open)) return index;
      if (type === t.LeftBrace) depth++;
      else if (type === t.RightBrace && depth-- === 0) return index;
    }
    return limit;
  }

  /**
   * Whether the body ends here without its brace: at the end of the text, or where a declaration begins and the
   * braces behind it do not close the bodies that are open.
   */
  leavesBodyOpen(index: number, openBodies: number): boolean {
    if (index >= this.count) return true;
    return this.opensDeclaration(index) && this.#closersAhead(index, this.count) < openBodies;
  }

  /**
   * A token to take in place of the `expected` one: its index if it is there, `index - 1` if the text reads as if it
   * had been forgotten, null if neither helps.
   */
  substitute(expected: TokenType, index: number, openBodies: number): number | null {
    const found = this.#type(index);
    const forgotten = index - 1;
    if (closers.has(expected)) return this.#closer(expected, index);
    if (expected === t.RightBrace) {
      const end = this.#scan(index, (type) => type === t.RightBrace);
      return this.leavesBodyOpen(index, openBodies) ? forgotten : end;
    }
    if (expected === t.LeftBrace) {
      const end = this.#nextBareDeclaration(index);
      return this.#closersAhead(index, end) > openBodies - 1 ? forgotten : null;
    }
    if (expected === t.Name && found && t.isKeyword(found)) return this.#followsName(index + 1) ? index : null;
    if (expected === t.Name) return this.#followsName(index) ? forgotten : null;
    if (expected === t.Assign) return found === t.Colon || found === t.Equal ? index : forgotten;
    if (expected === t.In && found === t.Name && this.#type(index + 1) !== t.LeftBrace) return index;
    return null;
  }

  #closer(expected: TokenType, index: number): number | null {
    const end = this.#scan(index, (type) => closers.has(type));
    if (end !== null && this.#type(end) === expected) return end;
    const found = this.#type(index);
    const begins = found === undefined || found === t.Name || this.beginsLine(index) || afterCloser.has(found);
    return begins ? index - 1 : null;
  }

  /** The first token of its own level of brackets that fits, before the statement ends. */
  #scan(from: number, fits: (type: TokenType) => boolean): number | null {
    let depth = 0;
    for (let index = from; index < this.count; index++) {
      const type = this.#type(index) as TokenType;
      if (depth === 0 && fits(type)) return index;
      if (type === t.LeftBrace || type === t.RightBrace) return null;
      if (index > from && this.beginsStatement(index)) return null;
      if (openers.has(type)) depth++;
      else if (closers.has(type)) depth = Math.max(0, depth - 1);
    }
    return null;
  }

  #closersAhead(from: number, to: number): number {
    let depth = 0;
    let unmatched = 0;
    for (let index = from; index < to; index++) {
      const type = this.#type(index);
      if (type === t.LeftBrace) depth++;
      else if (type === t.RightBrace && depth-- === 0) {
        unmatched++;
        depth = 0;
      }
    }
    return unmatched;
  }

  #nextBareDeclaration(from: number): number {
    let index = from;
    while (index < this.count && !this.opensDeclaration(index)) index++;
    return index;
  }

  /** `network`, `block`, `fn` or `import` where only a declaration can be meant. */
  opensDeclaration(index: number): boolean {
    return (
      declarationWords.has(this.#type(index)) && (this.beginsLine(index) || this.#type(index - 1) === t.RightBrace)
    );
  }

  #beginsDeclaration(index: number): boolean {
    if (this.opensDeclaration(index)) return true;
    const offset = this.#tokens[index]?.startOffset ?? 0;
    return this.#type(index) === t.Let && (offset === 0 || /[\n\r]/.test(this.#text.charAt(offset - 1)));
  }

  /** Whether a line begins here with what begins a statement and goes on from nothing before. */
  beginsStatement(index: number): boolean {
    const type = this.#type(index);
    if (!this.beginsLine(index)) return false;
    if (statementWords.has(type)) return true;
    const next = this.#type(index + 1);
    if (type === t.Text) return next === t.Colon;
    const before = this.#type(index - 1);
    return type === t.Name && next !== t.Assign && !continues.has(before) && !openers.has(before);
  }

  /** Of the line on which the token stands, in characters. */
  #indent(index: number): number {
    const start = this.#tokens[index]?.startOffset ?? 0;
    const line = Math.max(this.#text.lastIndexOf("\n", start - 1), this.#text.lastIndexOf("\r", start - 1)) + 1;
    return this.#text.slice(line, start + 1).search(/[^ \t]|$/);
  }

  #followsName(index: number): boolean {
    return afterName.has(this.#type(index));
  }

  #goesOn(index: number): boolean {
    return this.#type(index) === t.Else || this.#tokens[index]?.image === "shortcut";
  }

  #type(index: number): TokenType | undefined {
    return index < this.count ? this.#tokens[index]?.tokenType : undefined;
  }
}

type Kinds = ReadonlySet<TokenType | undefined>;

const openers: Kinds = new Set([t.LeftParen, t.LeftBracket]);
const closers: Kinds = new Set([t.RightParen, t.RightBracket]);
const declarationWords: Kinds = new Set([t.Network, t.Block, t.Fn, t.Import]);
const statementWords: Kinds = new Set([
  ...[t.Input, t.Let, t.For, t.Repeat, t.If, t.Arrow, t.From, t.Require, t.Expect, t.Output, t.Training],
  ...declarationWords,
]);
const afterName: Kinds = new Set([
  ...[t.Assign, t.LeftParen, t.RightParen, t.LeftBracket, t.RightBracket, t.LeftBrace, t.Comma, t.In],
]);
const afterCloser: Kinds = new Set([
  ...[t.LeftBrace, t.RightBrace, t.As, t.RightParen, t.RightBracket, t.Comma],
  ...statementWords,
]);
/** What the next line goes on from. */
const continues: Kinds = new Set([
  ...[t.Comma, t.Assign, t.Equal, t.Unequal, t.Below, t.AtMost, t.Above, t.AtLeast, t.About, t.Dots],
  ...[t.Plus, t.Minus, t.Star, t.Slash, t.Percent, t.Caret, t.And, t.Or, t.Not, t.In, t.If, t.Then, t.Else],
]);
