import type { Body, Declaration, Expr, Statement } from "../ast.ts";
import { builtinFunctions } from "../functions.ts";
import type { Session } from "../session.ts";
import { bodiesOf, childrenOf } from "../walk.ts";
import type { Unit } from "./resolution.ts";

/** Warns of contracts and preconditions that name nothing: whatever becomes of the network, they stay as they are. */
export function reportConstantConditions(main: Unit, session: Session): void {
  for (const declaration of main.program.declarations) visit(bodyOf(declaration), session);
}

function visit(body: Body | null, session: Session): void {
  for (const statement of body?.statements ?? []) {
    if (isConstant(statement)) session.report("constant-condition", statement.span, { word: statement.kind });
    for (const inner of bodiesOf(statement)) visit(inner, session);
  }
}

/** A plain `false` is how a program refuses an arm. */
function isConstant(statement: Statement): statement is Statement & { kind: "expect" | "require" } {
  if (statement.kind !== "expect" && statement.kind !== "require") return false;
  const { condition } = statement;
  return !(condition.kind === "boolean" && !condition.value) && !namesSomething(condition);
}

function namesSomething(node: Expr | Statement): boolean {
  if (node.kind === "name" || (node.kind === "call" && !builtinFunctions.has(node.callee.text))) return true;
  return childrenOf(node).some(namesSomething);
}

function bodyOf(declaration: Declaration): Body | null {
  switch (declaration.kind) {
    case "network":
    case "block":
    case "variant":
      return declaration.body;
    case "fn":
    case "let":
    case "import":
      return null;
  }
}
