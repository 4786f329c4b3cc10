import { createHash } from "node:crypto";
import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import onnxProto from "onnx-proto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { folderOf, small } from "./networks.ts";
import { run } from "./run.ts";

const { ModelProto } = onnxProto.onnx;

let folder: ReturnType<typeof folderOf>;
beforeEach(() => {
  folder = folderOf({
    "small.dnet": small,
    "library.dnet": "block Stem { conv(3x3, 4) }\n",
    "importing.dnet": 'import { Stem } from "./library.dnet"\nnetwork A { input image[3, 8, 8] Stem linear(2) }\n',
    "plain.dnet": "network Plain { input image[3, 8, 8] conv(3x3, 16) batchnorm relu linear(2) }\n",
  });
});
afterEach(() => folder.remove());

function compile(name: string, ...args: readonly string[]): ReturnType<typeof run> {
  return run(["compile", folder.at(name), "-o", folder.at("out.onnx"), ...args]);
}

function written(): Uint8Array {
  return readFileSync(folder.at("out.onnx"));
}

describe("compile", () => {
  test("writes the model and says what it is, in two lines", async () => {
    const { code, out, err } = await compile("plain.dnet");
    expect({ code, out }).toEqual({ code: 0, out: "" });
    const bytes = written().length.toLocaleString("en");
    expect(err.replace(/[\d.]+ s\n/, "… s\n")).toBe(
      `Plain: 2,514 parameters, 29.7 K MACs, 5 nodes\nwrote ${folder.at("out.onnx")}: ${bytes} bytes in … s\n`,
    );
    expect(ModelProto.decode(written()).graph?.name).toBe("Plain");
  });

  test("says nothing with --quiet", async () => {
    expect(await compile("small.dnet", "--quiet", "--verify")).toEqual({ code: 0, out: "", err: "" });
  });

  test("of several networks takes the first, whatever the others are, and says so", async () => {
    const { code, err } = await compile("small.dnet");
    expect(code).toBe(0);
    expect(err).toContain("note: taking Small, the first of 2 networks; --network names another\n");
    expect(err).not.toContain("expect-failed");
    expect((await compile("small.dnet", "--network", "Small")).err).not.toContain("note:");
  });

  test("writes nothing for a network that is not clean, and leaves what is there", async () => {
    expect(await compile("plain.dnet", "--quiet")).toMatchObject({ code: 0 });
    const before = written();
    expect((await compile("small.dnet", "--network", "Broken")).code).toBe(1);
    expect(written()).toEqual(before);
    expect(readdirSync(folder.at(".")).filter((name) => name.startsWith(".dnetc"))).toEqual([]);
  });

  test.each(["-", "/dev/null"])("shows how far it has come on the way to %s", async (output) => {
    let now = Date.now();
    const later = () => {
      now += 300;
      return now;
    };
    vi.spyOn(performance, "now").mockImplementation(later);
    vi.spyOn(Date, "now").mockImplementation(later);
    const terminal = { errIsTerminal: true, columns: 100, out: async () => true };
    const { err } = await run(["compile", "examples/densenet-121.dnet", "-o", output, "--init", "zeros"], terminal);
    vi.restoreAllMocks();
    const shares = [...err.matchAll(/ (\d+) %/g)].map(([, share]) => Number(share));
    expect(err).toContain(`writing ${output === "-" ? "standard output" : output}`);
    expect(new Set(shares).size).toBeGreaterThan(20);
    const bars = err.match(/[█░]+/g) ?? [];
    expect(new Set(bars.map(({ length }) => length)).size).toBe(1);
  });

  test("to standard output writes the same bytes, and messages elsewhere", async () => {
    await compile("plain.dnet");
    const chunks: Uint8Array[] = [];
    const out = async (data: string | Uint8Array) => chunks.push(Buffer.from(data)) > 0;
    for (const target of ["-", "/dev/stdout"]) {
      chunks.length = 0;
      const { code, err } = await run(["compile", folder.at("plain.dnet"), "-o", target], { out });
      expect(code).toBe(0);
      expect(Buffer.concat(chunks).equals(written())).toBe(true);
      expect(err).toMatch(/\nwrote [\d,]+ bytes to standard output in /);
    }
  });

  test("to a terminal is refused, as a model is binary", async () => {
    for (const target of ["-", "/dev/stdout"]) {
      const result = await run(["compile", folder.at("plain.dnet"), "-o", target], { outIsTerminal: true });
      expect(result).toMatchObject({ code: 2, out: "" });
      expect(result.err).toContain("error: a model is binary and is not written to a terminal\n");
    }
    expect((await compile("plain.dnet")).code).toBe(0);
  });

  test("to a reader that has gone ends quietly", async () => {
    const result = await run(["compile", folder.at("plain.dnet"), "-o", "-"], { out: async () => false });
    expect(result).toEqual({ code: 0, out: "", err: "" });
  });

  test("reads standard input", async () => {
    const source = readFileSync(folder.at("plain.dnet"), "utf8");
    expect((await run(["compile", "-", "-o", folder.at("out.onnx"), "--quiet"], { stdin: source })).code).toBe(0);
    const piped = written();
    await compile("plain.dnet");
    expect(written()).toEqual(piped);
  });

  test("refuses to overwrite its source or what that imports", async () => {
    symlinkSync("importing.dnet", folder.at("link.onnx"));
    for (const target of ["importing.dnet", "link.onnx", "library.dnet"]) {
      const { code, err } = await run(["compile", folder.at("importing.dnet"), "-o", folder.at(target)]);
      expect({ target, code }).toEqual({ target, code: 2 });
      expect(err).toContain(`error: the output ${folder.at(target)} is the input `);
    }
    expect(readFileSync(folder.at("library.dnet"), "utf8")).toContain("block Stem");
  });

  test("says why it cannot write, whatever is wrong with the path", async () => {
    symlinkSync("circle.onnx", folder.at("circle.onnx"));
    const cases = {
      "plain.dnet/out.onnx": "a part of the path is not a folder",
      "circle.onnx": "its symbolic links lead in a circle",
      [`${"x".repeat(300)}.onnx`]: "the name is too long",
    };
    for (const [name, reason] of Object.entries(cases)) {
      const { code, err } = await run(["compile", folder.at("plain.dnet"), "-o", folder.at(name)]);
      expect({ code, err }).toEqual({ code: 3, err: `error: cannot write ${folder.at(name)}: ${reason}\n` });
    }
  });

  test("twice at once to the same file leaves one of both", async () => {
    const results = await Promise.all(["1", "2"].map((seed) => compile("plain.dnet", "--seed", seed)));
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    const left = written();
    const each = [];
    for (const seed of ["1", "2"]) {
      await compile("plain.dnet", "--seed", seed);
      each.push(written());
    }
    expect(each).toContainEqual(left);
  });

  test("says where it cannot write", async () => {
    const { code, err } = await run(["compile", folder.at("plain.dnet"), "-o", folder.at("no/out.onnx")]);
    expect({ code, err }).toEqual({
      code: 3,
      err: `error: cannot write ${folder.at("no/out.onnx")}: the folder ${folder.at("no")} does not exist\n`,
    });
  });
});

