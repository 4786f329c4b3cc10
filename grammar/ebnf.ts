import {
  Alternation,
  Alternative,
  type IProduction,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  type Rule,
  Terminal,
  type TokenType,
} from "chevrotain";
import { precedence } from "./precedence.ts";
import * as t from "./tokens.ts";

/** The grammar as people read it: `{ }` any number of times, `[ ]` once or not at all, words in quotes literal. */
export function printEbnf(start: Rule): string {
  const rules = reachable(start);
  const width = Math.max(...rules.map((rule) => rule.name.length));
  const lines = rules.map((rule) => wrap(`${rule.name.padEnd(width)} = ${printRule(rule, width)} ;`, width + 3));
  return `${[...head, "", ...lines, "", ...tail()].join("\n")}\n`;
}

const head = [
  "# The grammar of dnet, LL(2), without ambiguity. Generated from parser.ts: change that, then `npm run generate`.",
  "# Words in quotes are literal; NAME, NUMBER, SIZE and STRING are tokens. A reserved word before `:` is a NAME, so",
  "# any word may be a label.",
];

function tail(): string[] {
  const levels = precedence.map(({ operators, note }) => {
    const signs = operators.map((operator) => `"${operator}"`).join(" ");
    return `#   ${note ? `${signs.padEnd(38)}${note}` : signs}`;
  });
  const tokens = [t.Size, t.Numeral, t.Name, t.Text].map((type) => `${type.name.padEnd(6)} = ${type.PATTERN} ;`);
  return [
    "# Operators, from loose to tight; those of one line from the left unless it says otherwise.",
    ...levels,
    "",
    "# Tokens, in lexing order. A number that runs into letters (2relu, 3xk, 4k) is a mistake with its own message.",
    ...tokens,
    `# Reserved: ${t.reservedWords.join(" ")}`,
    '# "##" documents the declaration below it, "#" is a comment; both run to the end of the line.',
  ];
}

/** The rules in the order in which they are first mentioned. */
function reachable(start: Rule): readonly Rule[] {
  const found = new Set([start]);
  const visit = (part: IProduction): void => {
    if (part instanceof NonTerminal) found.add(part.referencedRule);
    else if ("definition" in part) for (const inner of part.definition as IProduction[]) visit(inner);
  };
  for (const rule of found) visit(rule);
  return [...found];
}

/** Breaks a line between words. */
function wrap(text: string, indent: number): string {
  const lines: string[] = [];
  for (let line of text.split("\n")) {
    while (line.length > 120) {
      const end = line.lastIndexOf(" ", 120);
      lines.push(line.slice(0, end));
      line = " ".repeat(indent) + line.slice(end + 1);
    }
    lines.push(line);
  }
  return lines.join("\n");
}

function printRule(rule: Rule, indent: number): string {
  const parts = rule.definition.map(print).filter((part) => part !== "");
  const only = rule.definition[0];
  if (rule.definition.length !== 1 || !(only instanceof Alternation)) return parts.join(" ");
  return only.definition.map(print).join(`\n${" ".repeat(indent)} | `);
}

function print(part: IProduction): string {
  if (part instanceof NonTerminal) return part.nonTerminalName;
  if (part instanceof Terminal) return part.label === "shortcut" ? '"shortcut"' : printToken(part.terminalType);
  if (part instanceof Option) return `[ ${sequence(part.definition)} ]`;
  if (part instanceof Repetition) return `{ ${sequence(part.definition)} }`;
  if (part instanceof RepetitionWithSeparator) return `[ ${separated(part)} ]`;
  if (part instanceof RepetitionMandatoryWithSeparator) return separated(part);
  if (part instanceof Alternation) return `( ${part.definition.map(print).join(" | ")} )`;
  if (part instanceof Alternative) return sequence(part.definition);
  throw new Error("a part of the grammar that the printer does not know");
}

function sequence(parts: readonly IProduction[]): string {
  const only = parts[0];
  if (parts.length === 1 && only instanceof Alternation) return only.definition.map(print).join(" | ");
  return parts.map(print).join(" ");
}

function separated(part: RepetitionWithSeparator | RepetitionMandatoryWithSeparator): string {
  const item = sequence(part.definition);
  return `${item} { ${printToken(part.separator)} ${item} }`;
}

function printToken(type: TokenType): string {
  return type.LABEL ?? type.name;
}
