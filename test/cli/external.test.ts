import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import onnxProto from "onnx-proto";
import * as ort from "onnxruntime-node";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { writeModel } from "../../src/cli/model-writing/write-model.ts";
import { RangeCheck } from "../../src/emit/range.ts";
import { denseNet121 } from "../emit/densenet.ts";
import { emitWith } from "../emit/running.ts";
import { folderOf } from "./networks.ts";
import { run } from "./run.ts";

const { ModelProto } = onnxProto.onnx;

let folder: ReturnType<typeof folderOf>;
beforeEach(() => {
  folder = folderOf({
    "net.dnet": `network Net {
      input image[3, 16, 16]
      conv(3x3, 64) batchnorm relu conv(3x3, 64) batchnorm relu conv(3x3, 40) globalavgpool linear(500)
    }\n`,
    "small.dnet": "network Small { input image[3, 8, 8] conv(3x3, 4) linear(2) }\n",
  });
});
afterEach(() => folder.remove());

const dataFile = /^out\.onnx\.[0-9a-f]{16}\.data$/;

function compile(...args: readonly string[]) {
  return run(["compile", folder.at("net.dnet"), "-o", folder.at("out.onnx"), ...args]);
}

function dataFiles(): readonly string[] {
  return readdirSync(folder.at(".")).filter((name) => name.endsWith(".data"));
}

/** The values of each tensor by its name, and where they lie: null where in the model. */
function tensorsOf(model: string) {
  const { graph } = ModelProto.decode(readFileSync(folder.at(model)));
  return new Map(
    (graph?.initializer ?? []).map(({ name, rawData, externalData, dataLocation }) => {
      const place = Object.fromEntries((externalData ?? []).map(({ key, value }) => [key, value ?? ""]));
      if (dataLocation !== 1) return [name, { values: Buffer.from(rawData ?? []), place: null }];
      const [offset, length] = [Number(place.offset), Number(place.length)];
      const data = readFileSync(path.join(path.dirname(folder.at(model)), place.location as string));
      return [name, { values: data.subarray(offset, offset + length), place }];
    }),
  );
}

