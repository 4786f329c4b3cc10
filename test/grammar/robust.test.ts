import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LimitExceeded } from "../../src/compiler/limits.ts";
import { parsed, straySpans } from "./parsing.ts";

const programs: Readonly<Record<string, string>> = {
  network: fixture("densenet-121-plain"),
  layer: fixture("layer-v2"),
  declarations: `import { A, B } from "./file.dnet"
## A value.
let half = if 2 > 1 then let x = 0.5 in x else [a for [a, b] in [[1, 2]]][0]
fn f(a, b) = -a ^ 2 + f(b, 1x7)[0..len(b)] % 3
network V = A(n = 4, 2) { expect params == 1 and not true }
`,
  statements: `network S(n = 3,) {
  input image[3, H, W]
  require H % 8 == 0, "halves {thrice}"
  for [k, s] in [[1, 2]] as i { "l{i + 1}.{k}": conv(3x3, k) -> skip[i] }
  repeat n as j { if j == 0 { relu } else if j == 1 { tanh } else { from skip[0] { add(x) } } }
  residual(when = true) { relu } shortcut { branch { } }
  training: { training { linear(10) } output y } expect params ~= 2.8M
}
`,
};

function fixture(name: string): string {
  return readFileSync(join(import.meta.dirname, "../fixtures/ok", `${name}.dnet`), "utf8");
}

function check(text: string): void {
  try {
    const stray = straySpans(parsed(text).program);
    if (stray.length > 0) throw new Error(`spans outside their parents': ${stray.join(", ")}`);
  } catch (error) {
    if (!(error instanceof LimitExceeded)) throw new Error(`fails for ${JSON.stringify(text)}`, { cause: error });
  }
}

describe("a tree comes out of", () => {
  for (const [name, text] of Object.entries(programs)) {
    test(`${name}: the program itself, without a message`, () => expect(parsed(text).diagnostics).toEqual([]));

    test(`${name}: every beginning`, () => {
      for (let end = 0; end < text.length; end++) check(text.slice(0, end));
    });

    test(`${name}: every text that lacks a character`, () => {
      for (let at = 0; at < text.length; at++) check(text.slice(0, at) + text.slice(at + 1));
    });

    test(`${name}: every text with a word taken out, doubled or swapped with the next`, () => {
      const words = text.match(/\w+|\s+|[^\w\s]/g) ?? [];
      for (let i = 0; i < words.length; i++) {
        const [before, word = "", next = "", after] = [words.slice(0, i), words[i], words[i + 1], words.slice(i + 2)];
        check([...before, next, ...after].join(""));
        check([...before, word, word, next, ...after].join(""));
        check([...before, next, word, ...after].join(""));
      }
    });
  }

  test("anything", () => {
    const words =
      Object.values(programs)
        .join(" ")
        .match(/\w+|[^\w\s]+|\n/g) ?? [];
    const text = fc.array(fc.oneof(fc.constantFrom(...words), fc.string({ unit: "binary", maxLength: 3 })), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(text, (parts) => check(parts.join(" "))),
      { seed: 7, numRuns: 2000 },
    );
  });
});
