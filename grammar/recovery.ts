import { EOF, type IToken, MismatchedTokenException, NoViableAltException, type TokenType } from "chevrotain";
import { AnalysedParser } from "./analysed.ts";
import { Landmarks } from "./landmarks.ts";
import * as t from "./tokens.ts";

/** A place where the text does not fit the grammar. */
export interface Failure {
  /** Of the token that does not fit; the number of tokens where the text ends too early. */
  readonly index: number;
  /** Null where one of several was expected. */
  readonly expected: TokenType | null;
  /** The rule that failed and the rule that called it. */
  readonly rule: string;
  readonly caller: string;
}

export interface Bounds {
  /** Depth of brackets, of bodies and of `if` and `let` inside expressions. */
  readonly nesting: number;
  /** The parser gives up after so many. */
  readonly failures: number;
}

/** Ends the parse: the text nests deeper than the bounds allow. */
export class TooDeep extends Error {
  readonly token: IToken;

  constructor(token: IToken) {
    super("nested too deep");
    this.token = token;
  }
}

/**
 * How the parser goes on after a mistake, so that one mistake is one failure. Chevrotain's own recovery looks only at
 * which tokens may follow; in a language where a name may stand almost everywhere that resumes at the wrong places.
 * This one resumes at landmarks: the bracket or comma that ends the item, the brace that opens the body, the line
 * that begins the next statement or declaration. At most one failure is kept for each statement.
 *
 * It overrides hooks that Chevrotain's types do not show; hence the exact version in package.json.
 */
export abstract class RecoveringParser extends AnalysedParser {
  readonly failures: Failure[] = [];
  #landmarks = new Landmarks([], "");
  #bounds: Bounds = { nesting: Number.POSITIVE_INFINITY, failures: Number.POSITIVE_INFINITY };
  #depth = 0;
  /** The statement or declaration of the last failure. */
  #failedUnit: object | null = null;
  /** Where the parse resumed last: what fails there is an echo. */
  #resumedAt = -1;
  /** A statement to resume at that the parser took for part of an expression. */
  #rewindTo: number | null = null;

  declare protected currIdx: number;
  declare protected CST_STACK: { name: string; children: Record<string, unknown[]> }[];
  declare protected RULE_STACK: number[];
  declare protected RULE_STACK_IDX: number;
  declare protected getCurrRuleFullName: () => string;
  declare protected shortRuleNameToFullName: (short: number) => string;
  declare protected moveToTerminatedState: () => void;

  /** Sets what the next call of a rule reads. */
  begin(tokens: IToken[], text: string, bounds: Bounds): void {
    this.input = tokens;
    this.failures.length = 0;
    this.#landmarks = new Landmarks(tokens, text);
    this.#bounds = bounds;
    this.#depth = 0;
    this.#failedUnit = null;
    this.#resumedAt = -1;
    this.#rewindTo = null;
  }

