import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import onnxProto from "onnx-proto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { withOutputLock } from "../../src/cli/model-writing/output-lock.ts";
import { putInPlace } from "../../src/cli/model-writing/put-in-place.ts";
import { newMark } from "../../src/cli/process-mark.ts";
import { removeLeftTemporaries } from "../../src/cli/temporary-file.ts";
import { folderOf } from "./networks.ts";

/** Called before each step that changes what is in the folder. */
let beforeStep = () => {};
vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  const steps = ["renameSync", "unlinkSync", "rmdirSync", "mkdirSync", "writeFileSync", "appendFileSync", "rmSync"];
  const watched = steps.map((name) => {
    const act = real[name as "renameSync"] as (...args: readonly unknown[]) => unknown;
    const step = (...args: readonly unknown[]) => {
      beforeStep();
      return act(...args);
    };
    return [name, step];
  });
  return { ...real, ...Object.fromEntries(watched) };
});

let folder: ReturnType<typeof folderOf>;
beforeEach(() => {
  folder = folderOf({});
});
afterEach(() => {
  beforeStep = () => {};
  vi.restoreAllMocks();
  folder.remove();
});

const out = () => folder.at("out.onnx");
const lock = `.dnetc-${createHash("sha256").update("out.onnx").digest("hex").slice(0, 16)}.lock`;
const listed = () => readdirSync(folder.at(".")).sort();
const dataName = (content: string) => `out.onnx.${content.repeat(16)}.data`;

/** A model with these values beside it, or with none, as it is before it has its name; and how it gets it. */
function prepared(producerName: string, content: string | null) {
  const model = folder.at(`model-${producerName}`);
  writeFileSync(model, encoded(producerName, content));
  if (content === null) return { file: out(), model, data: null };
  const temporary = folder.at(`values-${producerName}`);
  writeFileSync(temporary, content);
  return { file: out(), model, data: { temporary, name: dataName(content) } };
}

function encoded(producerName: string, content: string | null): Uint8Array {
  const place = { location: dataName(content ?? ""), offset: "0", length: "4" };
  const externalData = Object.entries(place).map(([key, value]) => ({ key, value }));
  const tensor = { name: "values", dataType: 1, dims: [1], dataLocation: 1, externalData };
  const opsetImport = [{ domain: "", version: 17 }];
  const graph = { name: "graph", initializer: content === null ? [] : [tensor] };
  return onnxProto.onnx.ModelProto.encode({ irVersion: 8, producerName, opsetImport, graph }).finish();
}

function place({ file, model, data }: ReturnType<typeof prepared>): Promise<void> {
  return putInPlace(file, model, data);
}

/**
 * What the model that is there is called and has beside it; fails where it has not what it names. Another process may
 * put the next one in its place, and remove those values, between the two looks: then that one counts.
 */
