import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { Encoded } from "../../emit/encode.ts";
import { largestStretch, makeStretch, type Stretch } from "../../emit/pieces.ts";
import { memoryWithRoom, roomAt } from "../../weights/kernel-memory.ts";
import { isInMemory } from "../../weights/recipe.ts";
import type { Lender } from "./direct-writer.ts";
import type { Answer, Asked, Made, ThreadData } from "./serve-stretches.ts";
import { StoredBytes } from "./stored-bytes.ts";

/**
 * Makes stretches of tensors, large ones in threads. What is small is not worth a message, and what is in memory is
 * here already.
 */
export class StretchMakers implements Lender {
  readonly #stored = new StoredBytes();
  readonly #threads: readonly Thread[];
  #next = 0;

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
    return thread.make(stretch);
  }

  owns(bytes: Uint8Array): boolean {
    return this.#threadOf(bytes) !== null;
  }

  /** Where a thread made the bytes, others will come to lie in their place. */
  release(bytes: Uint8Array): void {
    this.#threadOf(bytes)?.release(bytes.byteOffset);
  }

  #threadOf({ buffer }: Uint8Array): Thread | null {
    return this.#threads.find(({ memory }) => memory.buffer === buffer) ?? null;
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

/** What is asked for, what waits to be written, and what is being written has room; more is made elsewhere. */
const rooms = 8;

interface Waiting {
  /** Of the room that was given. */
  readonly address: number | null;
  resolve(made: Encoded): void;
  reject(error: Error): void;
}

class Thread {
  readonly memory = memoryWithRoom(rooms * largestStretch);
  readonly #free = Array.from({ length: rooms }, (_, i) => roomAt + i * largestStretch);
  readonly #worker = new Worker(program, {
    workerData: { memory: this.memory } satisfies ThreadData,
    stdout: true,
    stderr: true,
  });
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  /** Why it makes no more. */
  #end: Error | null = null;

  constructor() {
    this.#worker.on("message", (answer: Answer) => this.#take(answer));
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", () => this.#fail(new Error("a thread that makes tensors has ended")));
  }

  make(stretch: Stretch): Promise<Encoded> {
    if (this.#end) return Promise.reject(this.#end);
    const number = this.#asked++;
    const address = this.#free.pop() ?? null;
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { address, resolve, reject });
      this.#worker.postMessage({ number, stretch, address } satisfies Asked);
    });
  }

  /** Told of an address in the memory where nothing is needed any more. */
  release(address: number): void {
    this.#free.push(address - ((address - roomAt) % largestStretch));
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(answer: Answer): void {
    const waiting = this.#waiting.get(answer.number);
    if (!waiting) return;
    this.#waiting.delete(answer.number);
    const { address, resolve, reject } = waiting;
    const made = "made" in answer ? this.#encoded(answer.made) : null;
    if (address !== null && made?.bytes.buffer !== this.memory.buffer) this.release(address);
    if (made) resolve(made);
    else if ("error" in answer) reject(Object.assign(new Error(answer.error.message), answer.error));
  }

  #encoded({ bytes, ...rest }: Made): Encoded {
    if (bytes instanceof Uint8Array) return { bytes, ...rest };
    return { bytes: new Uint8Array(this.memory.buffer, bytes.address, bytes.length), ...rest };
  }

  #fail(error: Error): void {
    this.#end ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
