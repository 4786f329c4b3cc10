import type * as cst from "../../../grammar/cst.d.ts";
import type { Declaration, Param } from "../ast/program.ts";
import type { Span } from "../source.ts";
import { type Building, whole, wholeOnes } from "./building.ts";
import { docAbove } from "./doc.ts";
import { buildExpr } from "./expressions.ts";
import { buildArgs, buildBody, buildLet } from "./statements.ts";
import { buildText } from "./texts.ts";

/** Null where too little of the declaration was read to mean anything. */
export function buildDeclaration(
  building: Building,
  { children }: cst.DeclarationCstNode,
  parent: Span,
): Declaration | null {
  const node = (children.network ?? children.block ?? children.fn ?? children.letStatement)?.[0];
  const span = building.within(parent, node ?? children.importDeclaration?.[0]);
  if (!span) return null;
  const doc = docAbove(building.source.text, span.start);
  switch (node?.name) {
    case "network":
      return buildNetwork(building, node, span, doc);
    case "block":
      return buildBlock(building, node, span, doc);
    case "fn":
      return buildFn(building, node, span, doc);
    case "letStatement":
      return buildLet(building, node, span, doc);
    case undefined:
      return buildImport(building, children.importDeclaration?.[0], span);
  }
}

type Doc = string | null;

function buildNetwork(building: Building, { children }: cst.NetworkCstNode, span: Span, doc: Doc): Declaration | null {
  const name = whole(children.NAME);
  const base = whole(children.base);
  const body = buildBody(building, children.body?.[0], span);
  const args = buildArgs(building, children.args?.[0], span);
  const params = buildParams(building, children.params?.[0], span);
  if (!name) return null;
  if (base) return { kind: "variant", span, doc, name: building.name(name), base: building.name(base), args, body };
  return body && { kind: "network", span, doc, name: building.name(name), params, body };
}

function buildBlock(building: Building, { children }: cst.BlockCstNode, span: Span, doc: Doc): Declaration | null {
  const name = whole(children.NAME);
  const params = buildParams(building, children.params?.[0], span);
  const body = buildBody(building, children.body?.[0], span);
  return name && body && { kind: "block", span, doc, name: building.name(name), params, body };
}

function buildFn(building: Building, { children }: cst.FnCstNode, span: Span, doc: Doc): Declaration | null {
  const name = whole(children.NAME);
  const params = wholeOnes(children.param).map((param) => building.name(param));
  const value = buildExpr(building, children.expr?.[0], span);
  return name && { kind: "fn", span, doc, name: building.name(name), params, value };
}

function buildImport(
  building: Building,
  node: cst.ImportDeclarationCstNode | undefined,
  span: Span,
): Declaration | null {
  const from = whole(node?.children.STRING);
  const names = wholeOnes(node?.children.NAME).map((name) => building.name(name));
  return from && { kind: "import", span, names, from: buildText(building, from) };
}

function buildParams(building: Building, node: cst.ParamsCstNode | undefined, parent: Span): readonly Param[] {
  return (node?.children.param ?? []).flatMap((param) => {
    const span = building.within(parent, param);
    const name = whole(param.children.NAME);
    if (!span || !name) return [];
    const value = param.children.Assign ? buildExpr(building, param.children.expr?.[0], span) : null;
    return [{ span, name: building.name(name), default: value }];
  });
}
