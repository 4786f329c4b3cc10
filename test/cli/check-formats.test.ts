import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { githubCommand } from "../../src/cli/messages-github.ts";
import { folderOf } from "./networks.ts";
import { run } from "./run.ts";

const library = "block Stem(k) { conv(3x3, k / 2) }\n";
const files = {
  "good.dnet": "network Good { input image[3, 8, 8] conv(3x3, 16) linear(2) }\n",
  "100% a,b/wrong {x}: é.dnet": `import { Stem } from "../stem.dnet"
network A {
  input image[3, 8, 8]
  "層👍": covn(3x3, 16)
}
network B { input image[3, 8, 8] Stem(3) expect params == 2 }
`,
  "stem.dnet": library,
  "note.dnet": "network A { input image[3, H, 8] conv(3x3, 4) expect macs == 8640 }\n",
  "binary.dnet": Buffer.from([0xff, 0xfe]),
};
const names = Object.keys(files);

let folder: ReturnType<typeof folderOf>;
let place = "";
beforeAll(() => {
  folder = folderOf(files);
  // As relative paths are given: from the folder in which the tests run.
  place = path.relative("", folder.at(""));
});
afterAll(() => folder.remove());

describe("check --format sarif", () => {
  const isValid = sarifValidator();

  test("is a log that the schema of SARIF 2.1.0 allows, whatever it tells", async () => {
    for (const args of [names, ["good.dnet"], ["missing.dnet"], ["note.dnet", "missing.dnet"], []]) {
      const { out } = await run(["check", ...args.map(folder.at), "-", "--format", "sarif"], { stdin: "network" });
      expect(isValid(JSON.parse(out)), JSON.stringify(isValid.errors)).toBe(true);
    }
    expect(isValid({ version: "2.1.0", runs: [{ tool: { driver: { name: "dnetc", rules: "none" } } }] })).toBe(false);
  });

  test("brings the page of each message", async () => {
    const { tool } = firstRun((await run(["check", "-", "--format", "sarif"], { stdin: "network A { relu }" })).out);
    expect(tool.driver.rules).toMatchObject([
      {
        id: "input-missing",
        shortDescription: { text: "A network does not say what comes in." },
        help: {
          text: (await run(["explain", "input-missing"])).out,
          markdown: expect.stringMatching(/\ninput-misplaced, input-rank\n$/) as string,
        },
      },
    ]);
  });

  test("is valid for every message there is", async () => {
    const wrong = readdirSync("test/fixtures/err").filter((name) => name.endsWith(".dnet"));
    const args = ["check", ...wrong.map((name) => path.join("test/fixtures/err", name)), "--format"];
    const { out } = await run([...args, "sarif"]);
    expect(isValid(JSON.parse(out)), JSON.stringify(isValid.errors)).toBe(true);
    expect(firstRun(out).results.length).toBeGreaterThan(wrong.length);
    const commands = (await run([...args, "github"])).out.trimEnd().split("\n");
    expect(commands.length).toBe(firstRun(out).results.length);
    const form =
      /^::(?:error|warning|notice) file=test\/fixtures\/\S+,line=\d+,col=\d+,endLine=\d+(?:,endColumn=\d+)?,title=[a-z-]+::./;
    for (const command of commands) expect(command).toMatch(form);
  });

  test("has a result for each mistake, with its place in UTF-16 units and the places that take part", async () => {
    const name = "100% a,b/wrong {x}: é.dnet";
    const { code, out } = await run(["check", folder.at(name), "--format", "sarif"]);
    expect(code).toBe(1);
    const { columnKind, results, tool, artifacts } = firstRun(out);
    expect(columnKind).toBe("utf16CodeUnits");
    const line = files[name].split("\n")[3] as string;
    const column = line.indexOf("covn") + 1;
    const misspelt = results.find((one) => one.ruleId === "unknown-layer");
    expect(misspelt).toMatchObject({
      level: "error",
      message: { text: expect.stringMatching(/`covn`\nhelp: did you mean `conv`\?$/) as string },
      locations: [{ physicalLocation: { artifactLocation: { index: 0 }, region: { startLine: 4, endLine: 4 } } }],
    });
    expect(misspelt?.locations[0]?.physicalLocation.region).toEqual({
      startLine: 4,
      startColumn: column,
      endLine: 4,
      endColumn: column + 4,
      charOffset: files[name].indexOf("covn"),
      charLength: 4,
    });
    expect(tool.driver.rules.map(({ id }) => id)).toContain("unknown-layer");
    for (const one of results) expect(tool.driver.rules[one.ruleIndex]?.id).toBe(one.ruleId);
    const uri = pathToFileURL(folder.at(name)).href;
    expect(uri).toContain("/100%25%20a,b/wrong%20%7Bx%7D:%20%C3%A9.dnet");
    expect(artifacts.map((one) => one.location.uri)).toEqual([uri, pathToFileURL(folder.at("stem.dnet")).href]);
  });

  test("gives the other places their number and their words", async () => {
    const stdin = "network A {\n  input image[3, 8, 8]\n  a: conv(3x3, 4)\n  a: conv(3x3, 4)\n}\n";
    const { results } = firstRun((await run(["check", "-", "--format", "sarif"], { stdin })).out);
    const region = expect.objectContaining({ startLine: 3, startColumn: 6 }) as object;
    expect(results[0]?.relatedLocations).toEqual([
      {
        id: 1,
        message: { text: expect.any(String) as string },
        physicalLocation: { artifactLocation: { uri: "%3Cstdin%3E", uriBaseId: "%SRCROOT%", index: 0 }, region },
      },
    ]);
  });

  test("names files below the folder by a path from there", async () => {
    const { artifacts } = firstRun((await run(["check", "examples/tiramisu.dnet", "--format", "sarif"])).out);
    expect(artifacts[0]?.location).toEqual({ uri: "examples/tiramisu.dnet", uriBaseId: "%SRCROOT%" });
  });

  test("tells apart what the tool could not do", async () => {
    const { out, code } = await run(["check", folder.at("binary.dnet"), folder.at("good.dnet"), "--format", "sarif"]);
    expect(code).toBe(3);
    const { results, invocations } = firstRun(out);
    expect(results).toEqual([]);
    expect(invocations).toEqual([
      {
        executionSuccessful: false,
        exitCode: 3,
        toolExecutionNotifications: [
          expect.objectContaining({
            level: "error",
            message: { text: expect.stringContaining("it is UTF-16 text, not UTF-8") as string },
          }) as object,
        ],
      },
    ]);
  });

  test("doubles the braces of a message, which would stand for arguments", async () => {
    const { results } = firstRun((await run(["check", "-", "--format", "sarif"], { stdin: "network A {\n" })).out);
    expect(results[0]?.message.text).toContain("`}}`");
  });
});