  /** Makes a rule count towards `Bounds.nesting`. */
  protected nested(rule: () => void): () => void {
    return () => {
      if (this.#depth >= this.#bounds.nesting) throw new TooDeep(this.LA(1));
      this.#depth++;
      try {
        rule();
      } finally {
        this.#depth--;
      }
    };
  }

  // What fails

  protected consumeInternalError(expected: TokenType, found: IToken): never {
    this.#fail(expected);
    throw new MismatchedTokenException("", found, this.LA(0));
  }

  protected raiseNoAltException(): never {
    this.#fail(null);
    throw new NoViableAltException("", this.LA(1), this.LA(0));
  }

  protected raiseEarlyExitException(): never {
    this.raiseNoAltException();
  }

  /** Called by Chevrotain only where text is left when the root rule has ended. */
  protected SAVE_ERROR(error: Error): Error {
    this.#fail(null);
    return error;
  }

  #fail(expected: TokenType | null): void {
    const index = this.#misread(expected) ?? this.currIdx + 1;
    const unit = this.#unit();
    const told = unit !== null && unit === this.#failedUnit;
    // That a body is not closed is no echo of a mistake after which it was sought in vain for its end.
    const resumed = index === this.#resumedAt && expected !== t.RightBrace;
    const echo = told || resumed || index === this.failures.at(-1)?.index;
    this.#failedUnit = unit;
    if (echo || this.failures.length >= this.#bounds.failures) return;
    const rule = this.RULE_STACK_IDX < 0 ? "" : this.getCurrRuleFullName();
    this.failures.push({ index, expected: this.#rewindTo === null ? expected : null, rule, caller: this.#caller() });
    if (this.failures.length >= this.#bounds.failures) this.moveToTerminatedState();
  }

  /** The innermost statement or declaration; null directly in a body or file, where each failure is a new one. */
  #unit(): object | null {
    for (let i = this.CST_STACK.length - 1; i >= 0; i--) {
      const node = this.CST_STACK[i];
      if (node?.name === "body" || node?.name === "file") return null;
      if (node && units.has(node.name)) return node;
    }
    return null;
  }

  /**
   * `let x =` and on the next line `let y = 2` reads as `let x = let y = 2 in …`. Where the `in` (or, for `if`, the
   * `then`) is missing, what begins a line is the next statement, and the mistake is before it.
   */
  #misread(expected: TokenType | null): number | null {
    const node = this.CST_STACK.at(-1);
    if (node?.name !== "expr" || (expected !== t.In && expected !== t.Then)) return null;
    const word = (expected === t.In ? node.children.Let : node.children.If)?.[0] as IToken | undefined;
    const index = word ? this.#landmarks.indexOf(word, this.currIdx) : -1;
    if (index < 0 || !this.#landmarks.beginsLine(index)) return null;
    this.#rewindTo = index;
    return index;
  }

  #caller(): string {
    return this.RULE_STACK_IDX < 1 ? "" : this.shortRuleNameToFullName(this.RULE_STACK[this.RULE_STACK_IDX - 1] ?? 0);
  }

  // Going on within a rule: a token skipped to, taken for the expected one, or thought to be there

  protected consumeInternalRecovery(expected: TokenType, _occurrence: number, error: Error): IToken {
    const next = this.currIdx + 1;
    const found = this.#landmarks.substitute(expected, next, this.#openBodies());
    if (this.#rewindTo !== null || found === null) throw error;
    if (found < next) return insertedToken(expected);
    this.currIdx = found;
    return this.LA(0);
  }

  /** How many bodies are being read, the current one included. */
  #openBodies(): number {
    let count = 0;
    for (const node of this.CST_STACK) if (node.name === "body") count++;
    return count;
  }

  // Going on after a rule has failed: asked of each rule from the inside out

  protected findReSyncTokenType(): number | null {
    if (this.RULE_STACK_IDX === 0) return this.#landmarks.count;
    const rule = this.getCurrRuleFullName();
    const next = this.currIdx + 1;
    if (rule === "declaration") return this.#landmarks.nextDeclaration(this.#takeRewind() ?? next);
    if (statements.has(rule)) return this.#landmarks.nextStatement(this.#takeRewind() ?? next);
    if (this.#rewindTo !== null) return null;
    if (rule === "forHeader" || rule === "repeatHeader") return this.#landmarks.openingBrace(next);
    if (rule === "arg" || rule === "param") return this.#landmarks.itemEnd(next);
    if (rule !== "expr") return null;
    if (this.#landmarks.insideBracket(next)) return this.#landmarks.itemEnd(next);
    return this.#caller() === "ifStatement" ? this.#landmarks.openingBrace(next) : null;
  }

  protected isInCurrentRuleReSyncSet(resumeAt: number | null): boolean {
    return resumeAt !== null;
  }

  protected reSyncTo(resumeAt: number): IToken[] {
    this.currIdx = resumeAt - 1;
    this.#resumedAt = resumeAt;
    return [];
  }

  #takeRewind(): number | null {
    const index = this.#rewindTo;
    this.#rewindTo = null;
    return index;
  }

  // Going on between the statements of a body and the declarations of a file

  /** Where a repetition has ended. A property, to replace that of Chevrotain. */
  protected readonly attemptInRepetitionRecovery = (repeat: (...args: unknown[]) => void, args: unknown[]): void => {
    const rule = this.getCurrRuleFullName();
    const end = repetitionEnds.get(rule);
    if (!end || this.LA(1).tokenType === end) return;
    const next = this.currIdx + 1;
    const body = rule === "body";
    if (body && this.#landmarks.leavesBodyOpen(next, this.#openBodies())) {
      this.#fail(t.RightBrace);
      return;
    }
    this.#fail(null);
    this.reSyncTo(body ? this.#landmarks.afterStray(next) : this.#landmarks.nextDeclaration(next + 1));
    repeat.apply(this, args);
  };
}

const repetitionEnds = new Map([
  ["body", t.RightBrace],
  ["file", EOF],
]);

const statements = new Set([
  ...["inputStatement", "letStatement", "forStatement", "repeatStatement", "ifStatement", "nameStatement"],
  ...["fromStatement", "requireStatement", "expectStatement", "outputStatement", "trainingStatement"],
  ...["labelled", "apply"],
]);

const units = new Set([...statements, "declaration"]);

function insertedToken(type: TokenType): IToken {
  const offset = Number.NaN;
  return {
    image: "",
    startOffset: offset,
    endOffset: offset,
    tokenType: type,
    tokenTypeIdx: type.tokenTypeIdx as number,
    isInsertedInRecovery: true,
  };
}
