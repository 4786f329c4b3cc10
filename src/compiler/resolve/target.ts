import type { ApplyStatement } from "../ast/statements.ts";
import { type Construct, constructs, isConstruct } from "../constructs.ts";
import { layers } from "../layers/registry.ts";
import { suggest } from "../suggest.ts";
import type { Parameter } from "./arguments.ts";
import { foreignLayer } from "./foreign.ts";
import { layerAdviceFor } from "./foreign-advice.ts";
import type { ApplyTarget, Declared } from "./resolution.ts";
import type { Scope } from "./scope.ts";

/** The layer, construct or block that is applied; null, reported, where the name means nothing of the kind. */
export function applyTarget({ name }: ApplyStatement, scope: Scope): ApplyTarget | null {
  const target = targetNamed(name.text, scope);
  if (target || scope.unit.missing.has(name.text)) return target;
  const { report } = scope.session;
  const declared = scope.unit.declared.get(name.text);
  if (declared) {
    report("not-a-layer", name.span, { name: name.text, kind: declared.declaration.kind });
  } else if (scope.tensors.has(name.text)) {
    report("not-a-layer", name.span, { name: name.text, kind: "tensor" });
  } else if (scope.knows(name.text)) {
    report("not-a-layer", name.span, { name: name.text, kind: "value" });
  } else {
    const foreign = foreignLayer(name.text);
    const similar = suggest(name.text, applicableNames(scope));
    const advice = layerAdviceFor(name.text);
    const extra = advice ? { help: advice } : { related: scope.declarationOf(similar) };
    report("unknown-layer", name.span, { name: name.text, foreign, similar }, extra);
  }
  return null;
}

export function targetNamed(name: string, { unit }: Scope): ApplyTarget | null {
  const layer = layers.get(name);
  if (layer) return { kind: "layer", layer };
  if (isConstruct(name)) return { kind: "construct", name };
  const declared = unit.declared.get(name);
  if (declared?.declaration.kind !== "block") return null;
  return { kind: "block", block: { declaration: declared.declaration, unit: declared.unit } };
}

export function applicableNames({ unit }: Scope): readonly string[] {
  const blocks = [...unit.declared].filter(([, one]) => one.declaration.kind === "block").map(([name]) => name);
  return [...layers.keys(), ...constructs.keys(), ...blocks];
}

export function parametersOf(target: ApplyTarget): readonly Parameter[] {
  if (target.kind === "block") return parametersOfDeclaration(target.block);
  const construct = target.kind === "construct" ? (constructs.get(target.name) as Construct) : null;
  const table = target.kind === "layer" ? target.layer.arguments : (construct as Construct).arguments;
  return Object.entries(table).map(([name, argument]) => {
    const required = argument.default === null;
    return { name, required, positional: required || (construct?.positional.includes(name) ?? false), span: null };
  });
}

export function parametersOfDeclaration({ declaration }: Declared): readonly Parameter[] {
  if (declaration.kind !== "block" && declaration.kind !== "network") return [];
  return declaration.params.map((param) => {
    const required = param.default === null;
    return { name: param.name.text, required, positional: required, span: param.name.span };
  });
}
