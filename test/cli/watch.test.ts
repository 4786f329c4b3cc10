import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Terminal } from "../../src/cli/terminal.ts";
import { type Installation, install } from "./built.ts";
import { folderOf } from "./networks.ts";
import { run } from "./run.ts";

const good = "network Good { input image[3, 8, 8] conv(3x3, 16) linear(2) }\n";
const wrong = good.replace("conv", "covn");
const importing = 'import { Stem } from "./parts/stem.dnet"\nnetwork A { input image[3, 8, 8] Stem linear(2) }\n';
const stem = "block Stem { conv(3x3, 8) }\n";

let folder: ReturnType<typeof folderOf>;
beforeEach(() => {
  folder = folderOf({ "net.dnet": good, "other.dnet": good });
});
afterEach(() => folder.remove());

/** A command that watches in this process, and what it has printed since it was last asked. */
function watching(args: readonly string[], settings: Partial<Terminal> = {}) {
  let printed = "";
  const ended = run(args, {
    ...settings,
    err(text) {
      printed += text;
    },
  });
  return {
    /** What is printed up to the end of the next run. */
    async next(): Promise<string> {
      const started = performance.now();
      while (!printed.includes("Ctrl-C ends\n")) {
        if (performance.now() - started > 50_000) throw new Error(`nothing after: ${printed}`);
        await sleep(2);
      }
      const end = printed.indexOf("Ctrl-C ends\n") + "Ctrl-C ends\n".length;
      const part = printed.slice(0, end);
      printed = printed.slice(end);
      return part;
    },
    /** What is printed by the time that a run would have ended. */
    async nothing(): Promise<string> {
      await sleep(150);
      return printed;
    },
    async stop(): Promise<number> {
      process.emit("SIGINT");
      return (await ended).code;
    },
  };
}

