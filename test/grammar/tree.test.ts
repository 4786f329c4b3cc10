import { describe, expect, test } from "vitest";
import type { Declaration } from "../../src/compiler/ast/program.ts";
import type { Body, Label, Statement } from "../../src/compiler/ast/statements.ts";
import { textOf } from "../../src/compiler/source.ts";
import { messages, parsed, show } from "./parsing.ts";

function declarations(text: string): readonly Declaration[] {
  const { program, diagnostics } = parsed(text);
  expect(diagnostics).toEqual([]);
  return program.declarations;
}

function statements(text: string): readonly Statement[] {
  const [network] = declarations(`network A {\n${text}\n}`);
  return network?.kind === "network" ? network.body.statements : [];
}

/** A statement in one line, to tell trees apart. */
function outline(statement: Statement): string {
  switch (statement.kind) {
    case "input":
      return `input ${statement.name.text}[${statement.sizes.map(show).join(", ")}]`;
    case "let":
      return `let ${statement.name.text} = ${show(statement.value)}`;
    case "for": {
      const { pattern, index } = statement;
      const names = pattern.names.map(({ text }) => text).join(" ");
      const header = `for ${pattern.destructures ? `[${names}]` : names} in ${show(statement.list)}`;
      return `${header}${index ? ` as ${index.text}` : ""} ${bodyOutline(statement.body)}`;
    }
    case "repeat":
      return `repeat ${show(statement.count)}${statement.index ? ` as ${statement.index.text}` : ""} ${bodyOutline(statement.body)}`;
    case "if": {
      const arms = statement.arms.map(({ condition, body }) => `${show(condition)} ${bodyOutline(body)}`);
      return `if ${arms.join(" | ")}${statement.otherwise ? ` else ${bodyOutline(statement.otherwise)}` : ""}`;
    }
    case "name-tensor":
      return `-> ${textOf(statement.target.span)}`;
    case "from":
      return `from ${textOf(statement.tensor.span)}${statement.body ? ` ${bodyOutline(statement.body)}` : ""}`;
    case "require":
      return `require ${show(statement.condition)}${statement.message ? ` says ${statement.message.value}` : ""}`;
    case "expect":
      return `expect ${show(statement.condition)}`;
    case "output":
      return `output ${statement.name.text}`;
    case "training":
      return `training ${bodyOutline(statement.body)}`;
    case "scope":
      return `${labelOutline(statement.label)}: ${bodyOutline(statement.body)}`;
    case "apply": {
      const args = statement.args?.map(({ name, value }) => `${name ? `${name.text} = ` : ""}${show(value)}`);
      const label = statement.label ? `${labelOutline(statement.label)}: ` : "";
      const index = statement.index ? ` as ${statement.index.text}` : "";
      const body = statement.body ? ` ${bodyOutline(statement.body)}` : "";
      const shortcut = statement.shortcut ? ` shortcut ${bodyOutline(statement.shortcut)}` : "";
      return `${label}${statement.name.text}${args ? `(${args.join(", ")})` : ""}${index}${body}${shortcut}`;
    }
  }
}

function bodyOutline({ statements }: Body): string {
  return `{${statements.map(outline).join("; ")}}`;
}

function labelOutline({ parts }: Label): string {
  return parts.map((part) => (typeof part === "string" ? part : `<${show(part)}>`)).join("");
}

const bodies: readonly (readonly [text: string, outlines: readonly string[]])[] = [
  ["input image[3, H, W + 1]", ["input image[3, H, (W + 1)]"]],
  ["let a = b relu", ["let a = b", "relu"]],
  ["let a = f\n(b) relu", ["let a = f(b)", "relu"]],
  ["let a = if b then c else d if e { relu }", ["let a = (if b c d)", "if e {relu}"]],
  ["for x in y as i { relu tanh }", ["for x in y as i {relu; tanh}"]],
  ["for [a, b] in [[1, 2]] { }", ["for [a b] in [[1, 2]] {}"]],
  ["for [a] in b { }", ["for [a] in b {}"]],
  ["repeat n - 1 as j { relu }", ["repeat (n - 1) as j {relu}"]],
  ["if a { } else if b { relu } else if c { } else { tanh }", ["if a {} | b {relu} | c {} else {tanh}"]],
  ["relu -> x -> y[i + 1] from x from y[0] { relu }", ["relu", "-> x", "-> y[i + 1]", "from x", "from y[0] {relu}"]],
  ['require a > b require c, "no {c}" expect d', ["require (a > b)", "require c says no {c}", "expect d"]],
  ["output a training { relu }", ["output a", "training {relu}"]],
  ["a: relu b: { c: relu }", ["a: relu", "b: {c: relu}"]],
  ["conv(3x3, k, stride = 2,) relu() tanh", ["conv(3x3, k, stride = 2)", "relu()", "tanh"]],
  ["dense(6) as l { A(l) }", ["dense(6) as l {A(l)}"]],
  ["residual { relu } shortcut { tanh }", ["residual {relu} shortcut {tanh}"]],
  ["residual(when = a) { } shortcut { } relu", ["residual(when = a) {} shortcut {}", "relu"]],
  ["shortcut relu shortcut: tanh", ["shortcut", "relu", "shortcut: tanh"]],
  ["repeat shortcut { }", ["repeat shortcut {}"]],
  ["relu as a { } as: tanh", ["relu as a {}", "as: tanh"]],
  [
    "for: relu input: conv(1, 2) if: { } let: relu not: relu",
    ["for: relu", "input: conv(1, 2)", "if: {}", "let: relu", "not: relu"],
  ],
  ['"layer{i + 1}.{j}": relu', ["layer<(i + 1)>.<j>: relu"]],
  ['"{f(a, [1, 2])[0]}": { }', ["<(at f(a, [1, 2]) 0)>: {}"]],
  ['"\\{i\\}\\"\\\\": relu "": tanh', ['{i}"\\: relu', ": tanh"]],
];

