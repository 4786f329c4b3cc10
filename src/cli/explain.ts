import { suggest } from "../compiler/suggest.ts";
import { codes } from "./codes.ts";
import type { ExplainFlags } from "./commands/explain.ts";
import { type ExitCode, exitCodes, type Failure, usageFailure } from "./failure.ts";
import { renderMarkdown } from "./markdown.ts";
import { readPage } from "./page.ts";
import { colorsFor, shown, type Terminal } from "./terminal.ts";

const mostNamed = 6;

/** Prints the page of a message, or the list of all codes, to standard output. */
export async function runExplain(
  asked: string | undefined,
  { format, color }: ExplainFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const page = await readPage(asked === undefined ? "index" : requireCode(asked));
  const colors = colorsFor(color, terminal.outIsTerminal, terminal.env);
  const { columns } = terminal;
  await terminal.out(format === "markdown" ? page : renderMarkdown(shown(page, terminal), { colors, columns }));
  return exitCodes.ok;
}

/** The code in what was typed or pasted from a message: `error[not-whole]: …`, `NOT-WHOLE`, `not whole`. */
function requireCode(asked: string): string {
  const [, bracketed = asked] = /\[([^\]]*)\]/.exec(asked) ?? [];
  const code = bracketed
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_]+/g, "-");
  if (codes.includes(code)) return code;
  throw unknownCode(code);
}

function unknownCode(code: string): Failure {
  const similar = suggest(code, codes);
  const longer = code === "" ? [] : codes.filter((one) => one.includes(code)).slice(0, mostNamed);
  const message = `there is no message ${code === "" ? "of that name" : code}`;
  if (similar !== null) return usageFailure(message, `did you mean \`${similar}\`?`);
  return usageFailure(message, longer.length > 0 ? `there is ${longer.join(", ")}` : "dnetc explain lists all codes");
}
