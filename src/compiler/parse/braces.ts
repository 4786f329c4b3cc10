import type { IToken, TokenType } from "chevrotain";
import * as t from "../../../grammar/tokens.ts";
import { constructs } from "../constructs.ts";
import { type Brackets, behind, forgotten, type Imbalance, placeOf } from "./brackets.ts";
import { foundWords } from "./expected.ts";
import { surplusOpener } from "./round-brackets.ts";

/**
 * A body that is still open where the text ends or the next declaration begins. Which one, and where it should have
 * ended, the indentation tells.
 */
export function judgeBody(brackets: Brackets, index: number): Imbalance | null {
  const { tokens, landmarks } = brackets;
  const open = landmarks.unclosedBrace(index);
  const opener = open === null ? undefined : tokens[open];
  if (open === null || !opener || tokens[open - 1]?.tokenType === t.Import) return null;
  if (!takesBody(brackets, open)) return surplusOpener(brackets, open);
  const at = landmarks.bodyEnd(open, index);
  const next = tokens[at];
  return {
    say: (report) => {
      const related = [{ span: placeOf(brackets, opener), message: "this `{` is not closed" }];
      const outer = next?.tokenType === t.RightBrace;
      const found = outer ? "the `}` of the body around it" : next ? foundWords(next) : "the end of the text";
      report("unclosed-body", behind(brackets, at), { found }, { related });
    },
    at,
    remove: 0,
    insert: [forgotten(t.RightBrace, brackets, at)],
  };
}

/** Whether what stands before a brace can have a body. */
function takesBody({ tokens, landmarks }: Brackets, open: number): boolean {
  const before = tokens[open - 1];
  if (!before || before.tokenType === t.Colon || before.tokenType === t.Else) return true;
  for (let i = open - 1; i >= 0; i--) {
    const token = tokens[i] as IToken;
    if (headers.has(token.tokenType)) return i < open - 1 || token.tokenType === t.Training;
    if (token.tokenType === t.Name && token.image === "shortcut") return true;
    if (constructs.has(token.image) && constructs.get(token.image)?.body !== "none") return true;
    if (token.tokenType === t.RightBrace || token.tokenType === t.LeftBrace || landmarks.beginsLine(i)) return false;
  }
  return false;
}

const headers: ReadonlySet<TokenType> = new Set([...[t.Network, t.Block, t.For, t.Repeat, t.If, t.From, t.Training]]);

/** A `}` that closes nothing: one before it came too early, or the `{` of a body was left out. */
export function judgeEarlyEnd(brackets: Brackets, early: number | null, index: number): Imbalance | null {
  const { tokens } = brackets;
  const last = tokens[index];
  const suspect = early === null ? undefined : tokens[early];
  if (!last) return null;
  const headless = suspect ? null : bodyWithoutBrace(brackets, index);
  if (headless !== null) {
    const word = tokens[headless - 1];
    const related = [{ span: placeOf(brackets, last), message: "this `}` closes nothing" }];
    return {
      say: (report) =>
        report("unopened-bracket", behind(brackets, headless), { open: "{", after: word?.image ?? "" }, { related }),
      at: headless,
      remove: 0,
      insert: [forgotten(t.LeftBrace, brackets, headless)],
    };
  }
  if (early === null || !suspect) return null;
  return {
    say: (report) => {
      const related = [{ span: placeOf(brackets, last), message: "so this one closes nothing" }];
      report("unmatched-close", placeOf(brackets, suspect), { found: "}", early: true }, { related });
    },
    at: early,
    remove: 1,
    insert: [],
  };
}

/** Behind the last word before `index` that needs a body and has none: where its `{` was left out. */
function bodyWithoutBrace({ tokens, landmarks }: Brackets, index: number): number | null {
  for (let i = index - 1; i >= 0; i--) {
    if (landmarks.opensDeclaration(i)) return null;
    const token = tokens[i];
    const next = tokens[i + 1];
    const labelsLabel = token?.tokenType === t.Colon && tokens[i + 2]?.tokenType === t.Colon;
    const bare = token?.tokenType === t.Name && needsBody(token.image) && next?.tokenType !== t.LeftBrace;
    if (labelsLabel || (bare && next?.tokenType !== t.LeftParen)) return i + 1;
  }
  return null;
}

function needsBody(name: string): boolean {
  return name === "shortcut" || constructs.get(name)?.body === "required";
}
