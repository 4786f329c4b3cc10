import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import onnxProto from "onnx-proto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
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
    "deep.dnet": "network Deep { input image[3, 8, 8] repeat 12 { conv(3x3, 8) scale(10000) batchnorm } linear(2) }\n",
    "residual.dnet":
      "network Residual { input image[3, 8, 8] conv(3x3, 8) residual { inner: conv(3x3, 8) last: batchnorm } linear(2) }\n",
    "silent.dnet":
      "network Silent { input image[3, 8, 8] conv(3x3, 8) add { branch {} branch { scale(0) } } linear(2) }\n",
    "overflow.dnet": "network Overflow { input image[3, 8, 8] repeat 40 { scale(1000000) } linear(2) }\n",
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

  test("to standard output writes the same bytes, and messages elsewhere", async () => {
    await compile("plain.dnet");
    const chunks: Uint8Array[] = [];
    const out = async (data: string | Uint8Array) => chunks.push(Buffer.from(data)) > 0;
    for (const target of ["-", "/dev/stdout"]) {
      chunks.length = 0;
      const { code, err } = await run(["compile", folder.at("plain.dnet"), "-o", target], { out });
      expect(code).toBe(0);
      expect(Buffer.concat(chunks).equals(written())).toBe(true);
      expect(err).toContain("wrote standard output: ");
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

describe("the hash of the source in the model", () => {
  const sourceHash = async (...args: readonly string[]) => {
    expect((await compile("importing.dnet", ...args)).code).toBe(0);
    return ModelProto.decode(written()).metadataProps.find(({ key }) => key === "dnetc.source.sha256")?.value;
  };
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const main = (importing: string) => `${importing}\nnetwork A { input image[3, 8, 8] Stem linear(2) }\n`;
  const importStem = 'import { Stem } from "./library.dnet"';

  test("covers imported files", async () => {
    const before = await sourceHash();
    expect(before).toBe(sha256(`${main(importStem)}\0block Stem { conv(3x3, 4) }\n`));
    writeFileSync(folder.at("library.dnet"), "block Stem { conv(3x3, 5) }\n");
    expect(await sourceHash()).toBe(sha256(`${main(importStem)}\0block Stem { conv(3x3, 5) }\n`));
  });

  test("covers each file once, in the order in which it was first read", async () => {
    const both = `${importStem}\nimport { Last } from "./last.dnet"`;
    const last = `${importStem}\nblock Last { Stem }\n`;
    writeFileSync(folder.at("importing.dnet"), main(both));
    writeFileSync(folder.at("last.dnet"), last);
    expect(await sourceHash()).toBe(sha256([main(both), "block Stem { conv(3x3, 4) }\n", last].join("\0")));
  });

  test("covers the library that ships with dnetc", async () => {
    const text = 'import { DenseNet } from "std/densenet"\nnetwork A { input image[3, 8, 8] linear(2) }\n';
    writeFileSync(folder.at("importing.dnet"), text);
    expect(await sourceHash()).toBe(sha256(`${text}\0${readFileSync("std/densenet.dnet", "utf8")}`));
  });

  test("is that of the text alone where nothing is imported, whatever its line breaks", async () => {
    const text = "network A {\n  input image[3, 8, 8]\n  linear(2)\n}\n";
    for (const written of [text, text.replaceAll("\n", "\r\n")]) {
      writeFileSync(folder.at("importing.dnet"), written);
      expect(await sourceHash()).toBe(sha256(text));
    }
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

describe("compile --verify", () => {
  const figures = /relative error [\d.]+e-\d+ of 1.0e-4 allowed, median [\d.]+ ms\n$/;

  test("reads and runs the written file and says what came of it", async () => {
    const { code, err } = await compile("small.dnet", "--verify");
    expect(code).toBe(0);
    expect(err).toContain("\nverified on the CPU, H = 16, W = 16: 20 nodes, 19 shapes, ");
    expect(err).toMatch(figures);
  });

  test.each([[[]], [["--fold"]]])("keeps to a fixed batch and to sizes given, %j", async (options) => {
    const { err } = await compile(
      "small.dnet",
      "--verify",
      "--batch",
      "3",
      "--dim",
      "H=20",
      "--dim",
      "W=8",
      ...options,
    );
    expect(err).toContain("\nverified on the CPU: ");
    expect(err).toMatch(figures);
  });

  test.each([[[]], [["--fold"]]])("takes other weights where those of a deep network overflow, %j", async (options) => {
    const { code, err } = await compile("deep.dnet", "--verify", ...options);
    expect(err).toMatch(
      /\nnote: its own weights lead beyond the range of float32, first at \S+; the graph of the file is verified with other weights\nverified on the CPU: /,
    );
    expect(code).toBe(0);
    const against = await run([
      "verify",
      folder.at("out.onnx"),
      "--against",
      folder.at("deep.dnet"),
      "--format",
      "json",
    ]);
    expect(against.code).toBe(1);
    expect(JSON.parse(against.out)).toMatchObject({ ok: false, unfit: { kind: "overflow" }, runs: [{ ok: true }] });
  });

  test.each(["zeros", "constant=0.1"])("takes other weights where those of %s make one number", async (init) => {
    const { code, err } = await compile("plain.dnet", "--verify", "--init", init);
    expect({ code, err }).toMatchObject({
      code: 0,
      err: expect.stringContaining("note: its own weights make every output one and the same number"),
    });
  });

  test.each([
    ["last", ["--zero-init-residual"]],
    ["inner", ["--zero-init-residual", "--fold"]],
  ])("takes other weights where those of %s hide what comes before it, %j", async (layer, options) => {
    const { code, err } = await compile("residual.dnet", "--verify", ...options);
    expect({ code, err }).toMatchObject({
      code: 0,
      err: expect.stringContaining(`note: its own weights make one and the same number at ${layer}, and hide what`),
    });
    const against = ["verify", folder.at("out.onnx"), "--against", folder.at("residual.dnet"), "--format", "json"];
    expect(JSON.parse((await run(against)).out)).toMatchObject({ ok: true, unfit: { kind: "constant", layer } });
  });

  test("keeps a model's own weights where it hides nothing with them", async () => {
    for (const file of ["residual.dnet", "silent.dnet"]) {
      const { code, err } = await compile(file, "--verify");
      expect({ code, err }).toMatchObject({ code: 0, err: expect.not.stringContaining("note: its own weights") });
    }
  });

  test("fails where a value is not finite, after the file has been written", async () => {
    const { code, err } = await compile("overflow.dnet", "--verify");
    expect(code).toBe(1);
    expect(err).toContain(`error: ${folder.at("out.onnx")} is written, but fails its verification\n`);
    expect(err).toContain("error[run-not-finite]: output: 2 values not finite\n");
    expect(err).toContain("  not verified: Overflow\n");
    expect(existsSync(folder.at("out.onnx"))).toBe(true);
  });
});
