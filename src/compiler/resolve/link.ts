import type { ImportDeclaration } from "../ast/program.ts";
import { Environment } from "../environment.ts";
import { LimitExceeded } from "../limits.ts";
import { parse } from "../parse.ts";
import type { Session } from "../session.ts";
import { type Source, textOf } from "../source.ts";
import { std } from "../std.generated.ts";
import { suggest } from "../suggest.ts";
import type { Declared, Unit } from "./resolution.ts";

export interface Linked {
  readonly main: Unit;
  /** In the order in which they were first read, the main file first. */
  readonly units: readonly Unit[];
  /** Whether nothing is wrong but that imported names are not there. */
  readonly isWhole: boolean;
}

/** Parses a file and all that it imports, and gathers what each file declares. */
export function link(main: Source, load: (path: string) => string | null, session: Session): Linked {
  const units = new Map<string, Unit>();
  // One message more than is kept, so that the excess is told of.
  const limits = { ...session.limits, messages: session.limits.messages + 1 };
  let bytes = 0;
  /** Errors after which all but the uses of the names in question can be checked. */
  let absent = 0;

  function read(source: Source, importers: readonly string[]): Unit {
    bytes += source.text.length;
    if (importers.length > 0 && bytes > session.limits.bytes) throw new LimitExceeded("bytes", null);
    const program = parse(source, limits, session.report);
    const declared = new Map<string, Declared>();
    const missing = new Set<string>();
    const unit: Unit = { program, declared, missing, environment: new Environment(null) };
    units.set(source.path, unit);
    declareOwn(unit, declared, session);
    for (const declaration of program.declarations) {
      if (declaration.kind !== "import") continue;
      const imported = resolveImport(declaration, [...importers, source.path]);
      if (imported) absent += bringIn(declaration, imported, declared, session);
      for (const { text } of declaration.names) if (!declared.has(text)) missing.add(text);
    }
    return unit;
  }

  function resolveImport(declaration: ImportDeclaration, importers: readonly string[]): Unit | null {
    const { span, value } = declaration.from;
    // A path that is not closed on its line was reported, and is cut off.
    if (!textOf(span).endsWith('"')) return null;
    const path = importPath(value, importers[importers.length - 1] as string);
    if (path === null) {
      session.report("import-path", span, { path: value });
      absent++;
      return null;
    }
    const cycle = importers.indexOf(path);
    if (cycle >= 0) {
      session.report("import-cycle", span, { cycle: [...importers.slice(cycle), path] });
      return null;
    }
    const known = units.get(path);
    if (known) return known;
    if (importers.length >= session.limits.nesting) throw new LimitExceeded("nesting", span);
    const library = libraryName(path);
    const text = library === null ? load(path) : (std.get(library) ?? null);
    if (text === null) {
      const similar = library === null ? null : suggest(library, std.keys());
      session.report("import-not-found", span, { path: value, library: library !== null, similar });
      absent++;
      return null;
    }
    return read({ path, text }, importers);
  }

  const unit = read(main, []);
  return { main: unit, units: [...units.values()], isWhole: session.errors === absent };
}

function declareOwn(unit: Unit, declared: Map<string, Declared>, session: Session): void {
  for (const declaration of unit.program.declarations) {
    if (declaration.kind === "import") continue;
    const { text, span } = declaration.name;
    const earlier = declared.get(text);
    if (earlier) {
      const related = [{ span: earlier.declaration.name.span, message: "first declared here" }];
      session.report("duplicate-name", span, { name: text, what: "declaration" }, { related });
      continue;
    }
    declared.set(text, { declaration, unit });
  }
}

/** Returns how many of the names are not there. */
function bringIn(
  declaration: ImportDeclaration,
  from: Unit,
  declared: Map<string, Declared>,
  session: Session,
): number {
  let absent = 0;
  for (const { text, span } of declaration.names) {
    const found = from.declared.get(text);
    if (!found || found.unit !== from) {
      const similar = suggest(text, from.declared.keys());
      session.report("import-unknown", span, { name: text, path: declaration.from.value, similar });
      absent++;
      continue;
    }
    const earlier = declared.get(text);
    if (earlier && earlier.declaration !== found.declaration) {
      const related = [{ span: earlier.declaration.name.span, message: "already declared here" }];
      session.report("duplicate-name", span, { name: text, what: "import" }, { related });
      continue;
    }
    declared.set(text, found);
  }
  return absent;
}

/** `std/densenet` as it is; `./a.dnet` and `../a.dnet` against the importing file. Null for anything else. */
function importPath(path: string, importer: string): string | null {
  if (/^std\/[\w/-]+$/.test(path)) return path;
  if (!/^\.\.?\//.test(path) || !path.endsWith(".dnet") || path.includes("\\")) return null;
  const absolute = importer.startsWith("/");
  const parts = importer
    .split("/")
    .slice(0, -1)
    .filter((part) => part !== "");
  for (const part of path.split("/")) {
    if (part === "." || part === "") continue;
    if (part === ".." && parts.length > 0 && parts[parts.length - 1] !== "..") parts.pop();
    else parts.push(part);
  }
  return (absolute ? "/" : "") + parts.join("/");
}

function libraryName(path: string): string | null {
  return isLibrary(path) ? path : null;
}

/** Is it a file of the library that ships with dnetc, which users cannot change? */
export function isLibrary(path: string): boolean {
  return path.startsWith("std/") && !path.endsWith(".dnet");
}