describe("statements", () => {
  for (const [text, outlines] of bodies) test(text, () => expect(statements(text).map(outline)).toEqual(outlines));
});

test("the head of a layer is its name and arguments", () => {
  const [apply] = statements('"a{1}": residual(when = true) as i { relu } shortcut { }');
  expect(apply?.kind === "apply" && textOf(apply.head)).toBe("residual(when = true)");
});

test("the places of expressions inside a label are those in the file", () => {
  const [scope] = statements('"é\\n{ i+1 }": relu');
  const part = scope?.kind === "apply" ? scope.label?.parts[1] : undefined;
  expect(typeof part === "object" && textOf(part.span)).toBe("i+1");
});

test("the place of an expression in parentheses includes them", () => {
  const [let_] = statements("let a = (b + c) * (d)");
  const value = let_?.kind === "let" ? let_.value : undefined;
  expect(value && textOf(value.span)).toBe("(b + c) * (d)");
  expect(
    value?.kind === "chain" && [value.first, value.rest[0]?.operand].map((one) => one && textOf(one.span)),
  ).toEqual(["(b + c)", "(d)"]);
});

test("a number keeps its text, as `~=` reads the last digit from it", () => {
  const [one] = declarations("let a = 2.8340G");
  expect(one?.kind === "let" && one.value.kind === "number" && one.value.text).toBe("2.8340G");
});

describe("declarations", () => {
  test("have parameters with and without defaults", () => {
    const [block] = declarations("block A(a, b = a + 1,) { }");
    expect(
      block?.kind === "block" && block.params.map(({ name, default: value }) => [name.text, value && show(value)]),
    ).toEqual([
      ["a", null],
      ["b", "(a + 1)"],
    ]);
  });

  test("of a variant may leave out parentheses and braces", () => {
    const kinds = declarations("network A = B network C = B(1, n = 2) network D = B { } network E = B() { expect a }");
    expect(
      kinds.map((one) => one.kind === "variant" && [one.base.text, one.args.length, one.body?.statements.length]),
    ).toEqual([
      ["B", 0, undefined],
      ["B", 2, undefined],
      ["B", 0, 0],
      ["B", 0, 1],
    ]);
  });

  test("import names and define functions", () => {
    const [imported, fn] = declarations('import { A, B } from "std/densenet" fn f(a, b) = a');
    expect(imported?.kind === "import" && [imported.names.map(({ text }) => text), imported.from.value]).toEqual([
      ["A", "B"],
      "std/densenet",
    ]);
    expect(fn?.kind === "fn" && fn.params.map(({ text }) => text)).toEqual(["a", "b"]);
  });
});

const documented: readonly (readonly [text: string, doc: string | null])[] = [
  ["## One line.\nlet a = 1", "One line."],
  ["## Two\n##   lines\t\nlet a = 1", "Two\n  lines"],
  ["  ##No space\n  let a = 1", "No space"],
  ["\uFEFF## After the mark.\r\n## And more.\r\nlet a = 1", "After the mark.\nAnd more."],
  ["##\nlet a = 1", ""],
  ["## Far.\n\nlet a = 1", null],
  ["# Only a comment.\nlet a = 1", null],
  ["## Above a comment.\n# This.\nlet a = 1", null],
  ["let b = 2 ## Behind.\nlet a = 1", null],
  ["## Of b alone.\nlet b = 2 let a = 1", null],
  ["let a = 1", null],
];

describe("documentation is what stands directly above", () => {
  for (const [text, doc] of documented) {
    test(JSON.stringify(text), () => {
      const last = declarations(text).at(-1);
      expect(last?.kind === "let" && last.doc).toBe(doc);
    });
  }

  test("of every kind of declaration, but of no statement", () => {
    const [network, block, fn, variant] = declarations(
      "## n\nnetwork A {\n ## s\n let a = 1 }\n## b\nblock B { }\n## f\nfn f() = 1\n## v\nnetwork C = A",
    );
    const docs = [network, block, fn, variant].map((one) => one && "doc" in one && one.doc);
    expect(docs).toEqual(["n", "b", "f", "v"]);
    const statement = network?.kind === "network" ? network.body.statements[0] : undefined;
    expect(statement?.kind === "let" && statement.doc).toBeNull();
  });
});

test("an empty file is a program", () => {
  expect(declarations("")).toEqual([]);
  expect(declarations("# nothing\n")).toEqual([]);
});

describe("what was not read whole", () => {
  test("is missing or left out, and nothing else is", () => {
    const { program } = parsed(
      "network A(a, , b = ) {\n  conv(3x3 64)\n  let = 3\n  let x = *\n  for in y { }\n  relu\n}\nnetwork { relu }",
    );
    const [network, ...rest] = program.declarations;
    expect(rest).toEqual([]);
    const outlines = network?.kind === "network" ? network.body.statements.map(outline) : [];
    expect(outlines).toEqual(["conv(3x3)", "let x = ?", "relu"]);
  });

  test("an expression that the next line was taken for is missing", () => {
    const text = "let x =\nlet y = 2\nlet z =\n1";
    const { declarations } = parsed(text).program;
    expect(declarations.map((one) => one.kind === "let" && `${one.name.text} ${show(one.value)}`)).toEqual([
      "x ?",
      "y 2",
      "z 1",
    ]);
    expect(messages(text)).toEqual(["2:1 unexpected-token: expected an expression after `=`, but found `let`"]);
  });
});