describe("the options of compile", () => {
  test("change the model as they say", async () => {
    const hashes = new Set<string>();
    const variants = [
      [],
      ["--seed", "1"],
      ["--init", "zeros"],
      ["--init", "xavier"],
      ["--opset", "13"],
      ["--batch", "4"],
      ["--fold"],
    ];
    for (const options of variants) {
      expect((await compile("plain.dnet", ...options, "--quiet")).code).toBe(0);
      hashes.add(createHash("sha256").update(written()).digest("hex"));
    }
    expect(hashes.size).toBe(variants.length);
  });

  test("--opset", async () => {
    await compile("plain.dnet", "--opset", "21");
    expect(Number(ModelProto.decode(written()).opsetImport[0]?.version)).toBe(21);
  });

  test("--batch and --dim fix what is symbolic otherwise", async () => {
    const dimensions = () => {
      const [input] = ModelProto.decode(written()).graph?.input ?? [];
      return input?.type?.tensorType?.shape?.dim?.map((dim) => dim.dimParam || Number(dim.dimValue));
    };
    await compile("small.dnet");
    expect(dimensions()).toEqual(["N", 3, "H", "W"]);
    await compile("small.dnet", "--batch", "2", "--dim", "H=32", "--dim", "W=16");
    expect(dimensions()).toEqual([2, 3, 32, 16]);
  });

  test("--zero-init-residual says where it means no tensor", async () => {
    const { code, err } = await compile("plain.dnet", "--zero-init-residual");
    expect({ code, err }).toMatchObject({
      code: 0,
      err: expect.stringMatching(/^note: no normalisation ends a residual branch of \w+: --zero-init-residual changes/),
    });
  });

  test("--seed takes every whole number of 64 bits", async () => {
    expect((await compile("plain.dnet", "--seed", String(2n ** 64n - 1n))).code).toBe(0);
  });
});
