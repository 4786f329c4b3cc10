import path from "node:path";
import { pathToFileURL } from "node:url";
import picocolors from "picocolors";
import type { Diagnostic, Severity } from "../compiler/diagnostics.ts";
import { positionAt, type Span } from "../compiler/source.ts";
import type { CheckedFile } from "./checked-file.ts";
import { type ExitCode, exitCodes } from "./failure.ts";
import type { Json } from "./json.ts";
import { renderMarkdown } from "./markdown.ts";
import { readPage, summaryOf } from "./page.ts";
import { stdinPath } from "./read-source.ts";
import { version } from "./version.ts";

type JsonObject = { readonly [name: string]: Json };

/** What `check --format sarif` prints: a log of one run in SARIF 2.1.0, the same in every folder and at every time. */
export async function sarifLog(checked: readonly CheckedFile[], exitCode: ExitCode): Promise<string> {
  const found = checked.flatMap((one) => one.diagnostics);
  const artifacts = new Artifacts(checked.flatMap((one) => one.inputs));
  const rules = [...new Map(found.map((one) => [one.code, one.severity]))].sort(([a], [b]) => (a < b ? -1 : 1));
  const ruleIds = rules.map(([code]) => code);
  const results = found.map((one) => resultOf(one, ruleIds.indexOf(one.code), artifacts));
  const invocation = {
    executionSuccessful: exitCode === exitCodes.ok || exitCode === exitCodes.diagnostics,
    exitCode,
    toolExecutionNotifications: checked.flatMap(notificationsOf),
  };
  const run = {
    tool: { driver: { name: "dnetc", version, semanticVersion: version, rules: await Promise.all(rules.map(ruleOf)) } },
    language: "en",
    columnKind: "utf16CodeUnits",
    newlineSequences: ["\r\n", "\n", "\r"],
    originalUriBaseIds: { [workingFolder]: { description: { text: "the folder in which dnetc was run" } } },
    invocations: [invocation],
    artifacts: artifacts.listed(),
    results,
  };
  return `${JSON.stringify({ $schema: schema, version: "2.1.0", runs: [run] } satisfies Json, null, 2)}\n`;
}

const schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const workingFolder = "%SRCROOT%";

/** With the page that `dnetc explain` prints; its links would lead nowhere in the log. */
async function ruleOf([code, severity]: readonly [string, Severity]): Promise<Json> {
  const words = code.split("-");
  const page = (await readPage(code)).replaceAll(/\[([^\]]*)\]\([\w-]+\.md\)/g, "$1");
  return {
    id: code,
    name: words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(""),
    shortDescription: { text: summaryOf(page) },
    help: { text: renderMarkdown(page, plainPage), markdown: page },
    defaultConfiguration: { level: severity },
  };
}

const plainPage = { colors: picocolors.createColors(false), columns: null };

function resultOf(diagnostic: Diagnostic, ruleIndex: number, artifacts: Artifacts): Json {
  const { code, severity, message, span, label, related, notes, help } = diagnostic;
  const facts = [...notes.map((note) => `note: ${note}`), ...(help === "" ? [] : [`help: ${help}`])];
  const others = related.map((one, index) => ({ id: index + 1, ...locationOf(one.span, one.message, artifacts) }));
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: text([message, ...facts].join("\n")),
    locations: [locationOf(span, label, artifacts)],
    ...(others.length > 0 ? { relatedLocations: others } : {}),
  };
}

function locationOf(span: Span, message: string, artifacts: Artifacts): JsonObject {
  const physicalLocation = { artifactLocation: artifacts.locate(span.source.path), region: regionOf(span) };
  return { physicalLocation, ...(message === "" ? {} : { message: text(message) }) };
}

/** Lines and columns from 1; the end is the column after the last. */
function regionOf({ source, start, end }: Span): Json {
  const from = positionAt(source, start);
  const to = positionAt(source, end);
  return {
    startLine: from.line,
    startColumn: from.column,
    endLine: to.line,
    endColumn: to.column,
    charOffset: start,
    charLength: end - start,
  };
}

/** What kept the tool from its work, which is no result. */
function notificationsOf({ file, failure, refusals }: CheckedFile): readonly Json[] {
  const place = [{ physicalLocation: { artifactLocation: locationOfFile(file === "-" ? stdinPath : file) } }];
  return [
    ...refusals.map((refusal) => ({ level: "note", message: text(refusal), locations: place })),
    ...(failure === null ? [] : [{ level: "error", message: text(failure.message), locations: place }]),
  ];
}

/** Braces stand for arguments in the messages of SARIF (section 3.11.5), so those that are meant are doubled. */
function text(message: string): Json {
  return { text: message.replaceAll(/[{}]/g, "$&$&") };
}

/** The files that results speak of; results name them by their index. */
class Artifacts {
  readonly #indices = new Map<string, number>();

  constructor(inputs: readonly string[]) {
    for (const file of inputs) this.#indexOf(file);
  }

  locate(file: string): JsonObject {
    return { ...locationOfFile(file), index: this.#indexOf(file) };
  }

  listed(): readonly Json[] {
    return [...this.#indices.keys()].map((file) => ({
      location: locationOfFile(file),
      roles: ["analysisTarget"],
      encoding: "UTF-8",
      sourceLanguage: "dnet",
    }));
  }

  #indexOf(file: string): number {
    const index = this.#indices.get(file) ?? this.#indices.size;
    this.#indices.set(file, index);
    return index;
  }
}

/** Relative to the folder in which dnetc runs, or absolute where the file lies outside of it. */
function locationOfFile(file: string): JsonObject {
  const relative = path.relative("", path.resolve(file));
  const parts = relative.split(path.sep);
  if (parts[0] === ".." || path.isAbsolute(relative)) return { uri: pathToFileURL(file).href };
  return { uri: parts.map(encodeURIComponent).join("/"), uriBaseId: workingFolder };
}
