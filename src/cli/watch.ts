import { type ExitCode, exitCodes, Failure, printFailure, usageFailure } from "./failure.ts";
import { findFile, stampOf } from "./file-stamp.ts";
import { FolderWatcher } from "./folder-watcher.ts";
import { counted } from "./render.ts";
import type { Terminal } from "./terminal.ts";
import { visible } from "./visible-text.ts";

/** A command, from its start `since`, in milliseconds of the process. */
export type Once = (terminal: Terminal, since: number) => Promise<ExitCode>;

/**
 * Runs a command, and again whenever what it read or looked for is not as it was, until it is interrupted or nobody
 * reads its output. Everything stays in this process, so that all but the first run are warm.
 */
export async function watchFiles(
  once: Once,
  files: readonly string[],
  quiet: true | undefined,
  terminal: Terminal,
): Promise<ExitCode> {
  for (const file of files) refuseUnwatchable(file);
  const end = new AbortController();
  const interrupt = () => end.abort(exitCodes.interrupted);
  process.once("SIGINT", interrupt);
  const events = new Events(end.signal);
  try {
    for (let since = 0; !end.signal.aborted; since = performance.now()) {
      const seen: Seen = new Map();
      await runOnce(once, since, seen, { ...terminal, ...listening(seen, terminal, end) });
      if (end.signal.aborted) break;
      if (!quiet) terminal.err(`${status(seen, performance.now() - since)}\n`);
      const changed = await nextChange(seen, events, end.signal);
      // What is on the screen stays there at the end.
      if (end.signal.aborted) break;
      if (terminal.errIsTerminal) terminal.err(clearScreen);
      else if (!quiet) terminal.err(`\n${visible(changed.join(", "))} changed\n`);
    }
    return end.signal.reason as ExitCode;
  } finally {
    process.removeListener("SIGINT", interrupt);
    events.close();
  }
}

/** The files that a run read or looked for, and what tells each from what it is after a change. */
type Seen = Map<string, string>;

const clearScreen = "\u001b[2J\u001b[H";

function refuseUnwatchable(file: string): void {
  if (file === "-") throw usageFailure("standard input cannot be watched", "name a file");
  if (findFile(file)?.isFile() === false) throw usageFailure(`${file} is no file, and cannot be watched`);
}

/** What is wrong with files may be mended; not so a bug, nor what was wrong before any file was read. */
async function runOnce(once: Once, since: number, seen: Seen, terminal: Terminal): Promise<void> {
  try {
    await once(terminal, since);
  } catch (error) {
    if (!(error instanceof Failure) || seen.size === 0) throw error;
    printFailure(error, terminal);
  }
}

function listening(seen: Seen, terminal: Terminal, end: AbortController): Pick<Terminal, "onRead" | "out"> {
  return {
    onRead: (file) => void seen.set(file, stampOf(file)),
    async out(data) {
      const isRead = await terminal.out(data);
      if (!isRead) end.abort(exitCodes.ok);
      return isRead;
    },
  };
}

function status(seen: Seen, milliseconds: number): string {
  const time = milliseconds < 10 ? milliseconds.toFixed(1) : milliseconds.toFixed(0);
  return `${time} ms; watching ${counted(seen.size, "file")}, Ctrl-C ends`;
}

/** Waits until a file is not as it was seen, and no more is written to it; the files of which that is so. */
async function nextChange(seen: Seen, events: Events, end: AbortSignal): Promise<readonly string[]> {
  while (!end.aborted) {
    events.follow(seen.keys());
    const changed = [...seen].filter(([file, stamp]) => stampOf(file) !== stamp).map(([file]) => file);
    // An editor may empty or delete a file before it writes.
    if (changed.length > 0 && !(changed.some(isEmpty) && (await events.within(patience)))) return changed;
    if (changed.length === 0) await events.within(Number.POSITIVE_INFINITY);
    while (await events.within(silence)) {}
  }
  return [];
}

/** Milliseconds without an event after which a save is over; and where it left nothing. */
const silence = 8;
const patience = 50;

function isEmpty(file: string): boolean {
  return !findFile(file)?.size;
}

/** What happens to the files, as something to wait for. */
class Events {
  readonly #watcher: FolderWatcher;
  readonly #end: AbortSignal;
  #wake: (() => void) | null = null;
  #isPending = false;
  #failure: { readonly error: unknown } | null = null;

  constructor(end: AbortSignal) {
    this.#end = end;
    const notice = () => {
      this.#isPending = true;
      this.#wake?.();
    };
    this.#watcher = new FolderWatcher(notice, (error) => {
      this.#failure = { error };
      notice();
    });
    end.addEventListener("abort", notice);
  }

  follow(files: Iterable<string>): void {
    this.#watcher.follow(files);
  }

  /** Whether there is an event within the time; at once where there was one since the last call. */
  async within(milliseconds: number): Promise<boolean> {
    if (!this.#isPending && !this.#end.aborted) await this.#sleep(milliseconds);
    if (this.#failure) throw this.#failure.error;
    const happened = this.#isPending && !this.#end.aborted;
    this.#isPending = false;
    return happened;
  }

  close(): void {
    this.#watcher.close();
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = Number.isFinite(milliseconds) ? setTimeout(resolve, milliseconds) : null;
      this.#wake = () => {
        if (timer) clearTimeout(timer);
        resolve();
      };
    });
  }
}
