import type { Expr, Name, Pattern } from "../../src/compiler/ast/expressions.ts";
import type { Declaration } from "../../src/compiler/ast/program.ts";
import type { Statement } from "../../src/compiler/ast/statements.ts";
import { defaultLimits } from "../../src/compiler/limits.ts";
import { parse } from "../../src/compiler/parse.ts";
import { childrenOf } from "../../src/compiler/walk.ts";

/** Where the text gives names, by offset: every other place of a name is a use of it. */
export function declaredAt(text: string): ReadonlySet<number> {
  const program = parse({ path: "original.dnet", text }, defaultLimits, () => undefined);
  return new Set(program.declarations.flatMap(namesGiven).map((name) => name.span.start));
}

function namesGiven(declaration: Declaration): readonly Name[] {
  switch (declaration.kind) {
    case "network":
    case "block": {
      const { name, params, body } = declaration;
      const defaults = params.flatMap((param) => (param.default ? [param.default] : []));
      return [name, ...params.map((param) => param.name), ...[...defaults, ...body.statements].flatMap(namesInside)];
    }
    case "variant":
      return [declaration.name, ...declaration.args.flatMap((arg) => namesInside(arg.value))];
    case "fn":
      return [declaration.name, ...declaration.params, ...namesInside(declaration.value)];
    case "let":
      return namesInside(declaration);
    case "import":
      return [];
  }
}

function namesInside(node: Expr | Statement): readonly Name[] {
  return [...ownNames(node), ...childrenOf(node).flatMap(namesInside)];
}

function ownNames(node: Expr | Statement): readonly Name[] {
  if (node.kind === "input" || node.kind === "let" || node.kind === "let-in" || node.kind === "output")
    return [node.name];
  if (node.kind === "name-tensor") return [node.target.name];
  if (node.kind === "comprehension") return patternNames(node.pattern);
  if (node.kind === "for") return [...patternNames(node.pattern), ...(node.index ? [node.index] : [])];
  if (node.kind === "repeat" || node.kind === "apply") return node.index ? [node.index] : [];
  return [];
}

function patternNames(pattern: Pattern): readonly Name[] {
  return pattern.names;
}
