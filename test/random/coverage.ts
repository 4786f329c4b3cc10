import type { Expr } from "../../src/compiler/ast/expressions.ts";
import type { Declaration } from "../../src/compiler/ast/program.ts";
import type { Statement } from "../../src/compiler/ast/statements.ts";
import { constructs } from "../../src/compiler/constructs.ts";
import { builtinFunctions } from "../../src/compiler/functions.ts";
import { layers } from "../../src/compiler/layers/registry.ts";
import { defaultLimits } from "../../src/compiler/limits.ts";
import { parse } from "../../src/compiler/parse.ts";
import { childrenOf } from "../../src/compiler/walk.ts";
import type { RandomProgram } from "./program.ts";

/** What programs have used of the language, and how often. */
export type Coverage = Map<string, number>;

export function addCoverage(coverage: Coverage, { text, parts }: RandomProgram): void {
  for (const one of [text, ...(parts === null ? [] : [parts])]) {
    const program = parse({ path: "test.dnet", text: one }, defaultLimits, () => undefined);
    for (const declaration of program.declarations) addDeclaration(coverage, declaration);
  }
}

/** What is in the language and in none of the programs. */
export function uncovered(coverage: Coverage): readonly string[] {
  return language().filter((one) => !coverage.has(one));
}

/** All that programs can be made of, as the compiler's own tables say. */
function language(): readonly string[] {
  const applied = [...layers, ...constructs].flatMap(([name, one]) => [
    name,
    ...Object.keys(one.arguments).map((argument) => `${name} ${argument}`),
  ]);
  return [...applied, ...builtinFunctions.keys(), ...declarationKinds, ...statementKinds, ...expressionKinds];
}

const declarationKinds = ["network", "variant", "block", "fn", "let", "import"] satisfies Declaration["kind"][];

const statementKinds = [
  ...(["input", "let", "for", "repeat", "if", "name-tensor", "from", "require", "expect", "output"] as const),
  ...(["training", "scope", "apply"] as const),
  ...(["shortcut", "label", "dense body", "index of a tensor", "destructuring", "from with braces", "else"] as const),
];

const expressionKinds = [
  ...(["number", "size", "text", "boolean", "name", "call", "list", "comprehension", "index", "chain"] as const),
  ...(["power", "negate", "not", "and", "or", "compare", "range", "choose", "let-in"] as const),
] satisfies Expr["kind"][];

function addDeclaration(coverage: Coverage, declaration: Declaration): void {
  add(coverage, declaration.kind);
  switch (declaration.kind) {
    case "network":
    case "block":
      for (const param of declaration.params) if (param.default) addNode(coverage, param.default);
      for (const statement of declaration.body.statements) addNode(coverage, statement);
      return;
    case "variant":
      for (const statement of declaration.body?.statements ?? []) addNode(coverage, statement);
      return;
    case "fn":
    case "let":
      addNode(coverage, declaration.value);
      return;
    case "import":
      return;
  }
}

function addNode(coverage: Coverage, node: Expr | Statement): void {
  add(coverage, node.kind);
  for (const one of particulars(node)) add(coverage, one);
  for (const child of childrenOf(node)) addNode(coverage, child);
}

/** What a node shows besides its kind. */
function particulars(node: Expr | Statement): readonly string[] {
  switch (node.kind) {
    case "call":
      return [node.callee.text];
    case "for":
      return node.pattern.destructures ? ["destructuring"] : [];
    case "if":
      return node.otherwise ? ["else"] : [];
    case "from":
      return node.body ? ["from with braces"] : [];
    case "name-tensor":
      return node.target.index ? ["index of a tensor"] : [];
    case "require":
      return node.message ? ["text"] : [];
    case "apply":
      return [
        node.name.text,
        ...argumentsOf(node),
        ...(node.shortcut ? ["shortcut"] : []),
        ...(node.label ? ["label"] : []),
        ...(node.name.text === "dense" && node.body ? ["dense body"] : []),
      ];
    default:
      return [];
  }
}

/** The arguments that are given, by position too. */
function argumentsOf({ name, args }: Extract<Statement, { kind: "apply" }>): readonly string[] {
  const table = layers.get(name.text)?.arguments ?? constructs.get(name.text)?.arguments;
  const names = Object.keys(table ?? {});
  return (args ?? []).map((arg, i) => `${name.text} ${arg.name?.text ?? names[i]}`);
}

function add(coverage: Coverage, one: string): void {
  coverage.set(one, (coverage.get(one) ?? 0) + 1);
}