describe("check --format github", () => {
  test("has a workflow command for each mistake", async () => {
    const name = "100% a,b/wrong {x}: é.dnet";
    const { code, out, err } = await run(["check", folder.at(name), "--format", "github"]);
    expect(code).toBe(1);
    const column = (files[name].split("\n")[3] as string).indexOf("covn") + 1;
    const file = folder.at("100%25 a%2Cb/wrong {x}%3A é.dnet");
    const misspelt = out.split("\n").find((line) => line.includes("title=unknown-layer"));
    expect(misspelt).toMatch(
      `::error file=${file},line=4,col=${column},endLine=4,endColumn=${column + 4},title=unknown-layer::`,
    );
    expect(misspelt).toMatch(/`covn`%0Ahelp: did you mean `conv`\?$/);
    expect(err).toMatch(/^\d errors?\n$/);
  });

  test("has the other places in the message, those of other files with their paths", async () => {
    const net = { path: "nets/net.dnet", text: "a\nb\n" };
    const stem = { path: "nets/stem.dnet", text: "block\n\n Stem" };
    const facts = { severity: "error", message: "one", label: "", notes: ["three"], help: "" } as const;
    const related = [
      { span: { source: net, start: 2, end: 3 }, message: "makes [N, 17]" },
      { span: { source: stem, start: 8, end: 12 }, message: "two: 50 %" },
    ];
    const command = githubCommand(
      { ...facts, code: "unknown-layer", related, span: { source: net, start: 0, end: 1 } },
      path.resolve("nets"),
    );
    expect(command).toBe(
      "::error file=net.dnet,line=1,col=1,endLine=1,endColumn=2,title=unknown-layer::one%0A2:1: makes [N, 17]%0Astem.dnet:3:2: two: 50 %25%0Anote: three\n",
    );
  });

  test("counts from the folder of the checkout", async () => {
    const env = { GITHUB_WORKSPACE: folder.at("") };
    const { out } = await run(["check", path.join(place, "note.dnet"), "--format", "github"], { env });
    expect(out).toMatch(/^::notice file=note\.dnet,line=1,/);
  });

  test("leaves out the end column of a place that goes over several lines, as it is refused there", () => {
    const source = { path: "net.dnet", text: "dense(3,\n  4)\n" };
    const facts = {
      severity: "warning",
      message: "one\r\ntwo",
      label: "",
      related: [],
      notes: ["50 %"],
      help: "",
    } as const;
    expect(githubCommand({ ...facts, code: "unknown-layer", span: { source, start: 0, end: 13 } }, null)).toBe(
      "::warning file=net.dnet,line=1,col=1,endLine=2,title=unknown-layer::one%0Atwo%0Anote: 50 %25\n",
    );
  });

  test("tells notes and files that cannot be read", async () => {
    const args = [folder.at("note.dnet"), folder.at("missing.dnet"), "--format", "github"];
    const { code, out } = await run(["check", ...args]);
    expect(code).toBe(3);
    const [note, failure] = out.split("\n");
    expect(note).toMatch(/^::notice file=.*,line=1,.*,title=expect-undecided::/);
    expect(failure).toBe(
      `::error file=${folder.at("missing.dnet")},title=not checked::cannot read ${folder.at("missing.dnet")}: there is no such file or folder`,
    );
    expect((await run(["check", ...args, "--quiet"])).out).not.toContain("::notice");
  });
});

interface SarifRun {
  readonly columnKind: string;
  readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
  readonly artifacts: readonly { readonly location: { readonly uri: string } }[];
  readonly invocations: readonly object[];
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly message: { readonly text: string };
    readonly locations: readonly { readonly physicalLocation: { readonly region: object } }[];
    readonly relatedLocations?: readonly object[];
  }[];
}

function firstRun(log: string): SarifRun {
  return (JSON.parse(log) as { runs: readonly [SarifRun] }).runs[0];
}

/** The schema that SARIF is published with, of draft 4, which differs from what Ajv reads in the name of `id` only. */
function sarifValidator() {
  const require = createRequire(import.meta.url);
  const { $schema: _, id, ...schema } = require("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
  const ajv = new Ajv({ strict: false, unicodeRegExp: false });
  formats.default(ajv);
  return ajv.compile({ ...schema, $id: id });
}
