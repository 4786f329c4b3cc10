import { parseArgs } from "node:util";
import { uncovered } from "./coverage.ts";
import { kinds } from "./invalid.ts";
import { type InvalidSummary, runInvalid, runValid, type ValidSummary } from "./session.ts";

/** `--count N --seed S --only valid|invalid`: as many programs of each sort; the exit code. */
export async function fuzz(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      count: { type: "string", default: "1000" },
      seed: { type: "string", default: "1" },
      only: { type: "string", default: "" },
    },
  });
  const run = { count: Number(values.count), seed: Number(values.seed) };
  if (!Number.isSafeInteger(run.count) || run.count < 1 || !Number.isSafeInteger(run.seed)) {
    print("--count and --seed take whole numbers");
    return 2;
  }
  let failed = false;
  if (values.only !== "invalid") {
    const { failure, summary } = await runValid({ ...run, progress: progress("valid", run.count) });
    print(failure ?? validLine(summary));
    failed = failure !== null;
  }
  if (values.only !== "valid") {
    const { failure, summary } = await runInvalid({ ...run, progress: progress("invalid", run.count) });
    print(failure ?? invalidLine(summary));
    failed ||= failure !== null;
  }
  return failed ? 1 : 0;
}

function validLine({ worst, runs, conditioned, coverage }: ValidSummary): string {
  const missing = uncovered(coverage);
  const all = missing.length === 0 ? "all of the language" : `all of the language but ${missing.join(", ")}`;
  return `valid: ${all}; ${runs} runs compared, the worst error ${worst.toFixed(3)} of what is allowed, ${conditioned} outputs judged by what rounding does to them`;
}

function invalidLine({ kinds: made }: InvalidSummary): string {
  const missing = kinds.filter((one) => !made.has(one));
  return `invalid: ${made.size} kinds of mistakes${missing.length === 0 ? "" : `, none of ${missing.join(", ")}`}`;
}

/** A line after every twentieth of them, with the rate. */
function progress(sort: string, count: number): (done: number) => void {
  const start = performance.now();
  const step = Math.max(1, Math.ceil(count / 20));
  return (done) => {
    if (done % step !== 0 && done !== count) return;
    const rate = done / ((performance.now() - start) / 1000);
    print(`${sort}: ${done} of ${count}, ${rate.toFixed(1)} a second`);
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
