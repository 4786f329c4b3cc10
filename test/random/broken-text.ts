import { type Breakage, inArguments, keeping, wrong } from "./breakage.ts";

/** What is wrong with the text before it means anything. */
export const brokenText: Readonly<Record<string, Breakage>> = {
  "power of Python": inArguments("foreign-operator", () => "2 ** 2"),
  "division of Python": inArguments("floor-division", () => "7 // 2"),
  "number with a unit": inArguments("bad-number", () => "3k"),
  "sign that means nothing": inArguments("bad-character", () => "3 $"),
  "choice of Python": inArguments("conditional-order", () => "3 if true else 4"),
  "range of ranges": inArguments("range-of-ranges", () => "len(0..3..4)", "len(0..3)"),
  "negation behind an operator": inArguments("misplaced-not", () => "if true == not false then 3 else 4"),
  assignment: keeping("assignment", () => wrong("x = relu", "relu")),
  "name with a dot": keeping("dotted-name", () => wrong("nn.relu", "relu")),
  "bracket at the beginning": keeping("bare-bracket", () => `require true ${wrong("{ relu }", "relu")}`),
  "layers with a sign between": keeping("tensor-arithmetic", () => `relu ${wrong("+", "")} relu`),
  "text that is not closed": keeping("unclosed-text", () => `${wrong('"label: relu\n', "relu\n")}`),
  "quotes of another language": keeping("foreign-quotes", () => `${wrong("'again'", "again")}: relu`),
  "comment of another language": keeping("foreign-comment", () => `relu ${wrong("/* so */", "")}`),
  "unknown escape": keeping("unknown-escape", () => `"again${wrong("\\q", "")}": relu`),
  "value in a label that is not closed": keeping("unclosed-interpolation", () => `"again${wrong("{1", "{1}")}": relu`),
  "no value in a label": keeping("empty-interpolation", () => `"again${wrong("{}", "{1}")}": relu`),
  "brace in a label": keeping("unopened-interpolation", () => `"again${wrong("}", "")}": relu`),
  "declaration in a body": keeping("nested-declaration", () => `${wrong("block Inner { relu }", "relu")}`),
  "word for a name": keeping("reserved-word", () => `let ${wrong("repeat", "rounds")} = 2`),
  "parenthesis that is not closed": keeping("unclosed-bracket", () => `leakyrelu(0.5${wrong("", ")")}`),
  "parenthesis that closes nothing": keeping("unmatched-close", () => `relu ${wrong(")", "")} tanh`),
  "comma too many": keeping("unexpected-token", () => `scale(2${wrong(",,", ",")} shift = 1)`),
  "word of PyTorch": keeping("unknown-layer", () => wrong("ReLU", "relu")),
};
