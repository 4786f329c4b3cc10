import type { Diagnostic } from "../../src/compiler/diagnostics.ts";
import { nameMessages } from "../../src/compiler/messages/names.ts";
import { syntaxMessages } from "../../src/compiler/messages/syntax.ts";
import { compileText } from "../compiling.ts";
import type { Mutant } from "./mutate.ts";

/**
 * What the messages about a mutant are worth.
 *
 * - `form`: the text itself is wrong, its grammar or its names; the place of the mistake is there to be found.
 * - `meaning`: each line is right by itself, and what it says does not fit another one: a shape, a value. The message
 *   stands where they meet, so the edited line may be its second place.
 * - `contract`: only a contract that the author stated says so. It cannot know why, and every contract that does not
 *   hold is named: so neither place nor number of messages is judged.
 */
export interface Verdict {
  readonly class: "form" | "meaning" | "contract";
  readonly errors: number;
  /** Does the first message underline the edit, or what stands beside it with nothing but space between? */
  readonly atPlace: boolean;
  /** Or does a second place of it? */
  readonly nearPlace: boolean;
  /**
   * Whether the mistake shows elsewhere, so that a second place may lead to the edit. So it is where each line is right
   * by itself, and where the name of a declaration was misspelt: its uses have no meaning then, which of the two
   * spellings is wrong nobody can say, and the message shows both.
   */
  readonly elsewhere: boolean;
  /** Does a message name the right word? Null where no word was misspelt. */
  readonly suggested: boolean | null;
}

/** Null where the mutant is a program as good as the original. */
export function judge(mutant: Mutant): Verdict | null {
  const errors = compileText(mutant.text).diagnostics.filter((one) => one.severity === "error");
  const [first] = errors;
  if (!first) return null;
  const found = classOf(errors);
  return {
    class: found,
    errors: errors.length,
    atPlace: touches(first.span, mutant),
    nearPlace: [first, ...first.related].some(({ span }) => touches(span, mutant)),
    elsewhere: found === "meaning" || mutant.declares,
    suggested: mutant.word && errors.some((error) => names(error, mutant.word as NonNullable<Mutant["word"]>)),
  };
}

const contracts = new Set(["expect-failed", "require-failed"]);

function classOf(errors: readonly Diagnostic[]): Verdict["class"] {
  if (errors.some(({ code }) => code in syntaxMessages || code in nameMessages)) return "form";
  return errors.every(({ code }) => contracts.has(code)) ? "contract" : "meaning";
}

function touches(span: Diagnostic["span"], { text, start, end }: Mutant): boolean {
  if (span.source.text !== text) return false;
  const before = text.slice(0, start).trimEnd().length;
  const after = text.length - text.slice(end).trimStart().length;
  return span.start <= after && span.end >= before;
}

/** Where a declaration is misspelt, its uses are told of the misspelt name: nobody can say which of the two is right. */
function names({ message, help }: Diagnostic, { meant, written }: NonNullable<Mutant["word"]>): boolean {
  return help.includes(`\`${meant}\``) || help.includes(`\`${written}\``) || message.includes(`\`${meant}\``);
}
