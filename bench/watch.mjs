import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bin, densenet } from "./processes.mjs";
import { median, table } from "./table.mjs";

/** How long `check --watch` takes from a save to the end of what it prints. */
export async function measureWatch(saves) {
  const folder = mkdtempSync(path.join(tmpdir(), "dnetc-bench-"));
  const file = path.join(folder, "densenet-121.dnet");
  copyFileSync(densenet, file);
  const watching = spawn(process.execPath, [bin, "check", "--watch", file], { stdio: ["ignore", "ignore", "pipe"] });
  watching.stderr.setEncoding("utf8");
  try {
    await ended(watching);
    const times = [];
    for (let save = 0; save <= saves; save++) {
      const text = `${readFileSync(file, "utf8")}# ${save}\n`;
      const start = performance.now();
      writeFileSync(file, text);
      await ended(watching);
      // The first save finds nothing warm and does not count.
      if (save > 0) times.push(performance.now() - start);
    }
    const row = [median(times), Math.min(...times)].map((time) => time.toFixed(0));
    return table(
      ["", "median ms", "least ms", "promised"],
      [["`check --watch`, from a save to the result", ...row, "60"]],
    );
  } finally {
    watching.kill();
    rmSync(folder, { recursive: true });
  }
}

async function ended(watching) {
  let printed = "";
  while (!printed.includes("Ctrl-C ends\n")) printed += (await once(watching.stderr, "data"))[0];
}
