import path from "node:path";
import type { Diagnostic, Related, Severity } from "../compiler/diagnostics.ts";
import { positionAt, type Source } from "../compiler/source.ts";
import type { Failure } from "./failure.ts";
import { visible, visibleLines } from "./visible-text.ts";

/**
 * Workflow commands of GitHub Actions, one a line: it shows them beside the code of a pull request. `workspace` is the
 * folder of the checkout, from which it counts; null: paths stay as they are.
 */
export function githubCommand(diagnostic: Diagnostic, workspace: string | null): string {
  const { code, severity, span, message, related, notes, help } = diagnostic;
  const start = positionAt(span.source, span.start);
  const end = positionAt(span.source, span.end);
  const properties = {
    file: fromWorkspace(span.source.path, workspace),
    line: start.line,
    col: start.column,
    endLine: end.line,
    // GitHub refuses columns of a place that goes over several lines.
    ...(end.line === start.line ? { endColumn: end.column } : {}),
    title: code,
  };
  const places = related.map((one) => placeLine(one, span.source, workspace));
  const facts = [...notes.map((note) => `note: ${note}`), ...(help === "" ? [] : [`help: ${help}`])];
  return command(levels[severity], properties, [message, ...places, ...facts].join("\n"));
}

/** `4:3: text`, which GitHub cannot show at the place itself; of another file with its path. */
function placeLine({ span, message }: Related, source: Source, workspace: string | null): string {
  const { line, column } = positionAt(span.source, span.start);
  const file = span.source === source ? "" : `${fromWorkspace(span.source.path, workspace)}:`;
  return `${file}${line}:${column}: ${message}`;
}

/** The same for a file that could not be checked. */
export function githubFailure(file: string, { message, help }: Failure, workspace: string | null): string {
  const text = help === "" ? message : `${message}\nhelp: ${help}`;
  return command("error", { file: fromWorkspace(file, workspace), title: "not checked" }, text);
}

const levels: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", note: "notice" };

function command(name: string, properties: Readonly<Record<string, string | number>>, text: string): string {
  const listed = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${name} ${listed.join(",")}::${escapeData(visibleLines(text).join("\n"))}\n`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(visible(text)).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function fromWorkspace(file: string, workspace: string | null): string {
  if (workspace === null || file.startsWith("<")) return file;
  return path.relative(workspace, path.resolve(file)).replaceAll(path.sep, "/");
}
