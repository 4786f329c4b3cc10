import type { IToken } from "chevrotain";
import type * as cst from "../../../grammar/cst.d.ts";
import type { Name } from "../ast/expressions.ts";
import type {
  ApplyStatement,
  Arg,
  Body,
  Label,
  LetDeclaration,
  ScopeStatement,
  Statement,
  TensorRef,
} from "../ast/statements.ts";
import { type Span, spanFrom } from "../source.ts";
import { type Building, whole } from "./building.ts";
import { buildExpr, buildPattern } from "./expressions.ts";
import { buildText, buildTextLabel } from "./texts.ts";

/** Null where no body was read. What of its statements was not read whole is left out. */
export function buildBody(building: Building, node: cst.BodyCstNode | undefined, parent: Span): Body | null {
  const span = building.within(parent, node);
  if (!node || !span) return null;
  return building.deeper(span, () => {
    const statements = (node.children.statement ?? []).map((statement) => buildStatement(building, statement, span));
    return { span, statements: statements.filter((statement) => statement !== null) };
  });
}

type StatementNode = NonNullable<cst.BodyCstChildren["statement"]>[number];

function buildStatement(building: Building, node: StatementNode, parent: Span): Statement | null {
  const span = building.within(parent, node);
  if (!span) return null;
  switch (node.name) {
    case "inputStatement":
      return buildInput(building, node, span);
    case "letStatement":
      return buildLet(building, node, span, null);
    case "forStatement":
      return buildFor(building, node, span);
    case "repeatStatement":
      return buildRepeat(building, node, span);
    case "ifStatement":
      return buildIf(building, node, span);
    case "nameStatement":
      return withTensor(building, node.children.tensor?.[0], span, (target) => ({ kind: "name-tensor", span, target }));
    case "fromStatement": {
      const body = buildBody(building, node.children.body?.[0], span);
      return withTensor(building, node.children.tensor?.[0], span, (tensor) => ({ kind: "from", span, tensor, body }));
    }
    case "requireStatement": {
      const message = whole(node.children.STRING);
      const condition = buildExpr(building, node.children.expr?.[0], span);
      return { kind: "require", span, condition, message: message && buildText(building, message) };
    }
    case "expectStatement":
      return { kind: "expect", span, condition: buildExpr(building, node.children.expr?.[0], span) };
    case "outputStatement":
      return withName(building, node.children.NAME, (name) => ({ kind: "output", span, name }));
    case "trainingStatement": {
      const body = buildBody(building, node.children.body?.[0], span);
      return body && { kind: "training", span, body };
    }
    case "labelled":
      return buildLabelled(building, node, span);
    case "apply":
      return buildApply(building, node, span, span, null);
  }
}

function withName<T>(building: Building, tokens: readonly IToken[] | undefined, make: (name: Name) => T): T | null {
  const token = whole(tokens);
  return token && make(building.name(token));
}

function withTensor<T>(
  building: Building,
  node: cst.TensorCstNode | undefined,
  parent: Span,
  make: (tensor: TensorRef) => T,
): T | null {
  const span = building.within(parent, node);
  const name = whole(node?.children.NAME);
  if (!node || !span || !name) return null;
  const index = node.children.LeftBracket ? buildExpr(building, node.children.expr?.[0], span) : null;
  return make({ span, name: building.name(name), index });
}

function buildInput(building: Building, { children }: cst.InputStatementCstNode, span: Span): Statement | null {
  const sizes = (children.expr ?? []).map((size) => buildExpr(building, size, span));
  return withName(building, children.NAME, (name) => ({ kind: "input", span, name, sizes }));
}

/** At the top of a file, where `doc` may be set, and as a statement. */
export function buildLet(
  building: Building,
  { children }: cst.LetStatementCstNode,
  span: Span,
  doc: string | null,
): LetDeclaration | null {
  const value = buildExpr(building, children.expr?.[0], span);
  return withName(building, children.NAME, (name) => ({ kind: "let", span, doc, name, value }));
}

function buildFor(building: Building, { children }: cst.ForStatementCstNode, span: Span): Statement | null {
  const header = children.forHeader?.[0]?.children;
  const place = building.within(span, children.forHeader?.[0]) ?? span;
  const pattern = buildPattern(building, header?.pattern?.[0], place);
  const list = buildExpr(building, header?.expr?.[0], place);
  const index = withName(building, header?.NAME, (name) => name);
  const body = buildBody(building, children.body?.[0], span);
  return pattern && body && { kind: "for", span, pattern, list, index, body };
}

function buildRepeat(building: Building, { children }: cst.RepeatStatementCstNode, span: Span): Statement | null {
  const header = children.repeatHeader?.[0]?.children;
  const place = building.within(span, children.repeatHeader?.[0]) ?? span;
  const count = buildExpr(building, header?.expr?.[0], place);
  const index = withName(building, header?.NAME, (name) => name);
  const body = buildBody(building, children.body?.[0], span);
  return body && { kind: "repeat", span, count, index, body };
}

function buildIf(building: Building, { children }: cst.IfStatementCstNode, span: Span): Statement | null {
  const arms = (children.body ?? []).flatMap((node, i) => {
    const body = buildBody(building, node, span);
    return body ? [{ condition: buildExpr(building, children.expr?.[i], span), body }] : [];
  });
  const otherwise = buildBody(building, children.otherwise?.[0], span);
  return arms.length === 0 ? null : { kind: "if", span, arms, otherwise };
}

function buildLabelled(
  building: Building,
  { children }: cst.LabelledCstNode,
  span: Span,
): ScopeStatement | ApplyStatement | null {
  const label = buildLabel(building, children.label?.[0]);
  const apply = children.apply?.[0];
  const place = building.within(span, apply);
  if (label && apply && place) return buildApply(building, apply, span, place, label);
  const body = buildBody(building, children.body?.[0], span);
  return label && body && { kind: "scope", span, label, body };
}

function buildLabel(building: Building, node: cst.LabelCstNode | undefined): Label | null {
  const text = whole(node?.children.STRING);
  if (text) return buildTextLabel(building, text);
  return withName(building, node?.children.NAME, (name) => ({ span: name.span, parts: [name.text] }));
}

/** `place` is that of the layer, `span` that of the statement with its label. */
function buildApply(
  building: Building,
  { children }: cst.ApplyCstNode,
  span: Span,
  place: Span,
  label: Label | null,
): ApplyStatement | null {
  const name = withName(building, children.NAME, (found) => found);
  const args = children.args?.[0] ? buildArgs(building, children.args[0], place) : null;
  const index = withName(building, children.index, (found) => found);
  const body = buildBody(building, children.body?.[0], place);
  const shortcut = buildBody(building, children.detour?.[0], place);
  if (!name) return null;
  const head = spanFrom(name.span, building.within(place, children.args?.[0]) ?? name.span);
  return { kind: "apply", span, label, head, name, args, index, body, shortcut };
}

/** Arguments of which nothing was read are left out. */
export function buildArgs(building: Building, node: cst.ArgsCstNode | undefined, parent: Span): readonly Arg[] {
  return (node?.children.arg ?? []).flatMap((arg) => {
    const span = building.within(parent, arg);
    if (!span) return [];
    const name = arg.children.Assign ? withName(building, arg.children.NAME, (found) => found) : null;
    return [{ span, name, value: buildExpr(building, arg.children.expr?.[0], span) }];
  });
}
