import type { Severity } from "../compiler/diagnostics.ts";
import type { Colors } from "./terminal.ts";
import { visibleLines } from "./visible-text.ts";

/** `error[code]: message`; further lines of the text stand below, indented. */
export function title(severity: Severity, code: string | null, text: string, colors: Colors): string {
  const [first = "", ...rest] = visibleLines(text);
  const kind = severityColor(severity, colors)(code === null ? severity : `${severity}[${code}]`);
  return [colors.bold(kind) + colors.bold(`: ${first}`), ...rest.map((line) => `  ${line}`)].join("\n");
}

/** `= note: …` below the title or a frame; further lines of the text stand below its first. */
export function fact(kind: "note" | "help", text: string, margin: string, colors: Colors): string {
  const lead = `${margin}= ${kind}: `;
  return `${margin}${colors.blue("=")} ${colors.bold(kind)}: ${visibleLines(text).join(`\n${" ".repeat(lead.length)}`)}`;
}

export function severityColor(severity: Severity, colors: Colors): (text: string) => string {
  return { error: colors.red, warning: colors.yellow, note: colors.cyan }[severity];
}
