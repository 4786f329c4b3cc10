import { describe, expect, test } from "vitest";
import { messages } from "./parsing.ts";

/** Wrong statements, each alone in the body of a network, and all that is said of it. */
const inBody: readonly (readonly [text: string, messages: readonly string[]])[] = [
  ["conv(3x3 64)", ["2:10 unexpected-token: expected `,` or `)`, but found `64`"]],
  ["conv(3x3, 64\nrelu", ["2:13 unclosed-bracket: expected `,` or `)`"]],
  [
    "conv(3x3,\n  stride 2,\n  pad = 1)\nrelu( 1",
    ["3:10 unexpected-token: expected `,` or `)`, but found `2`", "5:8 unclosed-bracket: expected `,` or `)`"],
  ],
  ["conv(3x3, 64))", ["2:14 unmatched-close: this `)` closes nothing"]],
  ["conv(3x3,, 64)", ["2:10 unexpected-token: expected an expression or `)`, but found `,`"]],
  ["let x = *", ["2:9 unexpected-token: expected an expression after `=`, but found `*`"]],
  ["let x =\nlet y = 2", ["3:1 unexpected-token: expected an expression after `=`, but found `let`"]],
  ["let y =\nif c { relu }", ["3:1 unexpected-token: expected an expression after `=`, but found `if`"]],
  ["let x 3", ["2:7 unexpected-token: expected `=`, but found `3`"]],
  ["let input = 3", ["2:5 reserved-word: expected the name of the value, but `input` is a reserved word"]],
  [
    "let a = [1, 2\nlet b = [1 2]",
    ["2:14 unclosed-bracket: expected `,` or `]`", "3:12 unexpected-token: expected `,` or `]`, but found `2`"],
  ],
  ["let x = (1 +\nrelu", ["3:5 unclosed-bracket: expected `)`"]],
  ["let v = a if c else d\nrelu", ["2:11 conditional-order: a choice begins with its condition"]],
  ["conv(3x3, a if c else d)", ["2:13 conditional-order: a choice begins with its condition"]],
  [
    "for x inn y { relu tanh( }",
    ["2:7 unexpected-token: expected `in`, but found `inn`", "2:25 unclosed-bracket: expected an expression or `)`"],
  ],
  ["for x y { relu }", ["2:7 unexpected-token: expected `in`, but found `y`"]],
  [
    "for (i in 3) {\n  relu(\n}",
    [
      "2:5 unexpected-token: expected a name, or names in `[` and `]`, but found `(`",
      "3:8 unclosed-bracket: expected an expression or `)`",
    ],
  ],
  ["for in y { relu }", ["2:5 unexpected-token: expected a name, or names in `[` and `]`, but found `in`"]],
  ["if n == 3\n  relu\n}", ["3:3 unexpected-token: expected a body in braces, but found `relu`"]],
  ["repeat 3 relu", ["2:10 unexpected-token: expected a body in braces, but found `relu`"]],
  ["repeat { relu }", ["2:8 unexpected-token: expected an expression after `repeat`, but found `{`"]],
  [
    "x = conv(3x3, 4)\ny = conv(3x3, 4)\nrelu(",
    ["2:1 assignment: `x` cannot be assigned to", "5:5 unclosed-bracket: expected `,` or `)`"],
  ],
  ["}", ["3:1 outside-network: `relu` stands outside every network and block"]],
  [
    "block Q { relu }\nrelu(",
    ["2:1 nested-declaration: `block` cannot stand inside a body", "4:5 unclosed-bracket: expected `,` or `)`"],
  ],
  [
    "residual(when = ) { relu( }",
    [
      "2:17 unexpected-token: expected an expression after `=`, but found `)`",
      "2:26 unclosed-bracket: expected an expression or `)`",
    ],
  ],
  ["dense(6) as { relu }", ["2:13 unexpected-token: expected a name for the count, but found `{`"]],
  ["expect a = 3", ["2:10 unexpected-token: expected a statement or `}`, but found `=`"]],
  ["if a { } else { } else { }", ["2:19 unexpected-token: expected an `if` before it, but found `else`"]],
  ["a: : relu", ["2:4 unexpected-token: expected a layer or a body in braces, but found `:`"]],
  ["label: -> x", ["2:8 unexpected-token: expected a layer or a body in braces, but found `->`"]],
  ["(3)", ["2:1 bare-bracket: no statement begins with `(`"]],
  [
    "relu } { relu",
    ["2:8 unexpected-token: expected a declaration: `network`, `block`, `fn`, `let` or `import`, but found `{`"],
  ],
  ["-> 3", ["2:4 unexpected-token: expected the name of a tensor, but found `3`"]],
  ["from { relu }", ["2:6 unexpected-token: expected the name of a tensor, but found `{`"]],
  ["output 3", ["2:8 unexpected-token: expected the name of the output, but found `3`"]],
  ["input image(3, 4)", ["2:12 unexpected-token: expected `[`, but found `(`"]],
  ["input (3)", ["2:7 unexpected-token: expected the name of the input, but found `(`"]],
  ['require a > b "msg"\nrelu', ["3:1 unexpected-token: expected `:`, but found `relu`"]],
  ["conv(3x3, 4) + x", ["2:14 tensor-arithmetic: `+` cannot stand between layers"]],
  ["conv(3 x 3, 4)", ["2:8 unexpected-token: expected `,` or `)`, but found `x`"]],
  ["relu as 3 { }", ["2:9 unexpected-token: expected a name for the count, but found `3`"]],
  ["conv(3x3,\nrelu", ["3:5 unclosed-bracket: expected `,` or `)`"]],
  ["training relu", ["2:10 unexpected-token: expected a body in braces, but found `relu`"]],
  ["relu relu )] relu", ["2:11 unmatched-close: this `)` closes nothing"]],
  ["repat 3 { }", ["2:1 unknown-word: `repat` is neither a word of the language nor a layer"]],
  ['"a{i}{": relu', ["2:6 unclosed-interpolation: this `{` in a label is not closed"]],
  ['"}": relu', ["2:2 unopened-interpolation: this `}` in a label closes nothing"]],
  ['"{}": relu', ["2:2 empty-interpolation: nothing stands between these braces"]],
  ['"{i +}": relu', ["2:6 unexpected-end: expected an expression after `+`, but nothing follows"]],
  ['"{i j}": relu', ["2:5 unexpected-token: expected the end of the expression, but found `j`"]],
  ['"{\'}": relu', ["2:3 bad-character: `'` means nothing here"]],
  [
    "conv(4k $ 3) @ relu",
    [
      "2:6 bad-number: `4k` is not a number",
      "2:9 bad-character: `$` means nothing here",
      "2:14 bad-character: `@` means nothing here",
    ],
  ],
  [
    "elif a { }\nreturn x\nvar y = 3\nrelu(",
    [
      "2:1 foreign-word: `elif` is not a word of this language",
      "3:1 foreign-word: `return` is not a word of this language",
      "4:1 foreign-word: `var` is not a word of this language",
      "6:5 unclosed-bracket: expected `,` or `)`",
    ],
  ],
];

