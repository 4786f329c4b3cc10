// Long dense blocks: does a layer take as long in a block of 10,000 as in one of 100?
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Bench } from "tinybench";
import { count } from "../dist/index.js";
import { check, emitStructure } from "./in-process.mjs";
import { table } from "./table.mjs";

const script = fileURLToPath(import.meta.url);

/** Each size in processes of its own: one that is warmed up, and one that does all once, for its memory. */
export function measureDense(quick) {
  const sizes = [100, 1000, 10_000].map((layers) => ({
    layers,
    ...inOwnProcess(layers, quick ? 30_000 : 200_000),
    memory: inOwnProcess(layers, 0).memory,
  }));
  const rows = sizes.map(({ layers, memory, ...times }) => {
    const cells = ["check", "count", "emit"].map((what) => times[what].toFixed(1));
    return [layers.toLocaleString("en"), ...cells, (memory / 2 ** 20).toFixed(0)];
  });
  const spread = ["check", "count", "emit"].map((what) => {
    const times = sizes.map((size) => size[what]);
    return (Math.max(...times) / Math.min(...times)).toFixed(2);
  });
  const promised = ["promised", "1.5", "", "1.5", "600"];
  return table(
    ["layers", "check µs", "count µs", "emit µs", "memory MiB"],
    [...rows, ["greatest by least", ...spread, ""], promised],
  );
}

function inOwnProcess(layers, work) {
  return JSON.parse(execFileSync(process.execPath, [script, String(layers), String(work)], { encoding: "utf8" }));
}

/** `work`: how many layers to do in all, after half as many to warm up; 0: the block once. */
async function measure(layers, work) {
  const text = `network Long {
    input image[3, 32, 32]  conv(3x3, 24)
    dense(${layers}, 1) { batchnorm relu conv(1x1, 1) }
    globalavgpool linear(10)
  }`;
  const architecture = check(text);
  count(architecture);
  emitStructure(architecture);
  if (work === 0) return {};
  const iterations = Math.ceil(work / layers);
  const bench = new Bench({ iterations, time: 0, warmupIterations: Math.ceil(iterations / 2), warmupTime: 0 })
    .add("check", () => check(text))
    .add("count", () => count(architecture))
    .add("emit", () => emitStructure(architecture));
  await bench.run();
  return Object.fromEntries(bench.tasks.map(({ name, result }) => [name, (result.latency.p50 * 1000) / layers]));
}

if (process.argv[1] === script) {
  const [layers, work] = process.argv.slice(2).map(Number);
  const times = await measure(layers, work);
  console.log(JSON.stringify({ ...times, memory: process.resourceUsage().maxRSS * 1024 }));
}
