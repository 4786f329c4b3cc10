import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lexer, type Tokens } from "marked";
import { describe, expect, it } from "vitest";
import { codes } from "../src/cli/codes.ts";
import { outputCodes } from "../src/cli/output-codes.ts";
import { summaryOf } from "../src/cli/page.ts";
import { defaultLimits } from "../src/compiler/limits.ts";
import { catalogue } from "../src/compiler/messages/catalogue.ts";
import { divergenceCodes, modelCodes } from "../src/inspect/codes.ts";
import { weightsCodes } from "../src/weights/codes.ts";
import { folderOf } from "./cli/networks.ts";
import { run } from "./cli/run.ts";
import { older, spoilers } from "./diagnostic-models.ts";
import { weightsLaid } from "./diagnostic-weights.ts";

const folder = join(import.meta.dirname, "..", "docs", "diagnostics");
const pages = readdirSync(folder)
  .filter((name) => name.endsWith(".md") && name !== "index.md")
  .map((name) => name.slice(0, -".md".length));

it("every code has a page, and every page a code", () => {
  expect(pages.sort()).toEqual(codes.toSorted());
});

/**
 * A page shows its programs in blocks of `dnet`, and how they are checked, with all that is printed, in a block of
 * `text` that begins `$ dnetc check FILE`. A program that begins with `# NAME.dnet` is the file of that name, the other
 * is FILE. `vitest -u` rewrites what is printed; the difference is reviewed.
 */
