import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, type TestContext, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { ContenderHere } from "../../src/runtime/contender-here.ts";
import { runOnDevice } from "../../src/runtime/run-on-device.ts";
import { run } from "../cli/run.ts";
import { type Block, type Page, pages, placeOf } from "./pages.ts";
import { pythonWith } from "./python.ts";
import { rewrite, updates } from "./rewriting.ts";
import { type Step, showsSame, showsSameKind, stepsOf, transcriptOf, wordsOf } from "./transcript.ts";

/*
 * ```console   commands after "$ ", each followed by what it prints, run one after another in a folder of the page, which
 *              holds the blocks that have a file name, and examples/. DNETC_UPDATE=1 rewrites what is shown.
 * ```console measured   the same, where figures are those of one machine and one moment: they are not compared.
 */
const root = path.join(import.meta.dirname, "..", "..");

for (const page of pages()) {
  const blocks = page.blocks.filter((block) => block.language === "console");
  if (blocks.length > 0) describe(page.name, () => runPage(page, blocks));
}

function runPage(page: Page, blocks: readonly Block[]): void {
  const folder = mkdtempSync(path.join(tmpdir(), "dnetc-docs-"));
  const rewritten = new Map<Block, string>();
  beforeAll(() => {
    for (const name of ["examples", "node_modules"]) symlinkSync(path.join(root, name), path.join(folder, name));
    process.chdir(folder);
  });
  afterAll(() => {
    process.chdir(root);
    rmSync(folder, { recursive: true, force: true });
    rewrite(page, rewritten);
  });
  for (const block of blocks) {
    test(placeOf(page, block), async (context) => {
      writeFiles(page, block);
      const steps = stepsOf(block.text);
      const done = await runSteps(steps, context);
      const same = block.flags.has("measured") ? showsSameKind : showsSame;
      const isSame = steps.every((step, i) => same(step.shown, done[i]?.shown ?? ""));
      if (updates && !isSame) rewritten.set(block, transcriptOf(done));
      else if (!isSame) expect(transcriptOf(done)).toBe(block.text);
    });
  }
}

/** The named blocks above this one; where two have one name, the later mends the earlier. */
function writeFiles(page: Page, until: Block): void {
  for (const block of page.blocks.filter((one) => one.line < until.line)) {
    const file = block.settings.get("file");
    if (file === undefined) continue;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, block.text);
  }
}

async function runSteps(steps: readonly Step[], context: TestContext): Promise<readonly Step[]> {
  const done: Step[] = [];
  let code = 0;
  for (const { command } of steps) {
    const words = wordsOf(command);
    if (command === "echo $?") {
      done.push({ command, shown: `${code}\n` });
      continue;
    }
    const result = words[0] === "dnetc" ? await runHere(words.slice(1)) : runProgram(words, context);
    code = result.code;
    done.push({ command, shown: result.shown });
  }
  return done;
}

interface Result {
  readonly code: number;
  readonly shown: string;
}

/** As in a window of a hundred columns, without colours and without a line of progress. */
async function runHere(args: readonly string[]): Promise<Result> {
  let shown = "";
  const code = await main(args, {
    input: nothing(),
    out: async (data) => {
      shown += typeof data === "string" ? data : new TextDecoder().decode(data);
      return true;
    },
    err: (text) => {
      shown += text;
    },
    outIsTerminal: true,
    errIsTerminal: true,
    outShowsUnicode: true,
    errShowsUnicode: true,
    columns: 100,
    env: { NO_COLOR: "1", TERM: "dumb" },
    runModel: runOnDevice,
    startContender: async () => new ContenderHere(),
  });
  return { code, shown };
}

async function* nothing(): AsyncIterable<Uint8Array> {}

function runProgram([program = "", ...args]: readonly string[], context: TestContext): Result {
  const file = args[0] ?? "";
  if (program === "cat") return { code: 0, shown: readFileSync(file, "utf8") };
  if (program !== "node" && program !== "python3")
    throw new Error(`the manual may run dnetc, node, python3 and cat, not ${program}`);
  const python = program === "python3" ? pythonWith(readFileSync(file, "utf8")) : null;
  if (python?.kind === "missing") context.skip(`python3 has no ${python.modules.join(", ")}`);
  const executable = python?.kind === "found" ? python.executable : process.execPath;
  const { status, stdout, stderr } = spawnSync(executable, args, { encoding: "utf8" });
  return { code: status ?? 1, shown: stdout + stderr };
}

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
