import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { run } from "./run.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "dnetc-usage-"));
  writeFileSync(path.join(folder, "model.onnx"), Buffer.from([8, 8, 0, 18, 255, 254]));
  writeFileSync(path.join(folder, "exported.model"), Buffer.from([8, 7, 18, 7, ...Buffer.from("pytorch"), 255]));
  writeFileSync(path.join(folder, "weights.bin"), Buffer.from([2, 0, 0, 0, 0, 0, 0, 0, ...Buffer.from("{}"), 255]));
  writeFileSync(path.join(folder, "latin1.dnet"), Buffer.from("# one\r\n# caf\u00e9\n", "latin1"));
  writeFileSync(path.join(folder, "cut.dnet"), Buffer.from("# 層").subarray(0, 4));
  writeFileSync(path.join(folder, "utf16.dnet"), Buffer.from("\ufeff# one\n", "utf16le"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("help", () => {
  for (const args of [
    ["--help"],
    ["compile", "--help"],
    ["check", "--help"],
    ["stats", "--help"],
    ["bench", "--help"],
    ["draw", "--help"],
    ["weights", "--help"],
    ["explain", "--help"],
    ["init", "--help"],
    ["completion", "--help"],
    ["help", "--help"],
  ]) {
    test(`dnetc ${args.join(" ")}`, async () => {
      const { code, out, err } = await run(args);
      expect({ code, err }).toEqual({ code: 0, err: "" });
      await expect(out).toMatchFileSnapshot(`help/dnetc-${args.join("-").replaceAll("--", "")}.out`);
    });
  }

  test("is the same by `help compile`", async () => {
    expect(await run(["help", "compile"])).toEqual(await run(["compile", "--help"]));
  });

  test("is printed by `help` alone, too", async () => {
    expect(await run(["help"])).toEqual(await run(["--help"]));
  });

  test("is what a call without a command gets, as a mistake", async () => {
    const { code, out, err } = await run([]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("Usage: dnetc");
  });
});

test("the version is that of the package", async () => {
  expect(await run(["--version"])).toEqual({ code: 0, out: `${packageJson.version}\n`, err: "" });
});

describe("wrong usage exits with 2 and says what is right", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["chekc a.dnet", "Did you mean check?"],
    ["compile a.dnet -o b --seeed 1", "Did you mean --seed?"],
    ["check --fromat json a.dnet", "Did you mean --format?"],
    ["check", "missing required argument 'files'"],
    ["compile a.dnet", "error: compile needs -o and the ONNX file to write\n"],
    ["compile a.dnet --ouput b.onnx", "Did you mean --output?"],
    ["compile a.dnet -o b -o c", "error: the option --output is given more than once\n"],
    ["compile a.dnet -o b --output=b", "error: the option --output is given more than once\n"],
    ["compile a.dnet -o b --seed 1 --seed 1", "error: the option --seed is given more than once\n"],
    ["check a.dnet --network A --network A", "error: the option --network is given more than once\n"],
    ["stats a.dnet --color never --color always", "error: the option --color is given more than once\n"],
    ["stats a.dnet --set growth=3 --set growth=4", "growth has a value already."],
    ["stats a.dnet --dim H=32 --dim H=64", "H has a value already."],
    ["stats a.dnet --limit ops=3 --limit ops=4", "ops has a value already."],
    ["stats a.dnet --dim N=8", "N is the batch size; compile fixes it with --batch."],
    [
      "help frob",
      "error: there is no command frob\n  = help: the commands are compile, check, stats, verify, bench, draw, weights, explain, init, completion, help\n",
    ],
    ["ini", "Did you mean init?"],
    ["completon bash", "Did you mean completion?"],
    ["init a b", "too many arguments"],
    ["init --asci", "Did you mean --ascii?"],
    ["check a.dnet --wach", "Did you mean --watch?"],
    ["check a.dnet --format sarf", "Allowed choices are human, short, json, sarif, github."],
    ["help chekc", "error: there is no command chekc\n  = help: did you mean `check`?\n"],
    ["compile a.dnet b.dnet -o c", "too many arguments"],
    ["compile a.dnet -o b --opset 12", "not a whole number from 13 to 21"],
    ["compile a.dnet -o b --opset 22", "not a whole number from 13 to 21"],
    ["compile a.dnet -o b --opset 17.5", "not a whole number from 13 to 21"],
    ["compile a.dnet -o b --batch 0", "not a whole number of at least 1"],
    ["compile a.dnet -o b --seed -1", "not a whole number from 0 to 2^64"],
    ["compile a.dnet -o b --seed 18446744073709551616", "not a whole number from 0 to 2^64"],
    ["compile a.dnet -o b --init glorot", "Allowed choices are he, xavier, zeros, constant=<x>."],
    ["compile a.dnet -o b --init constant", "A constant needs a number that float32 holds, as in constant=0.02."],
    ["compile a.dnet -o b --init constant=1e39", "A constant needs a number that float32 holds, as in constant=0.02."],
    ["compile a.dnet -o b --dtype fp16", "Allowed choices are f32, f16, bf16."],
    [
      "compile a.dnet -o b --external never --external-sha1",
      "error: --external-sha1 is about a file beside the model: --external never writes none\n  = help: leave it out\n",
    ],
    ["compile a.dnet -o b --keep-io none", "error: --keep-io is for models in float16\n  = help: give --dtype f16\n"],
    ["verify a.onnx --against a.dnet --dtype f16", "--dtype is for models that are written: a.onnx is a model already"],
    ["compile a.dnet -o - --verify", "there is no file to verify: the model goes to standard output"],
    ["compile a.dnet -o /dev/null --verify", "there is no file to verify: the model goes to /dev/null"],
    ["compile a.dnet --output=", "error: the output needs a name\n"],
    ["stats a.dnet --format xml", "Allowed choices are table, json, csv, markdown"],
    ["stats a.dnet --depth 0", "not a whole number of at least 1"],
    ["stats a.dnet --depth some", "not a whole number of at least 1, nor all or auto."],
    ["stats a.dnet --depth 2 --format csv", "error: --depth is for a table of one network\n"],
    ["stats a.dnet --depth 2 --summary", "error: --depth is for a table of one network\n"],
    ["stats a.dnet b.dnet", "error: stats takes one file\n"],
    ["draw a.dnet", "error: draw needs -o and the SVG file to write\n"],
    ["draw a.dnet --output=", "error: the output needs a name\n"],
    ["draw a.dnet -o b --depth 0", "not a whole number of at least 1, nor auto."],
    ["draw a.dnet -o b --theme blue", "Allowed choices are light, dark, auto."],
    ["stats", "missing required argument 'files'"],
    ["bench a.dnet --rounds 0", "not a whole number from 1 to 1000000"],
    ["bench a.dnet --threads 0", "not a whole number from 1 to 1024"],
    ["bench a.dnet --device gpu", "Allowed choices are cpu, webgpu, cuda."],
    ["bench", "missing required argument 'models'"],
    ["stats a.dnet --color red", "Allowed choices are auto, always, never"],
    ["stats a.dnet --set growth", "Write name=value."],
    ["stats a.dnet --set =3", "Write name=value."],
    ["stats a.dnet --set growth=", "Write name=value."],
    ["stats a.dnet --dim 2H=3", "Write name=value."],
    ["stats a.dnet --limit speed=3", "The limits are bytes, tokens"],
    ["stats a.dnet --limit ops=many", "not a whole number of at least 1"],
    ["stats a.dnet --limit ops", "not a whole number of at least 1"],
  ];
  for (const [line, words] of cases) {
    test(line, async () => {
      const { code, out, err } = await run(line.split(" "));
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toContain(words);
    });
  }
});

test("an option that is repeated is told of in one line", async () => {
  for (const option of ["--network=A", "--set=a=1", "--dim=H=1"]) {
    const { err } = await run(["check", "a.dnet", option, option]);
    expect(err).toMatch(/^error: .*\n$/);
  }
});

test("different names and flags may be repeated", async () => {
  const options = ["--set", "a=1", "--set", "b=1", "--dim", "H=1", "--dim", "W=1", "-q", "-q"];
  expect((await run(["check", path.join(folder, "missing.dnet"), ...options])).code).toBe(3);
});

describe("input that cannot be read exits with 3", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["missing.dnet", "there is no such file or folder"],
    [".", "it is a folder, not a file"],
    ["model.onnx", "it is not text: there is a NUL byte at line 1, column 3"],
    ["exported.model", "it is an ONNX model, not a program"],
    ["weights.bin", "it is a safetensors file, not a program"],
    ["latin1.dnet", "it is not UTF-8 text: the byte 0xe9 at line 2, column 6"],
    ["cut.dnet", "it is not UTF-8 text: the byte 0xe5 at line 1, column 3"],
    ["utf16.dnet", "it is UTF-16 text, not UTF-8"],
    ["missing.dnet/inside.dnet", "there is no such file or folder"],
    ["model.onnx/inside.dnet", "a part of the path is not a folder"],
  ];
  for (const [name, reason] of cases) {
    for (const command of [["check"], ["stats"], ["compile", "-o", path.join(tmpdir(), "never.onnx")]]) {
      test(`${command[0]} ${name}`, async () => {
        const file = path.join(folder, name);
        const { code, out, err } = await run([...command, file, "--quiet"]);
        expect({ code, out }).toEqual({ code: 3, out: "" });
        expect(err).toContain(`error: cannot read ${file}: ${reason}\n`);
      });
    }
  }

  test("where another command takes it, that is said", async () => {
    const model = path.join(folder, "exported.model");
    expect((await run(["weights", model, "-o", "a.safetensors"])).err).toContain(
      `  = help: \`dnetc verify ${model} --against net.dnet\` compares it with one\n          \`dnetc weights\``,
    );
    const weights = path.join(folder, "weights.bin");
    expect((await run(["check", weights])).err).toContain(
      `  = help: \`dnetc compile net.dnet --weights ${weights}\` takes its weights\n`,
    );
  });

  test("what a path makes of the terminal is spelt out", async () => {
    const { err } = await run(["stats", "\u001b[2J.dnet"]);
    expect(err).toBe("error: cannot read ␛[2J.dnet: there is no such file or folder\n");
    const lines = await run(["check", "a\nerror: b"]);
    expect(lines.err).toBe("error: cannot read a␊error: b: there is no such file or folder\n1 file not checked\n");
  });

  test("so is what a command or an option makes of it", async () => {
    for (const args of [["\u001b[2J"], ["check", "--\u009b2J"], ["check", "a.dnet", "--format", "\u001b[2J"]]) {
      const { code, err } = await run(args);
      expect(code).toBe(2);
      expect(err).not.toMatch(/[^\P{Cc}\n]/u);
    }
  });
});

test("a bug is reported as one, with what a report needs", async () => {
  const broken = {
    [Symbol.asyncIterator](): never {
      throw new TypeError("x is not a function");
    },
  };
  const { code, out, err } = await run(["stats", "-"], { input: broken });
  expect({ code, out }).toEqual({ code: 70, out: "" });
  expect(err).toContain("this is a bug in dnetc");
  expect(err).toContain(`dnetc ${packageJson.version}, Node.js ${process.versions.node}`);
  expect(err).toContain("TypeError: x is not a function");
});
