import { symlinkSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderOf, small } from "./networks.ts";
import { run } from "./run.ts";

let folder: ReturnType<typeof folderOf>;
beforeAll(() => {
  folder = folderOf({
    "small.dnet": small,
    "good.dnet": "network Good { input image[3, 8, 8] conv(3x3, 16) linear(2) }\n",
    "two-mistakes.dnet": "network A { input image[3, 8, 8] covn(3x3, 16) lniear(2) }\n",
    "library.dnet": "block Nothing { relu }\n",
    "secret.txt": "network Secret { password hunter2 }\n",
    "binary.dnet": Buffer.from([0x6e, 0x65, 0, 0xff]),
    "imports-text.dnet": importing("./secret.txt"),
    "imports-link.dnet": importing("./link.dnet"),
    "imports-binary.dnet": importing("./binary.dnet"),
    "imports-missing.dnet": importing("./missing.dnet"),
    "nets/imports.dnet":
      'import { Nothing } from "../library.dnet"\nnetwork A { input image[3, 8, 8] Nothing linear(2) }\n',
  });
  symlinkSync("secret.txt", folder.at("link.dnet"));
});
afterAll(() => folder.remove());

function importing(path: string): string {
  return `import { Secret } from "${path}"\nnetwork A { input image[3, 8, 8] linear(2) }\n`;
}

