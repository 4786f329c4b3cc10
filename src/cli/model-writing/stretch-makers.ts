import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { Encoded } from "../../emit/encode.ts";
import { largestStretch, makeStretch, type Stretch } from "../../emit/pieces.ts";
import { isInMemory } from "../../weights/recipe.ts";
import type { Answer, Asked } from "./serve-stretches.ts";
import { StoredBytes } from "./stored-bytes.ts";

/**
 * Makes stretches of tensors, large ones in threads. What is small is not worth a message, and what is in memory is
 * here already.
 */
export class StretchMakers {
  readonly #stored = new StoredBytes();
  readonly #threads: readonly Thread[];
  #next = 0;
  /** Memory that threads have made stretches in; what else is written belongs to others. */
  readonly #lent = new WeakSet<ArrayBufferLike>();
  /** Of it what is not needed any more. */
  readonly #spare: ArrayBuffer[] = [];

  constructor(threads: number) {
    this.#threads = Array.from({ length: existsSync(program) ? threads : 0 }, () => new Thread());
  }

  /** How many stretches are worth being asked for before they are needed. */
  get ahead(): number {
    return 4 * this.#threads.length;
  }

  /** A promise where a thread makes it: what is made here is made at once. */
  make(stretch: Stretch): Encoded | Promise<Encoded> {
    const { tensor, from, to } = stretch;
    const isLarge = (tensor.bytes / tensor.elements) * (to - from) >= worthAMessage;
    const thread = this.#threads[this.#next % this.#threads.length];
    if (!thread || !isLarge || isInMemory(tensor.recipe)) return makeStretch(stretch, this.#stored.read);
    this.#next++;
    return thread.make(stretch, this.#spare.pop() ?? null).then((made) => {
      this.#lent.add(made.bytes.buffer);
      return made;
    });
  }

  /** Told of bytes that have been written: where a thread made them, others will come to lie in their place. */
  release({ buffer }: Uint8Array): void {
    if (this.#lent.has(buffer) && buffer.byteLength >= largestStretch) this.#spare.push(buffer as ArrayBuffer);
  }

  async end(): Promise<void> {
    this.#stored.close();
    await Promise.all(this.#threads.map((thread) => thread.end()));
  }
}

/** As many threads as the machine runs at once, and no more than keep up with a disk. */
export const usualThreads = Math.min(availableParallelism(), 4);

/** In bytes. */
const worthAMessage = 65_536;

/** The bundle of `serve-stretches.ts`, which lies beside that of the command line; from source there is none. */
const program = path.join(path.dirname(import.meta.filename), "serve-stretches.cjs");

class Thread {
  readonly #worker = new Worker(program, { stdout: true, stderr: true });
  readonly #waiting = new Map<number, { resolve(made: Encoded): void; reject(error: Error): void }>();
  #asked = 0;
  /** Why it makes no more. */
  #end: Error | null = null;

  constructor() {
    this.#worker.on("message", (answer: Answer) => this.#take(answer));
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", () => this.#fail(new Error("a thread that makes tensors has ended")));
  }

  make(stretch: Stretch, spare: ArrayBuffer | null): Promise<Encoded> {
    if (this.#end) return Promise.reject(this.#end);
    const number = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#worker.postMessage({ number, stretch, spare } satisfies Asked, spare ? [spare] : []);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(answer: Answer): void {
    const waiting = this.#waiting.get(answer.number);
    this.#waiting.delete(answer.number);
    if ("made" in answer) waiting?.resolve(answer.made);
    else waiting?.reject(Object.assign(new Error(answer.error.message), answer.error));
  }

  #fail(error: Error): void {
    this.#end ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
