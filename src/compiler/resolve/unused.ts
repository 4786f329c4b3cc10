import type { Name } from "../ast/expressions.ts";
import type { Declaration, ImportDeclaration } from "../ast/program.ts";
import type { ForStatement } from "../ast/statements.ts";
import type { Session } from "../session.ts";
import { type Span, textOf } from "../source.ts";
import type { Resolution, Unit } from "./resolution.ts";
import type { Local } from "./scope.ts";

/**
 * Warns of the names of a file that nothing in it uses; a leading underscore says that this is meant. A use in an arm
 * that is never taken is one. A file without a network is a library: what it declares is there for others.
 * For programs without errors only: a misspelt use leaves its declaration without one, and a mistake is told once.
 */
export function reportUnused(main: Unit, resolution: Resolution, session: Session): void {
  const { declarations, source } = main.program;
  const used = resolution.used.get(main) ?? new Set();
  const isLibrary = !declarations.some(({ kind }) => kind === "network" || kind === "variant");
  const imported = new Set<string>();
  const idle: Span[] = [];
  for (const declaration of declarations) {
    if (declaration.kind === "import") reportImport(declaration, used, imported, session);
    else if (!isLibrary && isIdle(declaration, used)) {
      reportDeclaration(declaration, session);
      idle.push(declaration.span);
    }
  }
  // What is in a declaration that should go, goes with it.
  const goes = ({ start }: Span) => idle.some((span) => start >= span.start && start < span.end);
  for (const local of resolution.locals) {
    const { span } = local.name;
    if (span.source === source && !local.used && !isMeant(local.name) && !goes(span)) reportLocal(local, session);
  }
}

function isMeant({ text }: Name): boolean {
  return text.startsWith("_");
}

function reportLocal({ name: { text, span }, role }: Local, { report }: Session): void {
  const facts = { name: text };
  switch (role.kind) {
    case "parameter":
      report("unused-parameter", span, facts);
      return;
    case "value":
      report("unused-value", span, facts);
      return;
    case "tensor":
      report("unused-tensor", span, facts);
      return;
    case "index":
      report("unused-variable", span, { ...facts, instead: `leave out \`as ${text}\`` });
      return;
    case "item":
      report("unused-variable", span, { ...facts, instead: withoutItem(role.loop) });
      return;
    case "comprehension":
      report("unused-variable", span, { ...facts, instead: null });
      return;
  }
}

/** How a loop is written that does not look at its items; null where it looks at some of each. */
function withoutItem({ pattern, list, index }: ForStatement): string | null {
  if (pattern.destructures) return null;
  const counts = list.kind === "range" && list.from.kind === "number" && list.from.value === 0;
  const times = counts ? textOf(list.to.span) : `len(${textOf(list.span)})`;
  return `write \`repeat ${times.length <= longestList ? times : "…"}${index ? ` as ${index.text}` : ""} { … }\``;
}

const longestList = 40;

function reportImport(
  { names, from }: ImportDeclaration,
  used: ReadonlySet<string>,
  imported: Set<string>,
  { report }: Session,
): void {
  for (const { text, span } of names) {
    const again = imported.has(text);
    if (again || !used.has(text)) report("unused-import", span, { name: text, path: from.value, again });
    imported.add(text);
  }
}

type Declared = Exclude<Declaration, ImportDeclaration>;

/** Networks are there to be compiled. */
function isIdle({ kind, name }: Declared, used: ReadonlySet<string>): boolean {
  return kind !== "network" && kind !== "variant" && !used.has(name.text) && !isMeant(name);
}

function reportDeclaration({ kind, name }: Declared, { report }: Session): void {
  if (kind === "let") report("unused-value", name.span, { name: name.text });
  else if (kind === "block" || kind === "fn") report("unused-declaration", name.span, { name: name.text, kind });
}
