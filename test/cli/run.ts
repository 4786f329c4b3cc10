import { main } from "../../src/cli/main.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { ContenderHere } from "../../src/runtime/contender-here.ts";
import { runOnDevice } from "../../src/runtime/run-on-device.ts";

export interface Run {
  readonly code: number;
  /** Standard output as text. */
  readonly out: string;
  readonly err: string;
}

/** Runs a command in this process, with a terminal that only listens. */
export async function run(
  args: readonly string[],
  settings: Partial<Terminal> & { readonly stdin?: string } = {},
): Promise<Run> {
  const out: Uint8Array[] = [];
  let err = "";
  const code = await main(args, {
    input: oneChunk(settings.stdin ?? ""),
    out: async (data) => out.push(Buffer.from(data)) > 0,
    err(text) {
      err += text;
    },
    outIsTerminal: false,
    errIsTerminal: false,
    outShowsUnicode: true,
    errShowsUnicode: true,
    columns: null,
    env: {},
    runModel: runOnDevice,
    startContender: async () => new ContenderHere(),
    ...settings,
  });
  return { code, out: Buffer.concat(out).toString(), err };
}

async function* oneChunk(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}
