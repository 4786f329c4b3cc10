import picocolors from "picocolors";
import { describe, expect, test } from "vitest";
import { renderHuman, renderShort, summarize } from "../../src/cli/render.ts";
import type { Code, Diagnostic, Related } from "../../src/compiler/diagnostics.ts";
import type { Source, Span } from "../../src/compiler/source.ts";

const wide = { width: 100, labelWidth: Number.POSITIVE_INFINITY, unicode: true };
const plain = { colors: picocolors.createColors(false), ...wide };
const colored = { colors: picocolors.createColors(true), ...wide };

/** The `nth` place (from 0) where `text` stands in the source. */
function at(source: Source, text: string, nth = 0): Span {
  let start = source.text.indexOf(text);
  for (let skipped = 0; skipped < nth; skipped++) start = source.text.indexOf(text, start + 1);
  if (start < 0) throw new Error(`"${text}" is not in the source`);
  return { source, start, end: start + text.length };
}

function diagnostic(span: Span, rest: Partial<Diagnostic> = {}): Diagnostic {
  return {
    code: "unexpected-token" as Code,
    severity: "error",
    message: "something is wrong here",
    span,
    label: "",
    related: [],
    notes: [],
    help: "",
    ...rest,
  };
}

function related(span: Span, message: string): Related {
  return { span, message };
}

const net: Source = {
  path: "examples/net.dnet",
  text: `network Net(growth = 32) {
  input image[3, 224, 224]

  conv(7x7, 2 * growth, stride = 2) batchnorm relu maxpool(3x3, stride = 2, pad = 1)

  # a block whose third layer is wider
  # than its growth

  dense(6, growth = 32) as l { Layer(if l == 3 then 48 else 32) }
  globalavgpool linear(1000)
}
`,
};

const cases: Readonly<Record<string, Diagnostic>> = {
  "dense-block": diagnostic(at(net, "dense"), {
    code: "dense-growth-mismatch" as Code,
    message: "layer 3 of this dense block adds 48 channels, but its growth is 32",
    related: [
      related(at(net, "Layer(if l == 3 then 48 else 32)"), "makes [N, 48, 56, 56] from 128 = 64 + 32·(3−1) channels"),
    ],
    notes: ["k0 + k·(l−1): 64, 96, 128, …"],
    help: "every layer of a dense block must add the same number of channels",
  }),
  "only-a-place": diagnostic(at(net, "maxpool")),
  "own-label": diagnostic(at(net, "stride = 2"), { severity: "warning", label: "this one", help: "leave it out" }),
  "two-lines-of-help": diagnostic(at(net, "linear"), { message: "one\ntwo", help: "first\nsecond", notes: ["a\nb"] }),
  "three-labels": diagnostic(at(net, "batchnorm"), {
    label: "the middle",
    related: [related(at(net, "conv"), "the left"), related(at(net, "maxpool"), "the right")],
  }),
  "rightmost-without-label": diagnostic(at(net, "conv"), {
    label: "the left",
    related: [related(at(net, "relu"), ""), related(at(net, "batchnorm"), "the middle")],
  }),
  "one-inside-the-other": diagnostic(at(net, "conv(7x7, 2 * growth, stride = 2)"), {
    label: "the whole",
    related: [related(at(net, "2 * growth"), "a part"), related(at(net, "7x7"), "another part")],
  }),
  "same-place-twice": diagnostic(at(net, "relu"), {
    label: "as a layer",
    related: [related(at(net, "relu"), "as a name"), related(at(net, "maxpool"), "afterwards")],
  }),
  "next-line": diagnostic(at(net, "dense"), { related: [related(at(net, "globalavgpool"), "reads it")] }),
  "one-line-between": diagnostic(at(net, "input"), { related: [related(at(net, "conv"), "reads it")] }),
  "distant-lines": diagnostic(at(net, "linear"), {
    label: "here",
    related: [related(at(net, "conv"), "not here"), related(at(net, "Net"), "nor here")],
  }),
  "several-lines": diagnostic(
    { source: net, start: at(net, "conv").start, end: at(net, "linear").end },
    { label: "all of this" },
  ),
  "end-of-file": diagnostic({ source: net, start: net.text.length, end: net.text.length }, { label: "nothing more" }),
  "empty-place": diagnostic({ source: net, start: at(net, "(7x7").start, end: at(net, "(7x7").start }),
  "empty-file": diagnostic({ source: { path: "empty.dnet", text: "" }, start: 0, end: 0 }),
};

const lib: Source = { path: "lib/blocks.dnet", text: `${"\n".repeat(99)}block Layer(k) { conv(3x3, k) }\n` };

const unusual: Readonly<Record<string, Diagnostic>> = {
  "other-file": diagnostic(at(net, "Layer"), {
    label: "used here",
    related: [related(at(lib, "Layer"), "declared here"), related(at(net, "dense"), "inside this")],
    notes: ["a fact"],
  }),
  tabs: diagnostic(at({ path: "tabs.dnet", text: "\tconv(3x3,\t64)\trelu\n" }, "relu"), { label: "after tabs" }),
  "wide-characters": wideCharacters(),
  crlf: diagnostic(at({ path: "crlf.dnet", text: "network A {\r\n  conv\r\n}\r\n" }, "conv\r\n"), { label: "cut" }),
  "control-characters": hostile(),
  "long-line": long("needle", 12),
  "long-line-start": long("needle", 0),
  "long-line-wide-place": diagnostic(longSpan(), { label: "most of it" }),
};