describe("check --watch", () => {
  test("checks again when a file is saved, until it is interrupted", async () => {
    const watch = watching(["check", "--watch", folder.at("net.dnet")]);
    expect(await watch.next()).toMatch(/^1 network: no problems\n[\d.]+ ms; watching 1 file, Ctrl-C ends\n$/);
    writeFileSync(folder.at("net.dnet"), wrong);
    const mistaken = await watch.next();
    expect(mistaken).toMatch(`\n${folder.at("net.dnet")} changed\nerror[unknown-layer]`);
    expect(mistaken).toContain("\n1 error\n");
    writeFileSync(folder.at("net.dnet"), good);
    expect(await watch.next()).toContain("1 network: no problems\n");
    expect(await watch.stop()).toBe(130);
    expect(process.listenerCount("SIGINT")).toBe(0);
  });

  test("follows saves that replace the file, and files that are deleted and made again", async () => {
    const file = folder.at("net.dnet");
    const watch = watching(["check", "-w", file]);
    await watch.next();
    for (let round = 0; round < 2; round++) {
      writeFileSync(folder.at("net.dnet~"), wrong);
      renameSync(folder.at("net.dnet~"), file);
      expect(await watch.next()).toContain("1 error\n");
      rmSync(file);
      expect(await watch.next()).toContain(
        `cannot read ${file}: there is no such file or folder\n1 file not checked\n`,
      );
      writeFileSync(file, good);
      expect(await watch.next()).toContain("1 network: no problems\n");
    }
    expect(await watch.stop()).toBe(130);
  });

  test("waits for an editor that empties the file before it writes, and looks at nothing else", async () => {
    const file = folder.at("net.dnet");
    const watch = watching(["check", "-w", file]);
    await watch.next();
    writeFileSync(file, "");
    await sleep(15);
    writeFileSync(file, wrong.slice(0, 20));
    writeFileSync(file, wrong);
    expect(await watch.next()).toContain("1 error\n");
    writeFileSync(folder.at("unrelated.txt"), "");
    expect(await watch.nothing()).toBe("");
    expect(await watch.stop()).toBe(130);
  });

  test("follows imports, also those that are not there yet and those that are no more", async () => {
    const file = folder.at("net.dnet");
    const watch = watching(["check", "-w", file]);
    expect(await watch.next()).toContain("watching 1 file,");
    writeFileSync(file, importing);
    expect(await watch.next()).toMatch(/\n1 error\n.*watching 2 files,/s);
    mkdirSync(folder.at("parts"));
    writeFileSync(folder.at("parts/stem.dnet"), stem);
    let printed = await watch.next();
    // The folder may be seen before the file is in it.
    if (printed.includes("1 error")) printed = await watch.next();
    expect(printed).toContain("1 network: no problems\n");
    writeFileSync(folder.at("parts/stem.dnet"), "block Other { relu }\n");
    expect(await watch.next()).toContain("parts/stem.dnet changed\nerror[");
    rmSync(folder.at("parts"), { recursive: true });
    expect(await watch.next()).toContain("1 error\n");
    writeFileSync(file, good);
    expect(await watch.next()).toMatch(/no problems\n.*watching 1 file,/s);
    mkdirSync(folder.at("parts"));
    writeFileSync(folder.at("parts/stem.dnet"), stem);
    expect(await watch.nothing()).toBe("");
    expect(await watch.stop()).toBe(130);
  });

  test("watches several files, through links", async () => {
    symlinkSync("other.dnet", folder.at("link.dnet"));
    const watch = watching(["check", "-w", "--format=short", folder.at("net.dnet"), folder.at("link.dnet")]);
    expect(await watch.next()).toContain("2 files, 2 networks: no problems\n");
    writeFileSync(folder.at("other.dnet"), wrong);
    expect(await watch.next()).toMatch(`${folder.at("link.dnet")} changed\n${folder.at("link.dnet")}:1:37: error`);
    expect(await watch.stop()).toBe(130);
  });

  test("clears a terminal, and ends when nobody reads its output", async () => {
    const onTerminal = watching(["check", "-w", folder.at("net.dnet")], { errIsTerminal: true });
    await onTerminal.next();
    writeFileSync(folder.at("net.dnet"), `${good}\n`);
    expect((await onTerminal.next()).startsWith("\u001b[2J\u001b[H1 network: no problems\n")).toBe(true);
    expect(await onTerminal.stop()).toBe(130);
    expect(await onTerminal.nothing()).toBe("");
    const args = ["check", "-w", "--format", "json", folder.at("net.dnet")];
    expect(await run(args, { out: async () => false })).toMatchObject({ code: 0, err: "" });
  });

  test("refuses what cannot be watched", async () => {
    expect(await run(["check", "-w", "-"])).toMatchObject({ code: 2, out: "" });
    expect((await run(["check", "-w", folder.at("")])).err).toContain("is no file, and cannot be watched\n");
    const toStdout = await run(["compile", "-w", folder.at("net.dnet"), "-o", "-"]);
    expect(toStdout.err).toMatch(/^error: --watch writes the model again and again\n/);
  });
});

describe("the built command line", () => {
  let dnetc: Installation;
  let child: ChildProcessWithoutNullStreams;
  beforeEach(async () => {
    dnetc = await install({ withRuntime: false });
  });
  afterEach(() => {
    child.kill("SIGKILL");
    dnetc.remove();
  });

  test("compiles again within moments of a save, and ends with 130", async () => {
    const output = folder.at("net.onnx");
    child = spawn(process.execPath, [dnetc.bin, "compile", folder.at("net.dnet"), "-o", output, "--watch"]);
    const said = async () => String(((await once(child.stderr, "data")) as [Buffer])[0]);
    while (!(await said()).includes("Ctrl-C")) {}
    const size = statSync(output).size;
    const times: number[] = [];
    for (let channels = 17; channels < 25; channels++) {
      await sleep(30);
      const started = performance.now();
      writeFileSync(folder.at("net.dnet"), good.replace("16", String(channels)));
      while (!(await said()).includes("bytes in")) {}
      times.push(performance.now() - started);
      await sleep(10);
    }
    expect(statSync(output).size).toBeGreaterThan(size);
    process.stdout.write(`from a save to the model on disk: ${times.map((one) => one.toFixed(0)).join(", ")} ms\n`);
    child.kill("SIGINT");
    expect(await once(child, "exit")).toEqual([130, null]);
    expect(existsSync(output)).toBe(true);
  });
});
