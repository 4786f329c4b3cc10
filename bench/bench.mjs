// Measures what the project promises of its speed, all in one run, and writes bench/results.md. `--quick`: a few rounds,
// to see where one stands; nothing is written. Needs a quiet machine and what `npm run build` makes.
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { measureDense } from "./dense.mjs";
import { measureInProcess } from "./in-process.mjs";
import { measureProcesses } from "./processes.mjs";
import { measureWatch } from "./watch.mjs";

const quick = process.argv.includes("--quick");
const rounds = quick ? 5 : 31;

console.log(`whole processes, ${rounds} rounds …`);
const processes = measureProcesses(rounds);
console.log("dnetc check --watch …");
const watch = await measureWatch(quick ? 3 : 15);
console.log("in one process …");
const inProcess = await measureInProcess(quick ? 200 : 2000);
console.log("dense blocks …");
const dense = measureDense(quick);

const machine = `Node.js ${process.versions.node}, ${availableParallelism()} cores`;
const report = `# Speed

Written by \`npm run bench\`: ${machine}, ${rounds} rounds in which the processes take turns.
Times depend on the machine; what is promised is ratios to a bare \`node -e 0\` of the same rounds.

## Whole processes

${processes}

${watch}

## In one process, warm

${inProcess}

## Dense blocks

\`dense(n, 1) { batchnorm relu conv(1x1, 1) }\`, microseconds a layer, without the weights; the memory is the most that a
process has taken that checks, counts and emits the block once.

${dense}
`;
console.log(`\n${report}`);
if (!quick) writeFileSync(new URL("results.md", import.meta.url), report);