describe("a wrong statement is told once, and what follows is read", () => {
  for (const [text, told] of inBody) {
    test(text, () => {
      const found = messages(`network A {\n${text}\nrelu\n}\nlet last = *`);
      expect(found.slice(0, -1)).toEqual(told);
      expect(found.at(-1)).toMatch(/^\d+:12 .* but found `\*`$/);
    });
  }
});

/** Wrong files, and all that is said of them. */
const inFile: readonly (readonly [text: string, messages: readonly string[]])[] = [
  ["network A {\n  relu\n", ["2:7 unclosed-body: expected `}` before the end of the text"]],
  ["network A {\n  relu\n\nnetwork B {\n  relu\n}\n", ["2:7 unclosed-body: expected `}` before `network`"]],
  [
    "network A {\n  repeat 2 {\n    relu\n}\nnetwork B { relu }",
    ["3:9 unclosed-body: expected `}` before the `}` of the body around it"],
  ],
  [
    "network A {\n  relu }\n}\nconv(3)\nnetwork B { relu( }",
    [
      "2:8 unmatched-close: this `}` comes too early",
      "4:1 outside-network: `conv` stands outside every network and block",
      "5:18 unclosed-bracket: expected an expression or `)`",
    ],
  ],
  [
    'let x = 3\nlet y = \nlet z = * 3\nfn f(a = 3) = a\nimport { A B } from "x"\nnetwork A(a, b = { relu }\nblock { relu }\nnetwork C relu',
    [
      "3:9 unexpected-token: expected an expression after `=`, but found `*`",
      "4:8 unexpected-token: expected `,` or `)`, but found `=`",
      "5:12 unexpected-token: expected `,` or `}`, but found `B`",
      "6:18 unexpected-token: expected an expression after `=`, but found `{`",
      "7:7 unexpected-token: expected the name of a block, but found `{`",
      "8:11 unexpected-token: expected `(`, `=` or a body in braces, but found `relu`",
    ],
  ],
  [
    "network A {\n  if n == 3 {\n    relu\n}\nlet last = *",
    [
      "3:9 unclosed-body: expected `}` before the `}` of the body around it",
      "5:12 unexpected-token: expected an expression after `=`, but found `*`",
    ],
  ],
  ["network", ["1:8 unexpected-end: expected the name of a network, but nothing follows"]],
  ["network A(x = ", ["1:14 unexpected-end: expected an expression after `=`, but nothing follows"]],
  ["network A { if a", ["1:17 unexpected-end: expected a body in braces, but nothing follows"]],
  [
    "network A { let x = if a then 3",
    ["1:32 unexpected-end: expected `else`: a choice has both sides, but nothing follows"],
  ],
  ["fn f(a) a", ["1:9 unexpected-token: expected `=`, but found `a`"]],
  ['import A from "x"', ["1:8 unexpected-token: expected `{`, but found `A`"]],
  ['import { A } "x"', ["1:14 unexpected-token: expected `from`, but found a text"]],
  ['import { } from "x"', ["1:10 unexpected-token: expected a name to import, but found `}`"]],
  ["network 3 { }", ["1:9 unexpected-token: expected the name of a network, but found `3`"]],
  ["network A(for = 3) { relu }", ["1:11 unexpected-token: expected a parameter or `)`, but found `for`"]],
  ["conv(3)\nrelu", ["1:1 outside-network: `conv` stands outside every network and block"]],
  ["}", ["1:1 unmatched-close: this `}` closes nothing"]],
  ["netwrok A { }", ["1:1 outside-network: `netwrok` stands outside every network and block"]],
  ["from torch import nn", ["1:1 outside-network: `from` stands outside every network and block"]],
  [
    "class A(nn.Module):\n  pass",
    [
      "1:1 foreign-word: `class` is not a word of this language",
      "2:3 foreign-word: `pass` is not a word of this language",
    ],
  ],
  [
    "let x = 1 2",
    ["1:11 unexpected-token: expected a declaration: `network`, `block`, `fn`, `let` or `import`, but found `2`"],
  ],
  ["= 3", ["1:1 unexpected-token: expected a declaration: `network`, `block`, `fn`, `let` or `import`, but found `=`"]],
  ["network A = { }", ["1:13 unexpected-token: expected the name of a network, but found `{`"]],
  ["network A = B(1, { }", ["1:17 unclosed-bracket: expected an expression or `)`"]],
  [
    '"text"',
    ["1:1 unexpected-token: expected a declaration: `network`, `block`, `fn`, `let` or `import`, but found a text"],
  ],
  ["#", []],
  ["\uFEFF", []],
  ["\u0000", ["1:1 bad-character: the control character U+0000 means nothing here"]],
];

describe("a wrong file", () => {
  for (const [text, told] of inFile) test(JSON.stringify(text), () => expect(messages(text)).toEqual(told));
});

test("three mistakes are three messages", () => {
  expect(messages("network A(k = 3 {\n  conv(3x3 k)\n  let n = 4k\n  relu\n}\n")).toHaveLength(3);
});