describe("compile --external", () => {
  test("puts large tensors beside the model, where memory can be mapped to them", async () => {
    const { code, err } = await compile("--external", "always", "--external-sha1");
    expect(code).toBe(0);
    const [data = "", ...others] = dataFiles();
    expect([others, data]).toEqual([[], expect.stringMatching(dataFile)]);
    expect(err).toContain(`bytes, with 407,680 bytes of values in ${data} beside it, in `);
    expect(err).toContain(`: ${readFileSync(folder.at("out.onnx")).length.toLocaleString("en-US")} bytes, with `);
    const tensors = tensorsOf("out.onnx");
    const places = [...tensors].flatMap(([name, { place }]) => (place ? [[name, place]] : []));
    const checksum = createHash("sha1")
      .update(readFileSync(folder.at(data)))
      .digest("hex");
    expect(Object.fromEntries(places)).toEqual({
      "conv2.weight": { location: data, offset: "0", length: "147456", checksum },
      "conv3.weight": { location: data, offset: "196608", length: "92160", checksum },
      "linear1.weight": { location: data, offset: "327680", length: "80000", checksum },
    });
    expect(await run(["compile", folder.at("net.dnet"), "-o", folder.at("one.onnx")])).toMatchObject({ code: 0 });
    const alone = tensorsOf("one.onnx");
    expect([...alone].map(([name, { values }]) => [name, values])).toEqual(
      [...tensors].map(([name, { values }]) => [name, values]),
    );
  });

  test("writes what ONNX Runtime loads and dnetc verifies", async () => {
    expect(await compile("--external", "always", "--fold", "--verify", "--quiet")).toEqual({
      code: 0,
      out: "",
      err: "",
    });
    const session = await ort.InferenceSession.create(folder.at("out.onnx"));
    expect(session.outputNames).toEqual(["output"]);
    await session.release();
    const given = await run(["verify", folder.at("out.onnx"), "--against", folder.at("net.dnet")]);
    expect(given).toMatchObject({ code: 0, err: "" });
  });

  test("verifies the graph of a model whose own weights show nothing with others", async () => {
    const { code, err } = await compile("--external", "always", "--init", "zeros", "--verify");
    expect(code).toBe(0);
    expect(err).toContain("the graph of the file is verified with other weights");
  });

  test("writes the same files every time", async () => {
    await compile("--external", "always");
    const first = [readFileSync(folder.at("out.onnx")), dataFiles()];
    await compile("--external", "always");
    expect([readFileSync(folder.at("out.onnx")), dataFiles()]).toEqual(first);
  });

  test("removes the values of the model that it replaces, and nothing else", async () => {
    writeFileSync(folder.at("out.onnx.0123456789abcdef.data"), "of somebody else");
    await compile("--external", "always", "--seed", "1");
    const first = dataFiles().filter((name) => !name.includes("0123456789abcdef"));
    await compile("--external", "always", "--seed", "2");
    const second = dataFiles().filter((name) => !name.includes("0123456789abcdef"));
    expect([first.length, second.length, second[0] === first[0]]).toEqual([1, 1, false]);
    await compile("--seed", "2");
    expect(dataFiles()).toEqual(["out.onnx.0123456789abcdef.data"]);
  });

  test("removes no link that has the name of its values", async () => {
    await compile("--external", "always");
    const [data = ""] = dataFiles();
    mkdirSync(folder.at("elsewhere"));
    writeFileSync(folder.at("elsewhere/data"), readFileSync(folder.at(data)));
    unlinkSync(folder.at(data));
    symlinkSync(folder.at("elsewhere/data"), folder.at(data));
    await compile();
    expect([dataFiles(), readdirSync(folder.at("elsewhere"))]).toEqual([[data], ["data"]]);
  });

  test("keeps values beside the file that a link leads to", async () => {
    mkdirSync(folder.at("real"));
    symlinkSync(folder.at("real/model.onnx"), folder.at("out.onnx"));
    expect(await compile("--external", "always", "--verify")).toMatchObject({ code: 0 });
    expect(readdirSync(folder.at("real"))).toEqual([
      "model.onnx",
      expect.stringMatching(/^model\.onnx\.[0-9a-f]{16}\.data$/),
    ]);
    expect(dataFiles()).toEqual([]);
  });

  test("names the file of values in letters that every reader takes", async () => {
    const out = folder.at("größe \\ 2.onnx");
    expect(await run(["compile", folder.at("net.dnet"), "-o", out, "--external", "always", "--verify"])).toMatchObject({
      code: 0,
    });
    expect(dataFiles()).toEqual([expect.stringMatching(/^gr__e___2\.onnx\.[0-9a-f]{16}\.data$/)]);
  });

  test("takes the values of no model whose name is the same in those letters", async () => {
    const to = (name: string) => ["compile", folder.at("net.dnet"), "-o", folder.at(name), "--external", "always"];
    await run(to("ä.onnx"));
    await run(to("ö.onnx"));
    await run([...to("ä.onnx"), "--seed", "2"]);
    const verified = await run(["verify", folder.at("ö.onnx"), "--against", folder.at("net.dnet")]);
    expect({ code: verified.code, files: dataFiles().length }).toEqual({ code: 0, files: 2 });
  });

  test("opens the values to no more readers than the model that it replaces", async () => {
    await compile("--external", "always");
    chmodSync(folder.at("out.onnx"), 0o600);
    await compile("--external", "always", "--seed", "2");
    const modes = ["out.onnx", ...dataFiles()].map((name) => statSync(folder.at(name)).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600]);
  });

  test("has nothing beside a model without large tensors, nor, by itself, beside one of less than 1.5 GiB", async () => {
    await compile();
    expect(dataFiles()).toEqual([]);
    await run(["compile", folder.at("small.dnet"), "-o", folder.at("out.onnx"), "--external", "always"]);
    expect(dataFiles()).toEqual([]);
  });

  test("says what changes nothing where no tensor is large", async () => {
    const notes = async (...args: readonly string[]) => {
      const { err } = await run(["compile", folder.at("small.dnet"), "-o", folder.at("out.onnx"), ...args]);
      return err.split("\n").filter((line) => line.startsWith("note: "));
    };
    const none = "note: no tensor of Small has 64 KiB";
    expect(await notes("--external", "always")).toEqual([`${none}: --external always changes nothing`]);
    expect(await notes("--external", "always", "--external-sha1")).toEqual([
      `${none}: --external always and --external-sha1 change nothing`,
    ]);
    expect(await notes("--external-sha1")).toEqual([
      "note: all values are in the model: --external-sha1 changes nothing",
    ]);
    expect(await notes("--external", "always", "--quiet")).toEqual([]);
    expect((await compile("--external", "always", "--external-sha1")).err).not.toContain("note: ");
  });

  test("refuses what has no folder for a second file, and what one file cannot hold", async () => {
    const stream = await run(["compile", folder.at("net.dnet"), "-o", "-", "--external", "always"]);
    expect(stream).toMatchObject({ code: 2, out: "" });
    expect(stream.err).toContain("there is no folder for a file beside standard output");
    const checksum = await run(["compile", folder.at("net.dnet"), "-o", "-", "--external-sha1"]);
    expect(checksum).toMatchObject({
      code: 2,
      err: expect.stringContaining("no folder for one beside standard output"),
    });
    const device = await run(["compile", folder.at("net.dnet"), "-o", "/dev/null", "--external", "always"]);
    expect(device).toMatchObject({ code: 2 });
    const giant = ["compile", "examples/bit.dnet", "--network", "BiT_R152x4", "-o", folder.at("out.onnx")];
    const never = await run([...giant, "--external", "never"]);
    expect(never).toMatchObject({ code: 4 });
    expect(never.err).toMatch(
      /the model would have 37\d{8} bytes, and an ONNX file ends at 2147483647\n.*`--external auto`/,
    );
  });

  test("refuses before anything is made what the disk has no room for", async () => {
    const writing = { sha256: () => createHash("sha256"), sha1: null, range: new RangeCheck(), reach() {} };
    const model = { ...emitWith(denseNet121(), {}), bytes: 1e15, file: () => expect.unreachable() };
    await expect(writeModel(folder.at("out.onnx"), model, writing)).rejects.toMatchObject({
      code: "output-disk-full",
      message: expect.stringContaining(`cannot write ${folder.at("out.onnx")}: 1,000,000,000,000,000 bytes are to be`),
    });
  });

  test("leaves the old model as it was where the new one cannot be written", async () => {
    await compile("--external", "always");
    const before = [readFileSync(folder.at("out.onnx")), dataFiles()];
    const external = {
      when: "always",
      checksum: false,
      location: (digest: string) => `out.onnx.${digest.slice(0, 16)}.data`,
    } as const;
    const model = emitWith(denseNet121(), { external });
    const failing = {
      ...model,
      file(): never {
        throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC", syscall: "write" });
      },
    };
    const writing = { sha256: () => createHash("sha256"), sha1: null, range: new RangeCheck(), reach() {} };
    await expect(writeModel(folder.at("out.onnx"), failing, writing)).rejects.toThrow(
      `cannot write ${folder.at("out.onnx")}: no space is left on the device`,
    );
    expect([readFileSync(folder.at("out.onnx")), dataFiles()]).toEqual(before);
    expect(readdirSync(folder.at(".")).filter((name) => name.startsWith("."))).toEqual([]);
  });
});
