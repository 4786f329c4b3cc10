import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { median, table } from "./table.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
export const bin = path.join(root, "bin", "dnetc.js");
const folderOfExamples = path.join(root, "examples");
export const densenet = path.join(folderOfExamples, "densenet-121.dnet");

/** Runs each command once a round and compares it with the bare node of the same rounds. */
export function measureProcesses(rounds) {
  const folder = mkdtempSync(path.join(tmpdir(), "dnetc-bench-"));
  try {
    const commands = commandsIn(folder);
    const times = commands.map(() => []);
    // The first round fills the caches of the file system and does not count.
    for (let round = 0; round <= rounds; round++) {
      for (const [index, command] of commands.entries()) {
        const time = timeOf(command);
        if (round > 0) times[index].push(time);
      }
    }
    const rows = table(
      ["process", "median ms", "least ms", "ratio of medians", "ratio of least", "promised", "goal"],
      commands.map(({ name, promised = "", goal = "" }, index) => {
        const [middle, least] = [median, (list) => Math.min(...list)].map((of) => [of(times[index]), of(times[0])]);
        const ratios = [middle, least].map(([own, bare]) => (own / bare).toFixed(2));
        return [name, middle[0].toFixed(0), least[0].toFixed(0), ...ratios, promised, goal];
      }),
    );
    const [zeros, loaded] = [zerosName, loadedName].map((wanted) =>
      median(times[commands.findIndex(({ name }) => name === wanted)]),
    );
    return `${rows}\n\n${loadedName} takes ${(loaded / zeros).toFixed(2)} times as long as ${zerosName}; promised is 1.5.`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const zerosName = "`dnetc compile … --init zeros`";
const loadedName = "`dnetc compile … --weights`";

function commandsIn(folder) {
  const wrong = path.join(folder, "wrong.dnet");
  writeFileSync(wrong, "network Wrong { input image[3, 32, 32] covn(3x3, 16) }\n");
  const model = path.join(folder, "model.onnx");
  const weights = path.join(folder, "model.safetensors");
  timeOf({ name: "dnetc weights", args: [bin, "weights", densenet, "-o", weights] });
  const examples = readdirSync(folderOfExamples).map((file) => path.join(folderOfExamples, file));
  return [
    { name: "`node -e 0`", args: ["-e", "0"] },
    { name: "`dnetc --version`", args: [bin, "--version"] },
    { name: "`dnetc check densenet-121.dnet`", args: [bin, "check", densenet], promised: "2.25", goal: "1.6" },
    { name: "`dnetc check` of a file with one mistake", args: [bin, "check", wrong], status: 1 },
    { name: "`dnetc stats densenet-121.dnet`", args: [bin, "stats", densenet] },
    // All networks of the gallery: 3 s where a bare Node.js takes 125 ms.
    { name: "`dnetc stats --summary examples/*.dnet`", args: [bin, "stats", "--summary", ...examples], promised: "24" },
    { name: zerosName, args: [bin, "compile", densenet, "-o", model, "--init", "zeros"] },
    { name: loadedName, args: [bin, "compile", densenet, "-o", model, "--weights", weights] },
    {
      name: "`dnetc compile densenet-121.dnet`",
      args: [bin, "compile", densenet, "-o", model],
      promised: "4.5",
      goal: "3",
    },
  ];
}

function timeOf({ name, args, status = 0 }) {
  const start = performance.now();
  const result = spawnSync(process.execPath, args, { stdio: "ignore" });
  const time = performance.now() - start;
  if (result.status !== status) throw new Error(`${name} ended with ${result.status}`);
  return time;
}
