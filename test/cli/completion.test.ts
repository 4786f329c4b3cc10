import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folderOf } from "./networks.ts";
import { run } from "./run.ts";

let folder: ReturnType<typeof folderOf>;
beforeAll(async () => {
  folder = folderOf({
    "net.dnet": "network Small { input image[3, 8, 8] conv(3x3, 4) }\n  network Large = Small\n# network Commented\n",
    "my net.dnet": "network Spaced { input image[3, 8, 8] conv(3x3, 4) }\n",
    "notes.txt": "",
    "net.onnx": "",
    "lib/other.dnet": "",
  });
  for (const shell of ["bash", "zsh", "fish"]) {
    writeFileSync(folder.at(`completion.${shell}`), (await run(["completion", shell])).out);
  }
});
afterAll(() => folder.remove());

/** Words as bash splits them, the last of which is completed, to what must be offered. */
const cases: readonly (readonly [words: readonly string[], offered: readonly string[]])[] = [
  [["c"], ["check", "compile", "completion"]],
  [["--v"], ["--version"]],
  [["check", "--fo"], ["--format"]],
  [
    ["check", "--format", "s"],
    ["sarif", "short"],
  ],
  [
    ["check", "--format", "=", "s"],
    ["sarif", "short"],
  ],
  [
    ["check", "--format", "="],
    ["github", "human", "json", "sarif", "short"],
  ],
  [["check", "n"], ["net.dnet"]],
  [
    ["check", "net.dnet", ""],
    ["lib", "my net.dnet", "net.dnet"],
  ],
  [["check", "my\\ n"], ["my net.dnet"]],
  [["check", '"my n'], ["my net.dnet"]],
  [["check", "lib/"], ["lib/other.dnet"]],
  [
    ["stats", "net.dnet", "--network", ""],
    ["Large", "Small"],
  ],
  [["stats", "my\\ net.dnet", "--network", "S"], ["Spaced"]],
  [["stats", "missing.dnet", "--network", ""], []],
  [["stats", "$(touch x).dnet", "--network", ""], []],
  [["stats", "net.dnet", "--set", ""], []],
  [["compile", "net.dnet", "-o", "no"], ["notes.txt"]],
  [["compile", "net.dnet", "--init", "c"], ["constant="]],
  [
    ["compile", "net.dnet", "--opset", "2"],
    ["20", "21"],
  ],
  [
    ["bench", "n"],
    ["net.dnet", "net.onnx"],
  ],
  [["explain", "dense-gr"], ["dense-growth-mismatch"]],
  [["init", ""], ["lib"]],
  [
    ["completion", ""],
    ["bash", "fish", "zsh"],
  ],
  [["help", "st"], ["stats"]],
];

describe("completion in bash", () => {
  test("offers what can be typed", () => {
    const lines = cases.map(([words]) => {
      const quoted = ["dnetc", ...words].map((word) => `'${word}'`).join(" ");
      return `COMP_WORDS=(${quoted}); COMP_CWORD=${words.length}; _dnetc; printf '%s\\n' "\${COMPREPLY[@]}" ===`;
    });
    const script = `source ./completion.bash\n${lines.join("\n")}\n`;
    const { stdout, stderr } = spawnSync("bash", ["--norc"], { cwd: folder.at(""), input: script, encoding: "utf8" });
    expect(stderr).toBe("");
    const offered = stdout.split("===\n").map((part) =>
      part
        .split("\n")
        .filter((line) => line !== "")
        .sort(),
    );
    for (const [index, [words, expected]] of cases.entries()) {
      expect({ words, offered: offered[index] }).toEqual({ words, offered: expected });
    }
  });

  test("is registered for dnetc", () => {
    const script = "source ./completion.bash; complete -p dnetc";
    const { stdout } = spawnSync("bash", ["-c", script], { cwd: folder.at(""), encoding: "utf8" });
    expect(stdout).toBe("complete -F _dnetc dnetc\n");
  });
});

/** Whether a shell is there; those that are not are named in the report of the tests. */
function has(shell: string): boolean {
  return spawnSync(shell, ["-c", "true"]).status === 0;
}

describe("completion in zsh", () => {
  test.skipIf(!has("zsh"))("is a script that zsh can read and load", () => {
    const script = "autoload -Uz compinit; compinit -u -D; source ./completion.zsh; print $_comps[dnetc]";
    const options = { cwd: folder.at(""), encoding: "utf8" } as const;
    expect(spawnSync("zsh", ["-f", "-c", script], options)).toMatchObject({ stdout: "_dnetc\n", stderr: "" });
  });
});

describe("completion in fish", () => {
  test.skipIf(!has("fish"))("offers what can be typed", () => {
    const lines = ["dnetc c", "dnetc check --format s", "dnetc stats net.dnet --network ", "dnetc explain dense-gr"];
    const script = `source ./completion.fish\n${lines.map((line) => `complete -C '${line}'`).join("\n")}\n`;
    const options = { cwd: folder.at(""), encoding: "utf8" } as const;
    const { stdout, stderr } = spawnSync("fish", ["--no-config", "-c", script], options);
    expect(stderr).toBe("");
    const offered = stdout.split("\n").map((line) => line.split("\t")[0]);
    expect(offered.filter((word) => word !== "")).toEqual([
      "check",
      "compile",
      "completion",
      "sarif",
      "short",
      "Large",
      "Small",
      "dense-growth-mismatch",
    ]);
  });
});

test("completion of a shell that is not known is wrong usage", async () => {
  const { code, err } = await run(["completion", "csh"]);
  expect(code).toBe(2);
  expect(err).toContain("Allowed choices are bash, zsh, fish.");
});
