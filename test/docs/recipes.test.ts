import { expect, test } from "vitest";
import { run } from "../cli/run.ts";
import { pages, placeOf } from "./pages.ts";

/** What stands in ```sh and ```yaml is for other programs; the calls of dnetc in it must be such as dnetc takes. */
const calls = pages().flatMap((page) =>
  page.blocks
    .filter(({ language }) => language === "sh" || language === "yaml")
    .flatMap((block) =>
      [...block.text.matchAll(/\bdnetc (.*)$/gm)].map(([, words]) => [placeOf(page, block), words] as const),
    ),
);

test.each(calls)("%s: dnetc %s", async (_place, words = "") => {
  const [command = "", ...rest] = words.split(" ");
  const isCommand = !command.startsWith("-");
  const { code, out } = await run(isCommand ? [command, "--help"] : ["--help"]);
  expect(code).toBe(0);
  const options = (isCommand ? rest : [command, ...rest]).filter((word) => /^--?[a-z]/.test(word));
  expect(options.filter((option) => !new RegExp(`(^|[ ,])${option}\\b`, "m").test(out))).toEqual([]);
});
