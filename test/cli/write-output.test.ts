import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { refuseOverwrite, writeOutput } from "../../src/cli/write-output.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "dnetc-write-"));
});
afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true, force: true });
});

function at(name: string): string {
  return path.join(folder, name);
}

function bytes(...texts: readonly string[]): readonly Uint8Array[] {
  return texts.map((text) => Buffer.from(text));
}

function* failing(error: Error): Iterable<Uint8Array> {
  yield Buffer.from("half");
  throw error;
}

const diskFull = Object.assign(new Error("ENOSPC"), { code: "ENOSPC", syscall: "write" });

describe("a file", () => {
  test("is written whole, with nothing beside it", async () => {
    await writeOutput(at("a.onnx"), bytes("one, ", "", "two"));
    expect(readFileSync(at("a.onnx"), "utf8")).toBe("one, two");
    expect(readdirSync(folder)).toEqual(["a.onnx"]);
    expect(statSync(at("a.onnx")).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  test("may be empty", async () => {
    await writeOutput(at("a.onnx"), []);
    expect(readFileSync(at("a.onnx"), "utf8")).toBe("");
  });

  test("keeps the order of more pieces than the system takes at once, and of large ones", async () => {
    const pieces = [...Array(3000).keys()].map((index) => new Uint8Array(index % 7).fill(index % 251));
    pieces.push(Buffer.alloc(40 * 1024 * 1024, "large"), Buffer.from("end"));
    await writeOutput(at("a.onnx"), pieces);
    expect(readFileSync(at("a.onnx")).equals(Buffer.concat(pieces))).toBe(true);
  });

  test("that exists is replaced and keeps its mode", async () => {
    writeFileSync(at("a.onnx"), "something longer than what comes");
    chmodSync(at("a.onnx"), 0o640);
    await writeOutput(at("a.onnx"), bytes("new"));
    expect(readFileSync(at("a.onnx"), "utf8")).toBe("new");
    expect(statSync(at("a.onnx")).mode & 0o7777).toBe(0o640);
  });

  test("that exists survives a failure, and no other file stays", async () => {
    writeFileSync(at("a.onnx"), "old");
    await expect(writeOutput(at("a.onnx"), failing(new Error("a bug")))).rejects.toThrow("a bug");
    await expect(writeOutput(at("a.onnx"), failing(diskFull))).rejects.toMatchObject({
      exitCode: 3,
      message: `cannot write ${at("a.onnx")}: no space is left on the device`,
    });
    expect(readFileSync(at("a.onnx"), "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["a.onnx"]);
  });

  test("that is write-protected is left alone", async () => {
    writeFileSync(at("a.onnx"), "old", { mode: 0o444 });
    const program = await writer();
    chmodSync(folder, 0o777);
    expect(withoutPrivileges(program, at("a.onnx"))).toEqual(refused("permission denied"));
    expect(readFileSync(at("a.onnx"), "utf8")).toBe("old");
  });
});

describe("a place where nothing can be written", () => {
  const cases: readonly (readonly [string, () => string, string])[] = [
    ["a folder", () => folder, "it is a folder"],
    ["a missing folder", () => at("no/a.onnx"), "does not exist"],
    [
      "a file taken for a folder",
      () => path.join(import.meta.filename, "a.onnx"),
      "a part of the path is not a folder",
    ],
    ["a name too long", () => at("x".repeat(300)), "the name is too long"],
    ["a circle of links", () => circle(), "its symbolic links lead in a circle"],
    ["a full device", () => "/dev/full", "no space is left on the device"],
  ];
  for (const [name, target, reason] of cases) {
    test(name, async () => {
      await expect(writeOutput(target(), bytes("text"))).rejects.toMatchObject({
        exitCode: 3,
        message: expect.stringContaining(reason) as string,
        code: name === "a full device" ? "output-disk-full" : null,
      });
    });
  }

  test("a folder that is write-protected", async () => {
    const program = await writer();
    chmodSync(folder, 0o555);
    expect(withoutPrivileges(program, at("a.onnx"))).toEqual(refused("permission denied"));
  });
});

function refused(reason: string): { readonly status: number; readonly stdout: string } {
  return { status: 3, stdout: `cannot write ${at("a.onnx")}: ${reason}\n` };
}

/** Runs a program as somebody who may not do everything. */
function withoutPrivileges(
  program: string,
  target: string,
): { readonly status: number | null; readonly stdout: string } {
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const { status, stdout } = spawnSync(process.execPath, [program, target], { encoding: "utf8", ...nobody });
  return { status, stdout };
}

function circle(): string {
  symlinkSync("b", at("a"));
  symlinkSync("a", at("b"));
  return at("a");
}

describe("through", () => {
  test("a link, the file it leads to is replaced", async () => {
    mkdirSync(at("models"));
    writeFileSync(at("models/real.onnx"), "old");
    symlinkSync("models/real.onnx", at("link.onnx"));
    await writeOutput(at("link.onnx"), bytes("new"));
    expect(readlinkSync(at("link.onnx"))).toBe("models/real.onnx");
    expect(readFileSync(at("models/real.onnx"), "utf8")).toBe("new");
    expect(readdirSync(at("models"))).toEqual(["real.onnx"]);
  });

  test("links that lead to nothing yet, the file is made where they lead", async () => {
    mkdirSync(at("models"));
    symlinkSync("models/second", at("first"));
    symlinkSync("real.onnx", at("models/second"));
    await writeOutput(at("first"), bytes("new"));
    expect(lstatSync(at("first")).isSymbolicLink()).toBe(true);
    expect(readFileSync(at("models/real.onnx"), "utf8")).toBe("new");
  });

  test("a device", async () => {
    await writeOutput("/dev/null", bytes("gone"));
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  test("what the shell has opened, it is written where it stands", async () => {
    writeFileSync(at("log"), "before, ");
    const opened = openSync(at("log"), "a");
    await writeOutput(`/dev/fd/${opened}`, bytes("new"));
    closeSync(opened);
    expect(readFileSync(at("log"), "utf8")).toBe("before, new");
    expect(readdirSync(folder)).toEqual(["log"]);
  });

  test("a pipe", async () => {
    execFileSync("mkfifo", [at("pipe")]);
    const read = readFile(at("pipe"), "utf8");
    await writeOutput(at("pipe"), bytes("through ", "the pipe"));
    expect(await read).toBe("through the pipe");
    expect(statSync(at("pipe")).isFIFO()).toBe(true);
  });
});

test("what was read is never overwritten, by whatever path", async () => {
  writeFileSync(at("a.dnet"), "source");
  symlinkSync("a.dnet", at("b"));
  for (const target of [at("a.dnet"), at("b"), `${folder}/./a.dnet`]) {
    await expect(refuseOverwrite(target, ["elsewhere.dnet", at("a.dnet")])).rejects.toMatchObject({ exitCode: 2 });
  }
  await refuseOverwrite(at("a.onnx"), [at("a.dnet")]);
  await refuseOverwrite("/dev/null", ["/dev/null"]);
});

describe("a signal while writing", () => {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    test(`${signal}: exits with ${code}, keeps the old file and leaves nothing else`, async () => {
      writeFileSync(at("a.onnx"), "old");
      const child = spawn(process.execPath, [await slowWriter(), at("a.onnx")], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(child, "half");
      expect(readdirSync(folder).some((name) => name.endsWith(".tmp"))).toBe(true);
      child.kill(signal);
      expect(await exitOf(child)).toBe(code);
      expect(readFileSync(at("a.onnx"), "utf8")).toBe("old");
      expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    });
  }
});

/** A program that writes half of a file, says so, and never comes to the other half. */
function slowWriter(): Promise<string> {
  return program(`
    async function* slow() {
      yield Buffer.alloc(32 * 1024 * 1024);
      console.log("half");
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    }
    await writeOutput(process.argv[2], slow());
  `);
}

/** A program that writes a small file, or says why it cannot. */
function writer(): Promise<string> {
  return program(`
    try {
      await writeOutput(process.argv[2], [Buffer.from("new")]);
    } catch (error) {
      console.log(error.message);
      process.exitCode = error.exitCode;
    }
  `);
}

async function program(body: string): Promise<string> {
  const outfile = at("program.mjs");
  await build({
    stdin: { contents: `import { writeOutput } from "./src/cli/write-output.ts";${body}`, resolveDir: process.cwd() },
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    logLevel: "error",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  return outfile;
}

function once(child: ChildProcess, text: string): Promise<void> {
  return new Promise((resolve) => {
    child.stdout?.on("data", (data: Buffer) => {
      if (data.toString().includes(text)) resolve();
    });
  });
}

function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.on("exit", resolve));
}