describe("check", () => {
  test("of a clean file says so", async () => {
    expect(await run(["check", folder.at("good.dnet")])).toEqual({ code: 0, out: "", err: "1 network: no problems\n" });
    expect(await run(["check", folder.at("good.dnet"), "--quiet"])).toEqual({ code: 0, out: "", err: "" });
  });

  test("shows mistakes in their code, then counts them", async () => {
    const { code, out, err } = await run(["check", folder.at("small.dnet")]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toContain(`error[expect-failed]: `);
    expect(err).toContain(`  --> ${folder.at("small.dnet")}:9:`);
    expect(err.endsWith("\n1 error\n")).toBe(true);
  });

  test("in the short form has a line for each", async () => {
    const file = folder.at("two-mistakes.dnet");
    const { code, out, err } = await run(["check", "--format", "short", file]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err.split("\n").map((line) => line.replace(/\]: .*/, "]"))).toEqual([
      `${file}:1:34: error[unknown-layer]`,
      `${file}:1:48: error[unknown-layer]`,
      "2 errors",
      "",
    ]);
  });

  test("looks at every file, also after a wrong and a missing one", async () => {
    const files = ["small.dnet", "missing.dnet", "good.dnet"].map(folder.at);
    const { code, err } = await run(["check", "--format=short", ...files]);
    expect(code).toBe(3);
    expect(err).toContain(`${files[0]}:9:`);
    expect(err).toContain(`error: cannot read ${files[1]}: there is no such file or folder\n`);
    expect(err.endsWith("3 files: 1 error, 1 file not checked\n")).toBe(true);
  });

  test("of several clean files counts their networks", async () => {
    const { code, err } = await run(["check", folder.at("good.dnet"), folder.at("nets/imports.dnet")]);
    expect({ code, err }).toEqual({ code: 0, err: "2 files, 2 networks: no problems\n" });
  });

  test("of one network leaves the others alone", async () => {
    const { code, err } = await run(["check", folder.at("small.dnet"), "--network", "Small"]);
    expect({ code, err }).toEqual({ code: 0, err: "1 network: no problems\n" });
  });

  test("names the networks that it did not check, as they lack parameters", async () => {
    const stdin = "network A(growth) { input image[3, 8, 8] conv(3x3, growth) linear(2) }\n";
    const waiting = "no problems; not checked, for want of parameters: A (give them with --set)\n";
    expect(await run(["check", "-"], { stdin })).toEqual({ code: 0, out: "", err: waiting });
    expect(await run(["check", "-", "-q"], { stdin })).toEqual({ code: 0, out: "", err: "" });
    const withVariant = `${stdin}network B = A(growth = 4)\n`;
    expect((await run(["check", "-"], { stdin: withVariant })).err).toBe(`1 network: ${waiting}`);
    expect((await run(["check", "-", "--network", "B"], { stdin: withVariant })).err).toBe("1 network: no problems\n");
    expect((await run(["check", "-", "--set", "growth=4"], { stdin })).err).toBe("1 network: no problems\n");
    const wrong = await run(["check", "-"], { stdin: `${stdin}network C { input image[3, 8, 8] covn(2) }\n` });
    expect(wrong.err.endsWith("\n1 error\n")).toBe(true);
    expect(wrong.err).not.toContain("not checked");
    const files = [folder.at("good.dnet"), "-"];
    expect((await run(["check", ...files], { stdin })).err).toBe(`2 files, 1 network: ${waiting}`);
  });

  test("of a file without networks finds none", async () => {
    expect((await run(["check", folder.at("library.dnet")])).err).toBe("no networks: no problems\n");
  });

  test("of a file with notes alone finds no problems, and hides them with --quiet", async () => {
    const stdin = "network A { input image[3, H, 8] conv(3x3, 4) expect macs == 8640 }\n";
    const { code, err } = await run(["check", "-"], { stdin });
    expect(code).toBe(0);
    expect(err).toContain("note[expect-undecided]");
    expect(err.endsWith("\n1 network: no problems, 1 note\n")).toBe(true);
    expect((await run(["stats", "-"], { stdin })).err.endsWith("\nno problems, 1 note\n")).toBe(true);
    const missing = await run(["check", "-", folder.at("missing.dnet")], { stdin });
    expect(missing.err.endsWith("\n2 files: 1 note, 1 file not checked\n")).toBe(true);
    for (const command of [["check"], ["check", "--format=short"], ["compile", "-o", folder.at("notes.onnx")]]) {
      expect(await run([...command, "-", "-q"], { stdin })).toEqual({ code: 0, out: "", err: "" });
    }
    const json = await run(["check", "-", "-q", "--format=json"], { stdin });
    expect(JSON.parse(json.out)).toMatchObject({ ok: true, diagnostics: [{ severity: "note" }] });
  });

  test("of a network that is not there is wrong usage", async () => {
    const { code, err } = await run(["check", folder.at("small.dnet"), "--network", "Smal"]);
    expect(code).toBe(2);
    expect(err).toContain(`error: ${folder.at("small.dnet")} has no network Smal\n  = help: did you mean \`Small\`?\n`);
    const far = await run(["check", folder.at("small.dnet"), "--network", "DenseNet121"]);
    expect(far.err).toContain("  = help: its networks are Small, Broken\n");
  });

  test("with an option that is wrong is wrong usage, unless the file is wrong, too", async () => {
    const codeOf = async (...options: string[]) => (await run(["check", folder.at("small.dnet"), ...options])).code;
    for (const option of ["--set=growht=3", "--set=growth=2 +", "--dim=Q=3", "--dim=H=0"]) {
      expect({ option, code: await codeOf("--network=Small", option) }).toEqual({ option, code: 2 });
    }
    expect(await codeOf("--network=Small", "--set=growht=3", "--limit=tokens=5")).toBe(4);
    const stdin = "network A { input image[3, 8, 8] covn(3x3, 4) }\n";
    expect((await run(["check", "-", "--set", "growht=3"], { stdin })).code).toBe(1);
  });

  test("reads standard input", async () => {
    const { code, err } = await run(["check", "-", "--format", "short"], { stdin: small });
    expect(code).toBe(1);
    expect(err).toContain("<stdin>:9:");
  });

  test("colours when told to", async () => {
    const { err } = await run(["check", folder.at("small.dnet"), "--color", "always"]);
    expect(err).toContain("\u001b[31merror[expect-failed]");
    expect((await run(["check", folder.at("small.dnet")], { errIsTerminal: true })).err).toContain("\u001b[31m");
    expect((await run(["check", folder.at("small.dnet")], { outIsTerminal: true })).err).not.toContain("\u001b");
  });

  test("ends with 4 where a limit is exceeded", async () => {
    for (const limit of ["bytes=30", "tokens=5", "ops=3", "fuel=1"]) {
      const { code, err } = await run(["check", folder.at("small.dnet"), "--limit", limit]);
      expect({ limit, code }).toEqual({ limit, code: 4 });
      expect(err).toContain(`error[limit-${limit.split("=")[0]}]`);
    }
  });

  test("ends with 1 where there are only too many mistakes", async () => {
    const { code, err } = await run(["check", folder.at("two-mistakes.dnet"), "--limit", "messages=1"]);
    expect(code).toBe(1);
    expect(err).toContain("[limit-messages]");
  });

  test("takes values for parameters and sizes, as expressions of the language", async () => {
    const file = folder.at("small.dnet");
    const settings = [
      "--network=Small",
      "--set",
      "growth=2^2 * 2",
      "--set=compression=1/4",
      "--dim=H=16",
      "--dim",
      "W=8",
    ];
    expect((await run(["check", file, ...settings])).code).toBe(0);
    const { code, err } = await run(["check", file, "--network=Small", "--set", "growth=2 +"]);
    expect(code).toBe(2);
    expect(err).toContain("growth=2 +\n");
    expect((await run(["check", file, "--network=Small", "--dim", "H=15"])).code).toBe(1);
  });
});

