import type { Diagnostic } from "../compiler/diagnostics.ts";
import { positionAt, type Span } from "../compiler/source.ts";
import { type Json, layOutJson } from "./json.ts";

/** What `check --format json` prints. Fields are only ever added. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[], ok: boolean): string {
  return layOutJson({ schemaVersion: 1, ok, diagnostics: diagnostics.map(diagnosticJson) });
}

function diagnosticJson({ code, severity, message, span, related, help }: Diagnostic): Json {
  return {
    code,
    severity,
    message,
    ...spanJson(span),
    related: related.map((one) => ({ message: one.message, ...spanJson(one.span) })),
    help,
  };
}

function spanJson({ source, start, end }: Span): { readonly [name: string]: Json } {
  return { file: source.path, start: positionJson(source, start), end: positionJson(source, end) };
}

function positionJson(source: Span["source"], at: number): Json {
  const { line, column, offset } = positionAt(source, at);
  return { line, column, offset };
}