function wideCharacters(): Diagnostic {
  const source = { path: "ネット.dnet", text: '"層層": conv(3x3) "👨‍👩‍👧 e\u0301": relu "한": linear\n' };
  return diagnostic(at(source, "relu"), {
    label: "below relu",
    related: [related(at(source, "conv"), "below conv"), related(at(source, "한"), "below one wide letter")],
  });
}

function hostile(): Diagnostic {
  const text = 'a\u001b[31m "\u202e\u0007" \u009b2J conv \ud800 \ufeff\u200b\n';
  const source = { path: "evil\u001b]0;x\u0007.dnet", text };
  return diagnostic(at(source, "conv"), {
    message: "found \u001b[2J\r\u0008 here",
    label: "\u001b[1m",
    notes: ["\u001b[1A"],
    help: "\u0085 \u2028",
  });
}

function long(word: string, before: number): Diagnostic {
  const items = Array.from({ length: 400 }, (_, index) => index).join(", ");
  const source = { path: "long.dnet", text: `let a = [${items.slice(0, before * 100)} ${word} ${items}]\n` };
  return diagnostic(at(source, word), { label: "here" });
}

function longSpan(): Span {
  const text = `let a = [${"1234567, ".repeat(500)}]\n`;
  return { source: { path: "long.dnet", text }, start: 200, end: 4000 };
}

describe("the human form of a message", () => {
  for (const [name, one] of Object.entries({ ...cases, ...unusual })) {
    test(name, async () => {
      await expect(renderHuman(one, plain)).toMatchFileSnapshot(`render/${name}.out`);
    });
  }

  test("in colour", async () => {
    const shown = renderHuman(cases["dense-block"] as Diagnostic, colored);
    await expect(shown.replaceAll("\u001b", "␛")).toMatchFileSnapshot("render/in-colour.out");
  });

  test("is the layout that the language promises", () => {
    expect(renderHuman(cases["dense-block"] as Diagnostic, plain)).toBe(
      `error[dense-growth-mismatch]: layer 3 of this dense block adds 48 channels, but its growth is 32
  --> examples/net.dnet:9:3
   |
 9 |   dense(6, growth = 32) as l { Layer(if l == 3 then 48 else 32) }
   |   ^^^^^                        -------------------------------- makes [N, 48, 56, 56] from 128 = 64 + 32·(3−1) channels
   |
   = note: k0 + k·(l−1): 64, 96, 128, …
   = help: every layer of a dense block must add the same number of channels
`,
    );
  });

  test("sends nothing to the terminal that is not a character to show", () => {
    for (const one of Object.values({ ...cases, ...unusual })) {
      expect(renderHuman(one, plain)).not.toMatch(/[^\P{Cc}\n]|[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
      expect(renderShort(one)).not.toMatch(/[^\P{Cc}\n]/u);
    }
  });

  test("stays within its width", () => {
    for (const name of ["long-line", "long-line-start", "long-line-wide-place"]) {
      const [, , , code = "", marks = ""] = renderHuman(unusual[name] as Diagnostic, { ...plain, width: 60 }).split(
        "\n",
      );
      expect(code.length).toBeLessThanOrEqual(60 + " 1 | ".length);
      expect(marks.lastIndexOf("^")).toBeLessThan(60 + " 1 | ".length);
      expect(marks).toContain("^");
    }
  });

  test("of a line of a quarter of a megabyte takes about as long as that of what is shown of it", () => {
    const timeOf = (length: number) => {
      const source = { path: "long.dnet", text: "層 ".repeat(length / 2) };
      const started = performance.now();
      for (let at = 1; at <= 20; at++) {
        const start = Math.floor((at * length) / 21);
        renderHuman(diagnostic({ source, start, end: start + 1 }), plain);
      }
      return performance.now() - started;
    };
    timeOf(4096);
    expect(timeOf(262_144)).toBeLessThan(10 * timeOf(4096));
  });
});

test("the short form is one line", () => {
  const one = diagnostic(at(net, "dense"), { severity: "warning", message: "first\nsecond" });
  expect(renderShort(one)).toBe("examples/net.dnet:9:3: warning[unexpected-token]: first second\n");
});

test("the summary counts by severity", () => {
  const error = diagnostic(at(net, "dense"));
  const warning = diagnostic(at(net, "dense"), { severity: "warning" });
  expect(summarize([])).toBe("");
  expect(summarize([error])).toBe("1 error");
  expect(summarize([warning, error, error])).toBe("2 errors, 1 warning");
  expect(summarize([warning], "warnings")).toBe("1 warning (denied)");
  expect(summarize([warning, error], "notes")).toBe("1 error, 1 warning (denied)");
  expect(summarize([diagnostic(at(net, "dense"), { severity: "note" })])).toBe("1 note");
});
