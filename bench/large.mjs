// Measures how fast models beyond one ONNX file are written, against `dd` writing as many bytes to the same disk in the same
// rounds, and writes bench/large.md. Needs a quiet machine, 8 GB of disk and what `npm run build` makes. A folder may be
// given for the files.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import { bin } from "./processes.mjs";
import { median, table } from "./table.mjs";

const root = path.join(import.meta.dirname, "..");
const rounds = 3;
const networks = [
  ["bit.dnet", "BiT_R152x4"],
  ["efficientnet.dnet", "EfficientNetL2"],
];

const folder = mkdtempSync(path.join(process.argv[2] ?? tmpdir(), "dnetc-bench-"));
try {
  const rows = [];
  for (const [file, network] of networks) rows.push(await measure(path.join(root, "examples", file), network));
  const report = `# Speed with large models

Written by \`npm run bench:large\`: Node.js ${process.versions.node}, ${availableParallelism()} cores, ${rounds} rounds in which
\`dd bs=4M conv=fsync\` and \`dnetc compile\` take turns, medians. The goal is a ratio of 0.5; promised are at most 300 MB of memory.

${table(["network", "bytes", "dd s", "dnetc s", "dd MB/s", "dnetc MB/s", "ratio", "memory MB"], rows)}
`;
  console.log(report);
  writeFileSync(new URL("large.md", import.meta.url), report);
} finally {
  rmSync(folder, { recursive: true });
}

async function measure(file, network) {
  const model = path.join(folder, "model.onnx");
  const compile = [bin, "compile", file, "--network", network, "-o", model, "--quiet"];
  // The first does not count, and says how much there is to write.
  await watched(compile);
  const bytes = written();
  const times = { dd: [], dnetc: [] };
  let peak = 0;
  for (let round = 0; round < rounds; round++) {
    clear();
    times.dd.push(timeOfDd(bytes));
    clear();
    const run = await watched(compile);
    times.dnetc.push(run.seconds);
    peak = Math.max(peak, run.peak);
  }
  clear();
  const [dd, dnetc] = [median(times.dd), median(times.dnetc)];
  const rate = (seconds) => (bytes / 1e6 / seconds).toFixed(0);
  const figures = [bytes.toLocaleString("en-US"), dd.toFixed(2), dnetc.toFixed(2), rate(dd), rate(dnetc)];
  return [network, ...figures, (dd / dnetc).toFixed(2), (peak / 1e6).toFixed(0)];
}

function written() {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
}

function clear() {
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name));
  // What the system still has to write must not weigh on what comes next.
  spawnSync("sync");
}

function timeOfDd(bytes) {
  const start = performance.now();
  const count = Math.ceil(bytes / 2 ** 22);
  const args = ["if=/dev/zero", `of=${path.join(folder, "dd")}`, "bs=4M", `count=${count}`, "conv=fsync"];
  const { status } = spawnSync("dd", args, { stdio: "ignore" });
  if (status !== 0) throw new Error(`dd ended with ${status}`);
  return (performance.now() - start) / 1000;
}

/** Seconds, and the most memory in bytes, as Linux counts it. */
async function watched(args) {
  const start = performance.now();
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "inherit"] });
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, residentPeak(child.pid));
  }, 20);
  const status = await new Promise((resolve) => child.once("close", resolve));
  clearInterval(timer);
  if (status !== 0) throw new Error(`dnetc ended with ${status}`);
  return { seconds: (performance.now() - start) / 1000, peak };
}

function residentPeak(pid) {
  try {
    const [, kilobytes = "0"] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kilobytes) * 1024;
  } catch {
    return 0;
  }
}
