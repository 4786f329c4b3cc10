import { Numeral, reservedWords, Size } from "./tokens.ts";

/** A TextMate grammar, as editors read it. */
export interface TextMateGrammar {
  readonly name: string;
  readonly scopeName: string;
  readonly fileTypes: readonly string[];
  readonly patterns: readonly Pattern[];
  readonly repository: Readonly<Record<string, { readonly patterns: readonly Pattern[] }>>;
}

interface Pattern {
  readonly name?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly include?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly patterns?: readonly Pattern[];
}

type Captures = Readonly<Record<string, { readonly name: string }>>;

/**
 * Colours for editors. It sees lines, not the grammar: what is called (`conv(`), labelled (`conv1:`) or declared is
 * known by the sign beside it; every other name of a body is taken for a layer, and inside brackets for a value.
 */
export function textMateGrammar(): TextMateGrammar {
  const values = [{ include: "#words" }, { include: "#names" }];
  return {
    name: "dnet",
    scopeName: "source.dnet",
    fileTypes: ["dnet"],
    patterns: [{ include: "#all" }, { include: "#words" }, { include: "#names" }, { include: "#layers" }],
    repository: {
      all: { patterns: [...comments, ...labels, ...texts, ...numbers, ...declarations, ...brackets] },
      words: { patterns: words },
      names: { patterns: names },
      layers: { patterns: [{ name: "support.function.layer.dnet", match: `\\b${name}\\b` }] },
      interpolation: { patterns: [...numbers, ...values, { name: "variable.other.dnet", match: `\\b${name}\\b` }] },
      values: {
        patterns: [{ include: "#all" }, ...values, { name: "variable.other.dnet", match: `\\b${name}\\b` }],
      },
    },
  };
}

const name = "[A-Za-z_][A-Za-z0-9_]*";

const comments: readonly Pattern[] = [
  { name: "comment.line.documentation.dnet", match: "##.*$" },
  { name: "comment.line.number-sign.dnet", match: "#.*$" },
];

const labels: readonly Pattern[] = [
  {
    match: `\\b(${name})\\s*(:)`,
    captures: { "1": { name: "entity.name.tag.dnet" }, "2": { name: "punctuation.separator.dnet" } },
  },
];

const texts: readonly Pattern[] = [
  {
    name: "string.quoted.double.dnet",
    begin: '"',
    end: '"|$',
    patterns: [
      { name: "constant.character.escape.dnet", match: '\\\\["\\\\nt{}]' },
      { name: "meta.interpolation.dnet", begin: "\\{", end: '\\}|(?=")|$', patterns: [{ include: "#interpolation" }] },
    ],
  },
];

const numbers: readonly Pattern[] = [
  { name: "constant.numeric.size.dnet", match: `\\b${source(Size.PATTERN)}` },
  { name: "constant.numeric.dnet", match: `\\b${source(Numeral.PATTERN)}` },
];

const declarations: readonly Pattern[] = [
  {
    match: `\\b(network|block)\\s+(${name})`,
    captures: { "1": { name: "storage.type.dnet" }, "2": { name: "entity.name.type.dnet" } },
  },
  {
    match: `\\b(fn)\\s+(${name})`,
    captures: { "1": { name: "storage.type.dnet" }, "2": { name: "entity.name.function.dnet" } },
  },
  {
    match: `\\b(let)\\s+(${name})`,
    captures: { "1": { name: "storage.type.dnet" }, "2": { name: "variable.other.constant.dnet" } },
  },
  {
    match: `(->|\\bfrom\\b|\\boutput\\b|\\binput\\b|\\bas\\b|\\bfor\\b)\\s+(${name})`,
    captures: { "1": { name: "keyword.control.dnet" }, "2": { name: "variable.other.dnet" } },
  },
];

const brackets: readonly Pattern[] = [
  { begin: "\\(", end: "\\)", patterns: [{ include: "#values" }] },
  { begin: "\\[", end: "\\]", patterns: [{ include: "#values" }] },
];

const constants = ["true", "false"];
const operatorWords = ["and", "or", "not"];

const words: readonly Pattern[] = [
  { name: "constant.language.dnet", match: `\\b(${constants.join("|")})\\b` },
  { name: "keyword.operator.word.dnet", match: `\\b(${operatorWords.join("|")})\\b` },
  {
    name: "keyword.control.dnet",
    match: `\\b(${reservedWords.filter((word) => !constants.includes(word) && !operatorWords.includes(word)).join("|")})\\b`,
  },
  { name: "keyword.control.dnet", match: "\\bshortcut\\b(?=\\s*\\{)" },
  { name: "keyword.operator.dnet", match: "->|\\.\\.|==|!=|<=|>=|~=|[-+*/%^<>=]" },
];

const names: readonly Pattern[] = [
  { name: "entity.name.type.dnet", match: "\\b[A-Z][A-Za-z0-9_]*\\b" },
  { name: "support.function.dnet", match: `\\b${name}(?=\\s*\\()` },
];

function source(pattern: unknown): string {
  if (!(pattern instanceof RegExp)) throw new Error("the pattern of a number is a regular expression");
  return pattern.source;
}