describe("pages of messages", () => {
  for (const code of pages.filter((one) => one in catalogue)) {
    it(code, async () => {
      const file = join(folder, `${code}.md`);
      const page = readFileSync(file, "utf8");
      const wrong = await check(exampleIn(page, "Wrong"));
      const right = await check(exampleIn(page, "Right"));
      const rewritten = page.replace(wrong.raw, () => wrong.rewritten).replace(right.raw, () => right.rewritten);
      await expect(rewritten).toMatchFileSnapshot(file);
      expect(wrong.codes[0]).toBe(firstCodes.get(code) ?? code);
      expect(wrong.codes).toContain(code);
      expect(right.codes).toEqual([]);
      expect(page.startsWith(`# ${code}\n\n`)).toBe(true);
      expect(summaryOf(page)).toMatch(/^[A-Z`].*[^.]\.$/);
    });
  }
});

/**
 * A page about a model shows the program, and how a model is compared with it; what is wrong with that model is done by
 * `spoilers`. What only a run shows has no example: it would be another on every machine.
 */
describe("pages of what is found in models", () => {
  const runs: readonly string[] = Object.values(divergenceCodes);
  for (const code of modelCodes) {
    it(code, async () => {
      const file = join(folder, `${code}.md`);
      const page = readFileSync(file, "utf8");
      const wrong = runs.includes(code) ? null : await verifySpoiled(exampleIn(page, "Wrong"), code);
      await expect(wrong ? page.replace(wrong.raw, () => wrong.rewritten) : page).toMatchFileSnapshot(file);
      if (wrong) expect(wrong.codes).toContain(code);
      expect(page.startsWith(`# ${code}\n\n`)).toBe(true);
      expect(summaryOf(page)).toMatch(/^[A-Z`].*[^.]\.$/);
    });
  }
});

/** Disks and rights are others on every machine: these pages have no example. */
describe("pages of what cannot be written", () => {
  it.each(Object.values(outputCodes))("%s", (code) => {
    const page = readFileSync(join(folder, `${code}.md`), "utf8");
    expect(page.startsWith(`# ${code}\n\n`)).toBe(true);
    expect(summaryOf(page)).toMatch(/^[A-Z`].*[^.]\.$/);
  });
});

/** A page about weights shows the program, and how it is compiled with weights that `weightsLaid` lays out. */
describe("pages of what is found in weights", () => {
  for (const code of weightsCodes) {
    it(code, async () => {
      const file = join(folder, `${code}.md`);
      const page = readFileSync(file, "utf8");
      const wrong = await compileWithWeights(exampleIn(page, "Wrong"), code);
      await expect(page.replace(wrong.raw, () => wrong.rewritten)).toMatchFileSnapshot(file);
      expect(wrong.codes).toContain(code);
      expect(page.startsWith(`# ${code}\n\n`)).toBe(true);
      expect(summaryOf(page)).toMatch(/^[A-Z`].*[^.]\.$/);
    });
  }
});

/** These can only follow others. */
const firstCodes: ReadonlyMap<string, string> = new Map([
  ["limit-messages", "unknown-layer"],
  ["more-messages", "unused-value"],
]);

it("links lead to pages", () => {
  const linked = pages.flatMap((code) => {
    const page = readFileSync(join(folder, `${code}.md`), "utf8");
    return [...page.matchAll(/\]\(([\w-]+)\.md\)/g)].map(([, name = ""]) => `${code} to ${name}`);
  });
  expect(linked.filter((link) => !pages.includes(link.split(" to ")[1] ?? ""))).toEqual([]);
});

it("the pages of the limits name their defaults", () => {
  const wrong = Object.entries(defaultLimits).filter(([name, value]) => {
    const text = readFileSync(join(folder, `limit-${name}.md`), "utf8");
    return !new RegExp(` ${value.toLocaleString("en-US")}[ .]`).test(text) || !text.includes(`--limit ${name}=N`);
  });
  expect(wrong).toEqual([]);
});

interface Example {
  readonly programs: readonly string[];
  readonly command: string;
  /** The block of `text` as it stands on the page; empty where the page leaves it out. */
  readonly raw: string;
}

function exampleIn(page: string, title: string): Example {
  const tokens = lexer(page);
  const start = tokens.findIndex((one) => one.type === "heading" && one.text === title);
  const length = tokens.slice(start + 1).findIndex((one) => one.type === "heading");
  const section = tokens.slice(start + 1, length < 0 ? tokens.length : start + 1 + length);
  const blocks = section.filter((one): one is Tokens.Code => one.type === "code");
  const output = blocks.find((one) => one.lang === "text");
  const programs = blocks.filter((one) => one.lang === "dnet").map((one) => `${one.text}\n`);
  const [command = ""] = output?.text.split("\n") ?? [];
  return { programs, command: command === "" ? "$ dnetc check net.dnet" : command, raw: output?.raw ?? "" };
}

interface Checked {
  readonly raw: string;
  readonly rewritten: string;
  /** Of the messages, in their order. */
  readonly codes: readonly string[];
}

/** Compiles the program of an example, spoils the model and verifies it. */
async function verifySpoiled({ programs, command, raw }: Example, code: string): Promise<Checked> {
  expect(command).toBe("$ dnetc verify net.onnx --against net.dnet");
  const [program = ""] = programs;
  const { at, remove } = folderOf({ "net.dnet": spoilers[code] ? program : older(program) });
  await run(["compile", at("net.dnet"), "-o", at("net.onnx"), "-q"]);
  writeFileSync(at("net.dnet"), program);
  spoilers[code]?.(at("net.onnx"), readFileSync(at("net.onnx")));
  const { out, err } = await run(["verify", at("net.onnx"), "--against", at("net.dnet")]);
  remove();
  // Errors and times of a run are others on another machine.
  const said = `${out}${err}`.replace(/^ {2}device .*\n(?: {2}cpu .*\n)+/m, "  …\n");
  const printed = said.replaceAll(`${at("")}/`, "").trimEnd();
  const codes = [...printed.matchAll(/\b(?:error|differs)\[([a-z-]+)\]/g)].map(([, found = ""]) => found);
  return { raw, rewritten: `\`\`\`text\n${command}\n${printed}\n\`\`\``, codes };
}

/** Runs the command of an example in a folder with its program and weights. */
async function compileWithWeights({ programs, command, raw }: Example, code: string): Promise<Checked> {
  const [program = ""] = programs;
  const { at, remove } = folderOf({ "net.dnet": program });
  weightsLaid[code]?.(at, program);
  const words = command.replace("$ dnetc ", "").split(" ");
  const { err } = await run(words.map((word) => (word.startsWith("net.") ? at(word) : word)));
  remove();
  const said = err.replaceAll(`${at("")}/`, "").replace(/in \d+\.\d\d s/, "in 0.1 s");
  const codes = [...said.matchAll(/^(?:error|warning)\[([a-z-]+)\]/gm)].map(([, found = ""]) => found);
  return { raw, rewritten: `\`\`\`text\n${command}\n${said.trimEnd()}\n\`\`\``, codes };
}

/** Runs the command of an example in a folder with its programs. */
async function check({ programs, command, raw }: Example): Promise<Checked> {
  const [, path = "", options = ""] = /^\$ dnetc check (\S+\.dnet)(.*)$/.exec(command) ?? [];
  const files = Object.fromEntries(programs.map((text) => [/^# ([\w-]+\.dnet)\n/.exec(text)?.[1] ?? path, text]));
  expect(Object.keys(files)).toHaveLength(programs.length);
  expect(Object.keys(files)).toContain(path);
  const { at, remove } = folderOf(files);
  const words = [...options.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  const { out, err } = await run(["check", at(path), ...words]);
  remove();
  const printed = `${out}${err}`.replaceAll(`${at("")}/`, "").trimEnd();
  const codes = [...printed.matchAll(/^(?:error|warning|note)\[([a-z-]+)\]/gm)].map(([, code = ""]) => code);
  return { raw, rewritten: raw === "" ? "" : `\`\`\`text\n${command}\n${printed}\n\`\`\``, codes };
}
