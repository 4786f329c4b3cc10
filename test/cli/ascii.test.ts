import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { toAscii } from "../../src/cli/ascii.ts";
import { showsUnicode, type Terminal } from "../../src/cli/terminal.ts";
import { run } from "./run.ts";

describe("a terminal shows UTF-8", () => {
  const cases: readonly (readonly [Terminal["env"], NodeJS.Platform, boolean])[] = [
    [{ LANG: "de_DE.UTF-8" }, "linux", true],
    [{ LANG: "C.utf8" }, "linux", true],
    [{ LANG: "de_DE.ISO-8859-1" }, "linux", false],
    [{}, "linux", false],
    [{ LANG: "" }, "darwin", false],
    [{ LANG: "en_GB.UTF-8", LC_CTYPE: "C" }, "linux", false],
    [{ LANG: "C", LC_CTYPE: "en_GB.UTF-8" }, "darwin", true],
    [{ LANG: "en_GB.UTF-8", LC_ALL: "POSIX" }, "linux", false],
    [{ LANG: "C", LC_ALL: "", LC_CTYPE: "UTF-8" }, "darwin", true],
    [{ LANG: "en_GB.UTF-8", TERM: "linux" }, "linux", false],
    [{ LANG: "en_GB.UTF-8", TERM: "dumb" }, "linux", true],
    [{}, "win32", true],
  ];
  for (const [env, platform, isShown] of cases) {
    test(`with ${JSON.stringify(env)} on ${platform}: ${isShown}`, () => {
      expect(showsUnicode(env, platform)).toBe(isShown);
    });
  }
});

describe("in ASCII", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["32·(3−1): 64, 96, …, 224 → 256", "32*(3-1): 64, 96, ..., 224 -> 256"],
    ["⌊(H + 1)/2⌋ ≤ 4·10⁹, 3·H² − 1 ≠ ⌈W⌉", "floor((H + 1)/2) <= 4*10^9, 3*H^2 - 1 != ceil(W)"],
    ["2⁶⁴ − 1", "2^64 - 1"],
    ["`3×3` is written `3x3`", "`3\\u{d7}3` is written `3x3`"],
    ["`name: { … }`, 3×3", "`name: { ... }`, 3x3"],
    ["␛[31m ␀ ␡ 層 👍", "^[[31m ^@ ^? \\u{5c64} \\u{1f44d}"],
    ["\u001b[31mred\u001b[39m\n", "\u001b[31mred\u001b[39m\n"],
  ];
  for (const [text, ascii] of cases) {
    test(ascii, () => expect(toAscii(text)).toBe(ascii));
  }

  test("every message of the fixtures has words, not numbers of characters", () => {
    const folder = "test/fixtures";
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".out"));
    expect(files.length).toBeGreaterThan(100);
    for (const file of files) {
      const lines = readFileSync(path.join(folder, file), "utf8").split("\n");
      // Code, and what is quoted from it, is spelt out.
      const words = lines.filter((line) => !/^ *\d+ \|/.test(line)).map((line) => line.replaceAll(/`[^`]*`/g, ""));
      expect(toAscii(words.join("\n")), file).toMatch(/^(?!.*\\u\{)[\n\x20-\x7e]*$/s);
    }
  });
});

describe("dnetc", () => {
  const stdin = 'network A {\n  input image[3, 8, 8]\n  "層": covn(3×3, 4) relu dense(3, 4) { conv(3x3, 8) }\n}\n';

  test("keeps to ASCII where it is asked to, and where the terminal shows nothing else", async () => {
    const asked = await run(["check", "-", "--ascii"], { stdin });
    expect(asked.err).toMatch(/^[\n\x20-\x7e]*$/);
    expect(asked.err).toContain('  "\\u{5c64}": covn(3\\u{d7}3, 4)');
    expect(await run(["check", "-"], { stdin, errShowsUnicode: false })).toEqual(asked);
    expect((await run(["check", "-"], { stdin })).err).toContain("層");
  });

  test("tells wrong usage in ASCII, too", async () => {
    const { err } = await run(["compile", "a.dnet", "--ascii", "--seed", "-1"]);
    expect(err).toContain("2^64 - 1");
  });

  test("prints tables in ASCII, but JSON in UTF-8", async () => {
    const network = "network A { input image[3, H, W] conv(3x3, 4) maxpool(2x2) }\n";
    const table = await run(["stats", "-", "--ascii"], { stdin: network });
    expect(table.out).toContain("floor(H/2)");
    expect(table.out).toMatch(/^[\n\x20-\x7e]*$/);
    const json = await run(["check", "-", "--ascii", "--format", "json"], { stdin });
    expect(json.out).toContain("there is no operator `×`");
  });
});