describe("what is imported", () => {
  for (const name of ["imports-text", "imports-link", "imports-binary", "imports-missing"]) {
    test(`${name}: is not shown if it is no .dnet text`, async () => {
      const file = folder.at(`${name}.dnet`);
      const { code, err } = await run(["check", file]);
      expect(code).toBe(1);
      expect(err).toContain(`${file}:1:`);
      expect(err).not.toContain("hunter2");
    });
  }

  test("the reason why it was not read is given", async () => {
    const linked = await run(["check", folder.at("imports-link.dnet")]);
    expect(linked.err).toContain(`note: cannot read ${folder.at("link.dnet")}: only .dnet files can be imported\n`);
    const binary = await run(["check", folder.at("imports-binary.dnet")]);
    expect(binary.err).toContain(`note: cannot read ${folder.at("binary.dnet")}: it is not text: `);
  });
});

describe("check --format json", () => {
  test("has the fields that others build on", async () => {
    const file = folder.at("small.dnet");
    const { code, out, err } = await run(["check", file, "--format", "json"]);
    expect({ code, err }).toEqual({ code: 1, err: "" });
    const start = small.indexOf("params == 5");
    expect(JSON.parse(out)).toEqual({
      schemaVersion: 1,
      ok: false,
      diagnostics: [
        {
          code: "expect-failed",
          severity: "error",
          message: expect.stringContaining("params == 5") as string,
          file,
          start: { line: 9, column: start - small.indexOf("network Broken") + 1, offset: start },
          end: { line: 9, column: start - small.indexOf("network Broken") + 12, offset: start + 11 },
          related: [],
          notes: ["the left side is 2477 more than the right"],
          help: expect.any(String) as string,
        },
      ],
      failures: [],
    });
  });

  test("of clean files is ok, and empty", async () => {
    const { code, out } = await run(["check", folder.at("good.dnet"), "--format", "json"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({ schemaVersion: 1, ok: true, diagnostics: [], failures: [] });
  });

  test("says which files could not be read, and why", async () => {
    const files = ["missing.dnet", "good.dnet", "imports-binary.dnet"].map(folder.at);
    const { code, out } = await run(["check", ...files, "--format", "json"]);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      diagnostics: [{ code: "import-not-found", file: files[2] }],
      failures: [
        { file: files[0], message: `cannot read ${files[0]}: there is no such file or folder` },
        {
          file: files[2],
          message: `cannot read ${folder.at("binary.dnet")}: it is not text: there is a NUL byte at line 1, column 3`,
        },
      ],
    });
  });

  test("tells of other places as it tells of the first", async () => {
    const text = "network A {\n  input image[3, 8, 8]\n  a: conv(3x3, 4)\n  a: conv(3x3, 4)\n}\n";
    const { out } = await run(["check", "-", "--format", "json"], { stdin: text });
    const { diagnostics } = JSON.parse(out) as { diagnostics: { related: object[] }[] };
    expect(diagnostics[0]?.related[0]).toEqual({
      message: expect.any(String) as string,
      file: "<stdin>",
      start: expect.objectContaining({ line: expect.any(Number) as number }) as object,
      end: expect.objectContaining({ offset: expect.any(Number) as number }) as object,
    });
  });
});
