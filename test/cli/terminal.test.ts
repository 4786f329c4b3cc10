import { describe, expect, test } from "vitest";
import { type ColorChoice, colorsFor, type Terminal, windowWidth } from "../../src/cli/terminal.ts";

type Case = readonly [choice: ColorChoice, isTerminal: boolean, env: Terminal["env"], colored: boolean];

describe("colours", () => {
  const cases: readonly Case[] = [
    ["auto", true, {}, true],
    ["auto", false, {}, false],
    ["auto", true, { TERM: "dumb" }, false],
    ["auto", true, { NO_COLOR: "1" }, false],
    ["auto", true, { NO_COLOR: "" }, true],
    ["auto", false, { FORCE_COLOR: "1" }, true],
    ["auto", true, { FORCE_COLOR: "0" }, false],
    ["auto", false, { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
    ["always", false, { NO_COLOR: "1" }, true],
    ["never", true, { FORCE_COLOR: "1" }, false],
  ];
  for (const [choice, isTerminal, env, colored] of cases) {
    const place = isTerminal ? "on a terminal" : "elsewhere";
    test(`${choice} ${place} with ${JSON.stringify(env)}`, () => {
      expect(colorsFor(choice, isTerminal, env).red("x")).toBe(colored ? "\u001b[31mx\u001b[39m" : "x");
    });
  }
});

describe("the width of the window", () => {
  test.each([
    [[undefined, undefined], null],
    [[undefined, 120], 120],
    [[60, 120], 60],
    [[0, 120], 120],
    [[0, 0], 80],
    [[undefined, 0], 80],
  ])("where the streams say %j is %j", (widths, width) => {
    expect(windowWidth(...widths)).toBe(width);
  });
});
