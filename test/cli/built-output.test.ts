import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openBeside } from "../../src/cli/external-data.ts";
import { readModel } from "../../src/inspect/model.ts";
import { large } from "../large/large.ts";
import { type Installation, install } from "./built.ts";
import { folderOf } from "./networks.ts";
import { run } from "./run.ts";

const moments = large ? 200 : 5;
const rounds = 100;

/** 28 MB of values, in tensors of several stretches: more than are made at once, so that memory comes round again. */
const network = "network Net { input image[3, 32, 32] repeat 4 { conv(3x3, 512) } globalavgpool linear(400) }\n";

let built: Installation;
let folder: ReturnType<typeof folderOf>;
beforeAll(async () => {
  built = await install({ withRuntime: false });
  folder = folderOf({ "net.dnet": network, "out/empty": "" });
});
afterAll(() => {
  built.remove();
  folder.remove();
});

const model = () => folder.at("out/model.onnx");
const hashes = () => left().map((name) => [name, sha256(readFileSync(folder.at(`out/${name}`)))]);
const left = () => readdirSync(folder.at("out")).filter((name) => name !== "empty");

describe.each(["always", "never"])("compile --external %s", (external) => {
  afterEach(() => {
    for (const name of left()) rmSync(folder.at(`out/${name}`), { recursive: true });
  });

  const args = (seed: number) => {
    return ["compile", folder.at("net.dnet"), "-o", model(), "--external", external, "--seed", String(seed), "--quiet"];
  };

  it("makes the same in threads as in one", async () => {
    expect(await run(args(3))).toMatchObject({ code: 0, err: "" });
    const here = hashes();
    for (const name of left()) rmSync(folder.at(`out/${name}`));
    expect(built.run(args(3))).toMatchObject({ status: 0, stderr: "" });
    expect(hashes()).toEqual(here);
  });

  it("leaves what was there, and nothing else, where there is no room", () => {
    expect(built.run(args(1))).toMatchObject({ status: 0, stderr: "" });
    const before = left();
    // The system takes so many blocks of 1024 bytes, then refuses.
    const line = `ulimit -f 4096; "$0" "$@"`;
    const { status, stderr } = spawnSync("bash", ["-c", line, process.execPath, built.bin, ...args(2)], {
      encoding: "utf8",
    });
    expect(status).toBe(3);
    const reason = "the file would be too large for its file system";
    expect(stderr).toBe(`error[output-disk-full]: cannot write ${model()}: ${reason}\n`);
    expect([left(), seedOf(model())]).toEqual([before, 1]);
  });

  it(`leaves the old model or the new one when it is killed, ${moments} times`, async () => {
    const began = performance.now();
    expect(built.run(args(0))).toMatchObject({ status: 0, stderr: "" });
    const whole = performance.now() - began;
    let seed = 0;
    let old = 0;
    for (let i = 1; i <= moments; i++) {
      // From a sequence that fills an interval evenly: the fractional parts of multiples of the golden ratio.
      await killed(built.bin, args(i), whole * (0.3 + 0.8 * ((i * 0.618_033_988_75) % 1)));
      const found = seedOf(model());
      expect([seed, i]).toContain(found);
      if (found === seed) old++;
      seed = found;
    }
    expect(old).toBeGreaterThan(0);
    expect(built.run(args(0))).toMatchObject({ status: 0, stderr: "" });
    expect(left()).toEqual(filesOf(model()));
  });

  it.runIf(large)(`leaves a whole model when several write it at once and one is killed, ${rounds} times`, async () => {
    expect(built.run(args(0))).toMatchObject({ status: 0, stderr: "" });
    for (let i = 1; i <= rounds; i++) {
      // One brings what the one before it has brought, and what others remove.
      const seeds = [i, i - 1, i];
      const began = performance.now();
      const running = seeds.map((seed) => spawn(process.execPath, [built.bin, ...args(seed)], { stdio: "ignore" }));
      const ended = running.map((child) => new Promise((resolve) => child.once("close", resolve)));
      await Promise.race(ended);
      await new Promise((resolve) => setTimeout(resolve, ((performance.now() - began) / 10) * ((i * 0.618) % 1)));
      running[i % 3]?.kill("SIGKILL");
      expect((await Promise.all(ended)).filter((code) => code !== 0 && code !== null)).toEqual([]);
      expect(seeds).toContain(seedOf(model()));
    }
    expect(built.run(args(0))).toMatchObject({ status: 0, stderr: "" });
    expect(left()).toEqual(filesOf(model()));
  });
});

async function killed(bin: string, args: readonly string[], after: number): Promise<void> {
  const child = spawn(process.execPath, [bin, ...args], { stdio: "ignore" });
  const timer = setTimeout(() => child.kill("SIGKILL"), after);
  await new Promise((resolve) => child.once("close", resolve));
  clearTimeout(timer);
}

/** The seed that the model records; its values, in it and beside it, are those whose hash it records. */
function seedOf(file: string): number {
  expect(existsSync(file)).toBe(true);
  const { graph, metadata } = readModel(readFileSync(file), openBeside(file.slice(0, file.lastIndexOf("/"))));
  const hash = createHash("sha256");
  for (const tensor of graph.initializers.values()) hash.update(tensor.bytes());
  expect(hash.digest("hex")).toBe(metadata.get("dnetc.tensors.sha256"));
  return Number(metadata.get("dnetc.seed"));
}

/** The model and the file of values that it names, if it does. */
function filesOf(file: string): readonly string[] {
  const named = /model\.onnx\.[0-9a-f]{16}\.data/.exec(readFileSync(file, "latin1"));
  return ["model.onnx", ...(named ?? [])];
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
