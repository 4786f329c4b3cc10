import type { Expr } from "../../src/compiler/ast/expressions.ts";
import type { Program } from "../../src/compiler/ast/program.ts";
import { type Diagnostic, Diagnostics } from "../../src/compiler/diagnostics.ts";
import { defaultLimits, type Limits } from "../../src/compiler/limits.ts";
import { formatExact } from "../../src/compiler/number.ts";
import { parse, parseExpression } from "../../src/compiler/parse.ts";
import { positionAt, type Source } from "../../src/compiler/source.ts";

export interface Parsed {
  readonly program: Program;
  readonly diagnostics: readonly Diagnostic[];
}

export function parsed(text: string, limits: Partial<Limits> = {}): Parsed {
  const source: Source = { path: "test.dnet", text };
  const found = new Diagnostics();
  const program = parse(source, { ...defaultLimits, ...limits }, found.report);
  return { program, diagnostics: found.sorted([source]) };
}

/** The messages about a text, each as `line:column code: message`. */
export function messages(text: string): readonly string[] {
  return parsed(text).diagnostics.map(line);
}

/** The tree of an expression as `show` writes it; with messages where there are any. */
export function shown(text: string): string {
  const source: Source = { path: "test.dnet", text };
  const found = new Diagnostics();
  const expr = parseExpression({ source, start: 0, end: source.text.length }, defaultLimits, found.report);
  return [show(expr), ...found.sorted([source]).map(line)].join("\n");
}

function line({ code, message, span }: Diagnostic): string {
  const { line, column } = positionAt(span.source, span.start);
  return `${line}:${column} ${code}: ${message}`;
}

/** An expression with every operation in parentheses, its operator first. */
export function show(expr: Expr): string {
  switch (expr.kind) {
    case "number":
      return formatExact(expr.value);
    case "size":
      return `${formatExact(expr.height)}x${formatExact(expr.width)}`;
    case "text":
      return JSON.stringify(expr.value);
    case "boolean":
      return String(expr.value);
    case "name":
      return expr.text;
    case "missing":
      return "?";
    case "call":
      return `${expr.callee.text}(${expr.args.map(show).join(", ")})`;
    case "list":
      return `[${expr.items.map(show).join(", ")}]`;
    case "comprehension": {
      const names = expr.pattern.names.map(({ text }) => text).join(" ");
      return `[${show(expr.element)} for ${names} in ${show(expr.list)}]`;
    }
    case "index":
      return `(at ${show(expr.target)} ${show(expr.index)})`;
    case "chain":
    case "compare":
      return `(${[show(expr.first), ...expr.rest.map(({ operator, operand }) => `${operator} ${show(operand)}`)].join(" ")})`;
    case "power":
      return `(^ ${show(expr.base)} ${show(expr.exponent)})`;
    case "negate":
      return `(- ${show(expr.operand)})`;
    case "not":
      return `(not ${show(expr.operand)})`;
    case "and":
    case "or":
      return `(${expr.kind} ${expr.operands.map(show).join(" ")})`;
    case "range":
      return `(.. ${show(expr.from)} ${show(expr.to)})`;
    case "choose":
      return `(if ${show(expr.condition)} ${show(expr.then)} ${show(expr.otherwise)})`;
    case "let-in":
      return `(let ${expr.name.text} ${show(expr.value)} ${show(expr.body)})`;
  }
}

/** Every node of the tree whose span does not lie inside that of the node around it. */
export function straySpans(program: Program): readonly string[] {
  const stray: string[] = [];
  const visit = (value: unknown, start: number, end: number, path: string): void => {
    if (Array.isArray(value)) for (const [i, item] of value.entries()) visit(item, start, end, `${path}[${i}]`);
    else if (value !== null && typeof value === "object" && !isSource(value)) {
      const place = spanOf(value);
      const inside = !place || (place.start >= start && place.end <= end && place.start <= place.end);
      if (!inside) stray.push(`${path} ${place?.start}–${place?.end} outside ${start}–${end}`);
      for (const [name, inner] of Object.entries(value)) {
        if (name !== "span") visit(inner, place?.start ?? start, place?.end ?? end, `${path}.${name}`);
      }
    }
  };
  visit(program, 0, program.source.text.length, "program");
  return stray;
}

function isSource(value: object): value is Source {
  return "path" in value && "text" in value;
}

function spanOf(value: object): { readonly start: number; readonly end: number } | null {
  if ("span" in value) return value.span as { start: number; end: number };
  return "start" in value && "end" in value ? (value as { start: number; end: number }) : null;
}