function inPlace(): { readonly name: string | undefined; readonly files: readonly string[] } {
  const model = readFileSync(out());
  const { producerName, graph } = onnxProto.onnx.ModelProto.decode(model);
  const location = graph?.initializer?.[0]?.externalData?.[0]?.value;
  if (!location) return { name: producerName, files: ["out.onnx"] };
  const values = readOrNull(folder.at(location));
  if (values === null && !readFileSync(out()).equals(model)) return inPlace();
  expect(values === null ? null : dataName(values)).toBe(location);
  return { name: producerName, files: ["out.onnx", location] };
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

/** Before and after, by the content of what lies beside: null for nothing. */
const changes = [
  ["a", "b"],
  ["a", null],
  [null, "a"],
  ["a", "a"],
] as const;

describe.each(changes)("a model with %s beside it replaced by one with %s", (before, after) => {
  beforeEach(() => place(prepared("old", before)));

  test("leaves nothing of the old", async () => {
    await place(prepared("new", after));
    expect(inPlace()).toMatchObject({ name: "new", files: listed() });
  });

  test("has its values wherever the process is killed, and the next one tidies up", async () => {
    for (let last = 0, isOver = false; !isOver; last++) {
      const writing = prepared("new", after);
      let step = 0;
      beforeStep = () => {
        if (step++ >= last) throw new Error("killed");
      };
      isOver = await place(writing).then(
        () => step <= last,
        () => false,
      );
      beforeStep = () => {};
      expect(["old", "new"]).toContain(inPlace().name);
      for (const name of listed()) if (/^(?:model|values)-/.test(name)) rmSync(folder.at(name));
      const dead = vi.spyOn(process, "kill").mockImplementation(() => {
        throw Object.assign(new Error("ESRCH"), { code: "ESRCH", syscall: "kill" });
      });
      await removeLeftTemporaries(folder.at("."));
      await place(prepared("old", before));
      dead.mockRestore();
      expect(inPlace()).toMatchObject({ name: "old", files: listed() });
      if (isOver) expect(step).toBeGreaterThan(5);
    }
  });
});

describe("another process that writes the same output at any step", () => {
  let other: Worker;
  beforeAll(async () => {
    other = await startOther();
  });
  afterAll(() => other.terminate());

  test.each([
    // What one removes is what the other is about to name.
    ["a", "b", "a"],
    ["a", null, "a"],
    // Both come with the same.
    ["a", "b", "b"],
    ["a", "a", "b"],
    ["a", "b", null],
  ])("from %s: one brings %s, the other %s", async (before, first, second) => {
    for (let chosen = 0, isOver = false; !isOver; chosen++) {
      await place(prepared("old", before));
      const [one, two] = [prepared("one", first), prepared("two", second)];
      const done = new Int32Array(new SharedArrayBuffer(4));
      const finished = new Promise((resolve) => other.once("message", resolve));
      let step = 0;
      beforeStep = () => {
        inPlace();
        if (step++ !== chosen) return;
        other.postMessage({ ...two, done });
        // For as long as it may take; where it has to wait, it does not come to its end.
        Atomics.wait(done, 0, 0, 20);
        inPlace();
      };
      await place(one);
      beforeStep = () => {};
      isOver = step <= chosen;
      if (isOver) other.postMessage({ ...two, done });
      inPlace();
      expect(await finished).toBe("done");
      expect(["one", "two"]).toContain(inPlace().name);
      expect(listed()).toEqual(inPlace().files);
    }
  });
});

/** A thread with files of its own, which does what another process would. */
async function startOther(): Promise<Worker> {
  const contents = `
    import { parentPort } from "node:worker_threads";
    import { putInPlace } from "./src/cli/model-writing/put-in-place.ts";
    parentPort.on("message", async ({ file, model, data, done }) => {
      const told = await putInPlace(file, model, data).then(() => "done", String);
      Atomics.store(done, 0, 1);
      Atomics.notify(done, 0);
      parentPort.postMessage(told);
    });`;
  const stdin = { contents, resolveDir: process.cwd() };
  const { outputFiles } = await build({ stdin, bundle: true, platform: "node", write: false, logLevel: "error" });
  return new Worker(outputFiles[0]?.text ?? "", { eval: true });
}

describe("what has been left in the folder", () => {
  test("is kept where it is not surely of a dead process, and not surely of dnetc", async () => {
    const [mine, dead, far, old] = [newMark(), newMark(), newMark(), newMark()];
    const elsewhere = (mark: string) => mark.replace(/^.{8}/, "00000000");
    const ended = dead.replace(`-${process.pid}-`, "-4194305-");
    const temporaries = [mine, ended, elsewhere(far), elsewhere(old)].map((mark) => `.dnetc-${mark}.tmp`);
    for (const name of [...temporaries, ".dnetc-notes.tmp", ".dnetc-.tmp"]) writeFileSync(folder.at(name), "");
    utimesSync(folder.at(`.dnetc-${elsewhere(old)}.tmp`), 0, 0);
    utimesSync(folder.at(".dnetc-notes.tmp"), 0, 0);
    await removeLeftTemporaries(folder.at("."));
    const kept = [mine, elsewhere(far), "notes", ""].map((mark) => `.dnetc-${mark}.tmp`);
    expect(listed()).toEqual(kept.sort());
  });

  test("by a process that noted names is removed where they are those of its output", async () => {
    await withOutputLock(out(), ({ note }) => note(["of no use any more"]));
    const [mine, similar] = [dataName("c"), `out.onnx.2.${"c".repeat(16)}.data`];
    const foreign = [similar, dataName("d"), "notes.txt"];
    for (const name of [mine, ...foreign]) writeFileSync(folder.at(name), "");
    mkdirSync(folder.at(lock));
    const ended = newMark().replace(`-${process.pid}-`, "-4194305-");
    const noted = [mine, similar, "notes.txt", `../${path.basename(folder.at("."))}/notes.txt`];
    writeFileSync(folder.at(`${lock}/${ended}`), noted.map((name) => `${name}\n`).join(""));
    await place(prepared("new", "a"));
    expect(listed()).toEqual([...inPlace().files, ...foreign].sort());
  });

  test("of the lock by a process of another machine is waited for, then taken over", async () => {
    let now = performance.now();
    mkdirSync(folder.at(lock));
    writeFileSync(folder.at(`${lock}/${newMark().replace(/^.{8}/, "00000000")}`), "");
    const writing = prepared("new", "a");
    const placing = place(writing);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(listed()).not.toContain("out.onnx");
    now += 31_000;
    vi.spyOn(performance, "now").mockImplementation(() => now);
    await placing;
    expect(inPlace()).toMatchObject({ name: "new", files: listed() });
  });
});
