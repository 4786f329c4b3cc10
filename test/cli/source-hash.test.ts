import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import onnxProto from "onnx-proto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { folderOf } from "./networks.ts";
import { run } from "./run.ts";

const { ModelProto } = onnxProto.onnx;

let folder: ReturnType<typeof folderOf>;
beforeEach(() => {
  folder = folderOf({
    "library.dnet": "block Stem { conv(3x3, 4) }\n",
    "importing.dnet": 'import { Stem } from "./library.dnet"\nnetwork A { input image[3, 8, 8] Stem linear(2) }\n',
  });
});
afterEach(() => folder.remove());

describe("the hash of the source in the model", () => {
  const sourceHash = async () => {
    const model = folder.at("out.onnx");
    expect((await run(["compile", folder.at("importing.dnet"), "-o", model])).code).toBe(0);
    return ModelProto.decode(readFileSync(model)).metadataProps.find(({ key }) => key === "dnetc.source.sha256")?.value;
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
