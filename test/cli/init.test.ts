import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { networkNameFor } from "../../src/cli/first-project.ts";
import { folderOf } from "./networks.ts";
import { run } from "./run.ts";

let folder: ReturnType<typeof folderOf>;
beforeEach(() => {
  folder = folderOf({});
});
afterEach(() => folder.remove());

const made = [".gitignore", "README.md", "net.dnet"];

describe("init", () => {
  test("makes a project that is clean, counts as it says and compiles", async () => {
    const at = folder.at("nets/tiny-densenet");
    const { code, out, err } = await run(["init", at]);
    expect({ code, out }).toEqual({ code: 0, out: "" });
    expect(err).toBe(`made the network TinyDensenet in ${path.join(at, "net.dnet")}; next:
  cd ${path.relative("", at)}
  dnetc check net.dnet
  dnetc stats net.dnet
  dnetc compile net.dnet -o net.onnx --verify
`);
    expect(readdirSync(at).sort()).toEqual(made);
    const net = path.join(at, "net.dnet");
    expect(await run(["check", net])).toEqual({ code: 0, out: "", err: "1 network: no problems\n" });
    expect((await run(["check", net, "--set", "growth=24"])).code).toBe(0);
    const model = path.join(at, "net.onnx");
    expect(await run(["compile", net, "-o", model, "--verify", "-q"])).toEqual({ code: 0, out: "", err: "" });
  });

  test("fills an empty folder, and leaves other files alone", async () => {
    writeFileSync(folder.at("notes.txt"), "mine");
    expect((await run(["init", folder.at("")])).code).toBe(0);
    expect(readdirSync(folder.at("")).sort()).toEqual([...made, "notes.txt"].sort());
    expect(readFileSync(folder.at("notes.txt"), "utf8")).toBe("mine");
  });

  test("overwrites nothing, and leaves nothing half made", async () => {
    for (const name of made) {
      const at = folder.at(`with-${name}`);
      mkdirSync(at);
      symlinkSync("nowhere", path.join(at, name));
      const { code, err } = await run(["init", at]);
      expect(code).toBe(3);
      expect(err).toContain(`error: ${path.join(at, name)} exists already\n`);
      expect(readdirSync(at)).toEqual([name]);
    }
  });

  test("says where it cannot make a folder", async () => {
    writeFileSync(folder.at("file"), "");
    for (const name of ["file", "file/inside", "x".repeat(300)]) {
      const { code, err } = await run(["init", folder.at(name)]);
      expect(code).toBe(3);
      expect(err).toMatch(/^error: cannot make a project in .*\n$/);
    }
    expect(readdirSync(folder.at(""))).toEqual(["file"]);
  });

  test.skipIf(process.getuid?.() === 0)("removes the folders it made where it may not write", async () => {
    mkdirSync(folder.at("locked"));
    chmodSync(folder.at("locked"), 0o500);
    expect((await run(["init", folder.at("locked/a/b")])).code).toBe(3);
    expect(readdirSync(folder.at("locked"))).toEqual([]);
  });

  test("quotes the folder for the shell, and shows nothing that the terminal obeys", async () => {
    const { err } = await run(["init", folder.at("it's \u001b[2J mine")]);
    expect(err).toContain(`'it'\\''s ␛[2J mine'\n`.slice(1));
    expect(err).not.toContain("\u001b");
  });

  test("names the network after the folder", () => {
    const cases = {
      "tiny-densenet": "TinyDensenet",
      "my net 2": "MyNet2",
      "3d": "Net3d",
      層: "Net",
      "": "Net",
      _a: "A",
    };
    for (const [name, network] of Object.entries(cases)) expect(networkNameFor(name)).toBe(network);
  });
});
