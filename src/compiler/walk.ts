import type { Expr } from "./ast/expressions.ts";
import type { Arg, Body, Label, Statement, TensorRef } from "./ast/statements.ts";

/** The expressions and statements directly inside a node, in the order of the text. */
export function childrenOf(node: Expr | Statement): readonly (Expr | Statement)[] {
  switch (node.kind) {
    case "number":
    case "size":
    case "text":
    case "boolean":
    case "missing":
    case "name":
    case "output":
      return [];
    case "name-tensor":
      return indexOf(node.target);
    case "call":
      return node.args;
    case "list":
      return node.items;
    case "comprehension":
      return [node.element, node.list];
    case "index":
      return [node.target, node.index];
    case "chain":
    case "compare":
      return [node.first, ...node.rest.map((one) => one.operand)];
    case "power":
      return [node.base, node.exponent];
    case "negate":
    case "not":
      return [node.operand];
    case "and":
    case "or":
      return node.operands;
    case "range":
      return [node.from, node.to];
    case "choose":
      return [node.condition, node.then, node.otherwise];
    case "let-in":
      return [node.value, node.body];
    case "input":
      return node.sizes;
    case "let":
      return [node.value];
    case "for":
      return [node.list, ...statementsOf(node.body)];
    case "repeat":
      return [node.count, ...statementsOf(node.body)];
    case "if":
      return [
        ...node.arms.flatMap((arm) => [arm.condition, ...statementsOf(arm.body)]),
        ...statementsOf(node.otherwise),
      ];
    case "from":
      return [...indexOf(node.tensor), ...statementsOf(node.body)];
    case "require":
    case "expect":
      return [node.condition];
    case "training":
      return statementsOf(node.body);
    case "scope":
      return [...expressionsOf(node.label), ...statementsOf(node.body)];
    case "apply":
      return [
        ...(node.label ? expressionsOf(node.label) : []),
        ...(node.args ?? []).map((arg: Arg) => arg.value),
        ...statementsOf(node.body),
        ...statementsOf(node.shortcut),
      ];
  }
}

/** The braces of a statement, in the order of the text. */
export function bodiesOf(statement: Statement): readonly Body[] {
  switch (statement.kind) {
    case "input":
    case "let":
    case "name-tensor":
    case "require":
    case "expect":
    case "output":
      return [];
    case "for":
    case "repeat":
    case "training":
    case "scope":
      return [statement.body];
    case "if":
      return [...statement.arms.map((arm) => arm.body), ...present(statement.otherwise)];
    case "from":
      return present(statement.body);
    case "apply":
      return [...present(statement.body), ...present(statement.shortcut)];
  }
}

function present(body: Body | null): readonly Body[] {
  return body ? [body] : [];
}

function statementsOf(body: Body | null): readonly Statement[] {
  return body?.statements ?? [];
}

function expressionsOf(label: Label): readonly Expr[] {
  return label.parts.filter((part): part is Expr => typeof part !== "string");
}

function indexOf(tensor: TensorRef): readonly Expr[] {
  return tensor.index ? [tensor.index] : [];
}
