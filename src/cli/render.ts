import type { Diagnostic, Severity } from "../compiler/diagnostics.ts";
import { positionAt } from "../compiler/source.ts";
import { codeFrame, type FrameStyle, type Place } from "./code-frame.ts";
import { fact, severityColor, title } from "./message-parts.ts";
import type { Denied } from "./options.ts";
import type { Colors } from "./terminal.ts";
import { visible, visibleLines } from "./visible-text.ts";

export interface RenderOptions {
  readonly colors: Colors;
  /** Columns for code, without the line numbers; longer lines are cut. */
  readonly width: number;
  /** The same for labels, which go below their mark rather than beyond it. */
  readonly labelWidth: number;
  /** Whether code is shown as it is; otherwise what is not ASCII is spelt out. */
  readonly unicode: boolean;
}

/** A message for people: what, where in the code, where else, facts and help. Ends with a line break. */
export function renderHuman(diagnostic: Diagnostic, options: RenderOptions): string {
  const { colors } = options;
  const { lines, blank, margin } = codeFrame(placesOf(diagnostic), frameStyle(diagnostic.severity, options));
  const facts = [
    ...diagnostic.notes.map((note) => fact("note", note, margin, colors)),
    ...(diagnostic.help === "" ? [] : [fact("help", diagnostic.help, margin, colors)]),
  ];
  const { severity, code, message } = diagnostic;
  const rows = [title(severity, code, message, colors), ...lines, ...(facts.length > 0 ? [blank, ...facts] : [])];
  return `${rows.join("\n")}\n`;
}

/** `path:line:column: error[code]: message`, one line. */
export function renderShort({ code, severity, message, span }: Diagnostic): string {
  const { line, column } = positionAt(span.source, span.start);
  const text = visibleLines(message).join(" ");
  return `${visible(span.source.path)}:${line}:${column}: ${severity}[${code}]: ${text}\n`;
}

/** `2 errors, 1 warning`, or `1 warning (denied)`; empty where there is nothing to count. */
export function summarize(diagnostics: readonly Diagnostic[], deny?: Denied): string {
  const denied: readonly Severity[] = deny === undefined ? [] : deny === "notes" ? ["warning", "note"] : ["warning"];
  const severities: readonly Severity[] = ["error", "warning", "note"];
  return severities
    .map((severity) => [severity, diagnostics.filter((one) => one.severity === severity).length] as const)
    .filter(([, many]) => many > 0)
    .map(([severity, many]) => `${counted(many, severity)}${denied.includes(severity) ? " (denied)" : ""}`)
    .join(", ");
}

/** `1 file`, `2 files` */
export function counted(many: number, noun: string): string {
  return `${many} ${noun}${many === 1 ? "" : "s"}`;
}

function placesOf({ span, label, related }: Diagnostic): readonly Place[] {
  return [
    { span, label, isPrimary: true },
    ...related.map((one) => ({ span: one.span, label: one.message, isPrimary: false })),
  ];
}

function frameStyle(severity: Severity, { colors, ...sizes }: RenderOptions): FrameStyle {
  const color = severityColor(severity, colors);
  return {
    ...sizes,
    primary: (text) => colors.bold(color(text)),
    secondary: (text) => colors.bold(colors.blue(text)),
    gutter: (text) => colors.blue(text),
  };
}
