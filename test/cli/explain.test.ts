import { readFileSync } from "node:fs";
import picocolors from "picocolors";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { toAscii } from "../../src/cli/ascii.ts";
import { codes } from "../../src/cli/codes.ts";
import { renderMarkdown } from "../../src/cli/markdown.ts";
import { run } from "./run.ts";

const page = (code: string) => readFileSync(`docs/diagnostics/${code}.md`, "utf8");

const sample = `# stride-odd

<!-- for the author -->

A stride is *odd*, where \`stride = 2\` was meant; see [the layers](../layers.md) and
[ONNX](https://onnx.ai/onnx).

- \`pad = same\` puts the odd pixel below and to the right, **as TensorFlow does**,
  which is not what PyTorch does.
- Short.

## Wrong

\`\`\`text
$ dnetc check net.dnet
error[stride-odd]: the stride is odd
  --> net.dnet:1:1

1 error
\`\`\`
`;

describe("a page", () => {
  test("is wrapped, with bold titles and coloured code, on a terminal", async () => {
    const out = renderMarkdown(sample, { colors: picocolors.createColors(true), columns: 60 });
    await expect(out.replaceAll("\u001b", "␛")).toMatchFileSnapshot("explain/terminal.out");
  });

  test("is plain in a pipe", async () => {
    const plain = { colors: picocolors.createColors(false), columns: null };
    await expect(renderMarkdown(sample, plain)).toMatchFileSnapshot("explain/pipe.out");
    const out = renderMarkdown(page("half-not-whole"), plain);
    expect(await run(["explain", "half-not-whole"])).toEqual({ code: 0, out, err: "" });
  });

  test("has colours on a terminal only", async () => {
    expect((await run(["explain", "half-not-whole"], { outIsTerminal: true })).out).toContain(
      "\u001b[1mWrong\u001b[22m",
    );
    expect((await run(["explain", "half-not-whole"])).out).not.toContain("\u001b");
  });

  test("in ASCII", async () => {
    const { out } = await run(["explain", "kernel-too-large", "--ascii"]);
    expect(out).toContain("floor((i + p");
    expect(out).toContain("d*(k-1) + 1 pixels");
    expect(out).toMatch(/^[\n -~]*$/);
  });

  test("as it is written", async () => {
    const asked = ["explain", "half-not-whole", "--format", "markdown"];
    expect(await run(asked)).toEqual({ code: 0, out: page("half-not-whole"), err: "" });
  });

  test("leaves nothing of Markdown, and no line of prose too long", () => {
    const plain = { colors: picocolors.createColors(false), columns: 200 };
    const lines = codes.flatMap((code) => renderMarkdown(page(code), plain).split("\n"));
    const prose = lines.filter((line) => !line.startsWith("    "));
    expect(prose.filter((line) => stringWidth(line) > 90)).toEqual([]);
    const words = prose.map((line) => line.replaceAll(/`[^`]*`/g, ""));
    expect(words.filter((line) => /^#|```|\]\(|\*\*|<!--/.test(line))).toEqual([]);
    expect(words.filter((line) => toAscii(line).includes("\\u{"))).toEqual([]);
  });
});

test("without a code all are listed, a line each", async () => {
  const { code, out } = await run(["explain"], { columns: 200 });
  expect(code).toBe(0);
  const listed = [...out.matchAll(/^ {2}- ([a-z-]+)(?: \((?:warning|note)\))?: \S/gm)].map(([, name]) => name);
  expect(listed).toEqual(codes);
});

describe("a code is taken as it is typed or pasted", () => {
  const forms = ["not-whole", "NOT-WHOLE", "error[not-whole]", "error[not-whole]: the layers of dense …", "not whole"];
  test.each(forms)("%s", async (asked) => {
    expect((await run(["explain", asked])).out).toMatch(/^not-whole\n/);
  });
});

describe("another word is wrong usage", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["not-hole", "error: there is no message not-hole\n  = help: did you mean `not-whole`?\n"],
    ["output-padding", "error: there is no message output-padding\n  = help: dnetc explain lists all codes\n"],
    ["growth", "error: there is no message growth\n  = help: there is dense-growth-mismatch\n"],
    ["", "error: there is no message of that name\n  = help: dnetc explain lists all codes\n"],
    ["index", "error: there is no message index\n  = help: there is index-outside, index-unexpected, weights-index\n"],
    ["../../README", "error: there is no message ../../readme\n  = help: dnetc explain lists all codes\n"],
  ];
  test.each(cases)("%s", async (asked, err) => {
    expect(await run(["explain", asked])).toEqual({ code: 2, out: "", err });
  });
});

describe("messages end with where to read more", () => {
  const stdin = "network Net { input image[3, 8, 8] covn(3x3, 4) conv(3x3, 1/2) relu(1) conv(3x3) }";
  const hint = "for more: dnetc explain unknown-layer (or not-whole, argument-needs-name)\n";

  test.each(["check", "stats", "stats --summary"])("%s, on a terminal", async (command) => {
    const { err } = await run([...command.split(" "), "-"], { stdin, errIsTerminal: true });
    expect(err.endsWith(`4 errors\n${hint}`)).toBe(true);
  });

  test.each([
    ["in a pipe", [], false],
    ["with --quiet", ["--quiet"], true],
    ["in lines for programs", ["--format", "short"], true],
  ])("not %s", async (_, options, errIsTerminal) => {
    expect((await run(["check", "-", ...options], { stdin, errIsTerminal })).err).not.toContain("explain");
  });

  test("not where all is well, nor for a note", async () => {
    const symbolic = "network Net { input image[3, H, W] conv(3x3, 8) expect macs > 1 expect macs > 100K }";
    expect((await run(["check", "-"], { stdin: symbolic, errIsTerminal: true })).err).not.toContain("explain");
  });
});
