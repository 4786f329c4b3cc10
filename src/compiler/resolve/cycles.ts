import type { Expr } from "../ast/expressions.ts";
import type { Param } from "../ast/program.ts";
import type { Statement } from "../ast/statements.ts";
import type { Span } from "../source.ts";
import { childrenOf } from "../walk.ts";
import type { NamedDeclaration, Resolution, Unit } from "./resolution.ts";

/** A use that leads back to where it came from: the names along the way and the place of the first use. */
export interface Cycle {
  readonly names: readonly string[];
  readonly span: Span;
}

interface Use {
  readonly of: NamedDeclaration;
  readonly span: Span;
}

/** Blocks, functions, values and networks that use themselves, directly or through others; one cycle per knot. */
export function findCycles(units: readonly Unit[], resolution: Resolution): readonly Cycle[] {
  const cycles: Cycle[] = [];
  const done = new Set<NamedDeclaration>();
  for (const unit of units) {
    for (const { declaration } of unit.declared.values()) follow(declaration);
  }
  return cycles;

  function follow(start: NamedDeclaration): void {
    const path: { readonly declaration: NamedDeclaration; readonly uses: readonly Use[]; next: number }[] = [];
    const onPath = new Map<NamedDeclaration, number>();
    const enter = (declaration: NamedDeclaration) => {
      onPath.set(declaration, path.length);
      path.push({ declaration, uses: usesOf(declaration, resolution), next: 0 });
    };
    if (!done.has(start)) enter(start);
    while (path.length > 0) {
      const top = path[path.length - 1] as (typeof path)[number];
      const use = top.uses[top.next++];
      if (!use) {
        done.add(top.declaration);
        onPath.delete(top.declaration);
        path.pop();
      } else if (onPath.has(use.of)) {
        const names = path.slice(onPath.get(use.of)).map((one) => one.declaration.name.text);
        cycles.push({ names: [...names, use.of.name.text], span: use.span });
      } else if (!done.has(use.of)) enter(use.of);
    }
  }
}

function usesOf(declaration: NamedDeclaration, resolution: Resolution): readonly Use[] {
  const uses: Use[] = [];
  const visit = (node: Expr | Statement) => {
    switch (node.kind) {
      case "name":
        note(resolution.values.get(node), node.span);
        break;
      case "call": {
        const target = resolution.functions.get(node);
        if (target?.kind === "fn") note(target.declaration, node.callee.span);
        break;
      }
      case "apply": {
        const target = resolution.targets.get(node);
        if (target?.kind === "block") note(target.block.declaration, node.name.span);
        break;
      }
    }
    for (const child of childrenOf(node)) visit(child);
  };
  const note = (of: NamedDeclaration | undefined, span: Span) => {
    if (of) uses.push({ of, span });
  };
  for (const part of partsOf(declaration)) visit(part);
  if (declaration.kind === "variant") note(resolution.bases.get(declaration)?.declaration, declaration.base.span);
  return uses;
}

function partsOf(declaration: NamedDeclaration): readonly (Expr | Statement)[] {
  const defaults = (params: readonly Param[]) => params.flatMap((param) => (param.default ? [param.default] : []));
  switch (declaration.kind) {
    case "network":
    case "block":
      return [...defaults(declaration.params), ...declaration.body.statements];
    case "variant":
      return [...declaration.args.map((arg) => arg.value), ...(declaration.body?.statements ?? [])];
    case "fn":
    case "let":
      return [declaration.value];
  }
}
