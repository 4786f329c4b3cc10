import type { Diagnostic } from "../compiler/diagnostics.ts";
import { positionAt, type Span } from "../compiler/source.ts";
import type { CheckedFile } from "./checked-file.ts";
import { type Json, layOutJson } from "./json.ts";

/** What `check --format json` prints; `schemas/check.schema.json` describes it. Fields are only ever added. */
export function checkJson(checked: readonly CheckedFile[], ok: boolean): string {
  const diagnostics = checked.flatMap((one) => one.diagnostics.map(diagnosticJson));
  return layOutJson({ schemaVersion: 1, ok, diagnostics, failures: checked.flatMap(failuresJson) });
}

/** Why a file, or one that it imports, was not read; nothing where all were. */
export function failuresJson({ file, failure, refusals }: CheckedFile): readonly Json[] {
  const messages = [...(failure ? [failure.message] : []), ...refusals];
  return messages.map((message) => ({ file, message }));
}

/** As every command tells it to programs. */
export function diagnosticJson({ code, severity, message, span, related, notes, help }: Diagnostic): Json {
  return {
    code,
    severity,
    message,
    ...spanJson(span),
    related: related.map((one) => ({ message: one.message, ...spanJson(one.span) })),
    notes,
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
