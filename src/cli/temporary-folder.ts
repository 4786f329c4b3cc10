import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeSignal } from "./signals.ts";

/** Gives a folder that is gone afterwards, whatever ends the work. */
export async function inTemporaryFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(path.join(tmpdir(), "dnetc-"));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  const release = beforeSignal(remove);
  try {
    return await use(folder);
  } finally {
    release();
    remove();
  }
}
