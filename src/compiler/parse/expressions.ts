import type { IToken } from "chevrotain";
import type {
  ExprCstNode,
  ListCstNode,
  OperandCstNode,
  PatternCstNode,
  ReferenceCstNode,
} from "../../../grammar/cst.d.ts";
import type { Expr, Pattern } from "../ast/expressions.ts";
import { LimitExceeded } from "../limits.ts";
import { readNumber, readSize } from "../literal.ts";
import type { Span } from "../source.ts";
import { type Building, whole, wholeOnes } from "./building.ts";
import { isUnreadable } from "./lexical.ts";
import { buildOperation } from "./operators.ts";
import { buildText } from "./texts.ts";

/** The expression of a node; where there is none, one that is missing at the end of the parent. */
export function buildExpr(building: Building, node: ExprCstNode | undefined, parent: Span): Expr {
  const span = building.within(parent, node);
  if (!node || !span) return building.missing(parent);
  return building.deeper(span, () => {
    const { children } = node;
    if (children.Let) return buildLetIn(building, node, span);
    if (children.If) return buildChoose(building, node, span);
    return buildOperation(building, node, span, (operand) => buildOperand(building, operand, span));
  });
}

/** A parser that gave up before `in` may have read the beginning of the next statement. */
function buildLetIn(building: Building, { children }: ExprCstNode, span: Span): Expr {
  const name = whole(children.NAME);
  if (!name || !whole(children.In)) return { kind: "missing", span };
  return {
    kind: "let-in",
    span,
    name: building.name(name),
    value: buildExpr(building, children.value?.[0], span),
    body: buildExpr(building, children.body?.[0], span),
  };
}

function buildChoose(building: Building, { children }: ExprCstNode, span: Span): Expr {
  if (!whole(children.Then)) return { kind: "missing", span };
  return {
    kind: "choose",
    span,
    condition: buildExpr(building, children.condition?.[0], span),
    // biome-ignore lint/suspicious/noThenProperty: the tree calls the sides of a choice as the language does, and is never awaited
    then: buildExpr(building, children.then?.[0], span),
    otherwise: buildExpr(building, children.otherwise?.[0], span),
  };
}

/** An operand with its indices, without its prefix operators. */
function buildOperand(building: Building, node: OperandCstNode, parent: Span): Expr {
  let target = buildAtom(building, node, parent);
  if (target.kind === "missing") return target;
  const { index: indices = [], LeftBracket, RightBracket } = node.children;
  for (const [i, index] of indices.entries()) {
    const open = whole(LeftBracket, i);
    const close = whole(RightBracket, i);
    const end = close ? building.spanOf(close).end : (building.within(parent, index)?.end ?? open?.endOffset);
    const span = building.span(target.span.start, Math.min(end ?? target.span.end, parent.end));
    target = { kind: "index", span, target, index: buildExpr(building, index, span) };
    if (building.depth + i >= building.limits.nesting) throw new LimitExceeded("nesting", span);
  }
  return target;
}

function buildAtom(building: Building, node: OperandCstNode, parent: Span): Expr {
  const { children } = node;
  const number = whole(children.NUMBER);
  if (number) return buildNumber(building, number);
  const size = whole(children.SIZE);
  if (size) return buildSize(building, size);
  const text = whole(children.STRING);
  if (text) return buildText(building, text);
  const truth = whole(children.True) ?? whole(children.False);
  if (truth) return { kind: "boolean", span: building.spanOf(truth), value: truth.image === "true" };
  if (children.reference?.[0]) return buildReference(building, children.reference[0], parent);
  if (children.list?.[0]) return buildList(building, children.list[0], parent);
  return buildGroup(building, children, building.within(parent, node) ?? parent);
}

/** `( … )`: the expression between, its place widened to the parentheses, so that its text stands for itself. */
function buildGroup(building: Building, children: OperandCstNode["children"], parent: Span): Expr {
  const open = whole(children.LeftParen);
  if (!open) return buildExpr(building, children.group?.[0], parent);
  const close = whole(children.RightParen);
  const inner = building.within(parent, children.group?.[0]);
  const end = close ? building.spanOf(close).end : (inner?.end ?? building.spanOf(open).end);
  const span = building.span(open.startOffset, Math.min(end, parent.end));
  return { ...buildExpr(building, children.group?.[0], span), span };
}

function buildNumber(building: Building, token: IToken): Expr {
  const span = building.spanOf(token);
  if (isUnreadable(token)) return { kind: "missing", span };
  const value = readNumber(token.image, building.limits.bits);
  if (value === null) throw new LimitExceeded("bits", span);
  return { kind: "number", span, text: token.image, value };
}

function buildSize(building: Building, token: IToken): Expr {
  const span = building.spanOf(token);
  const sides = readSize(token.image, building.limits.bits);
  if (sides === null) throw new LimitExceeded("bits", span);
  return { kind: "size", span, height: sides[0], width: sides[1] };
}

function buildReference(building: Building, node: ReferenceCstNode, parent: Span): Expr {
  const { NAME, LeftParen, expr = [] } = node.children;
  const span = building.within(parent, node);
  const name = whole(NAME);
  if (!span || !name) return building.missing(parent);
  if (!LeftParen) return { kind: "name", span, text: name.image };
  const args = expr.map((arg) => buildExpr(building, arg, span));
  return { kind: "call", span, callee: building.name(name), args };
}

function buildList(building: Building, node: ListCstNode, parent: Span): Expr {
  const { expr = [], For, pattern, over } = node.children;
  const span = building.within(parent, node);
  if (!span) return building.missing(parent);
  if (!For) return { kind: "list", span, items: expr.map((item) => buildExpr(building, item, span)) };
  const names = buildPattern(building, pattern?.[0], span);
  if (!names) return { kind: "missing", span };
  const element = buildExpr(building, expr[0], span);
  return { kind: "comprehension", span, element, pattern: names, list: buildExpr(building, over?.[0], span) };
}

/** Null where nothing of the pattern was read. */
export function buildPattern(building: Building, node: PatternCstNode | undefined, parent: Span): Pattern | null {
  const span = building.within(parent, node);
  if (!node || !span) return null;
  const names = wholeOnes(node.children.NAME).map((name) => building.name(name));
  return { span, names, destructures: node.children.LeftBracket !== undefined };
}
