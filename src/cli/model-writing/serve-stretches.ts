import { parentPort, workerData } from "node:worker_threads";
import type { Encoded } from "../../emit/encode.ts";
import { largestStretch, makeStretch, type Stretch } from "../../emit/pieces.ts";
import { workIn } from "../../weights/kernel-memory.ts";
import type { Room } from "../../weights/make.ts";
import type { Memory } from "../../weights/webassembly/module.ts";
import { StoredBytes } from "./stored-bytes.ts";

/** A stretch to be made; the answer has the same number. */
export interface Asked {
  readonly number: number;
  readonly stretch: Stretch;
  /** Where in the common memory there is room for a largest stretch; null where none is left. */
  readonly address: number | null;
}

export type Answer =
  | { readonly number: number; readonly made: Made }
  /** Errors of the file system have a code and a call, which would be lost in a copy of the error. */
  | { readonly number: number; readonly error: { readonly message: string } & Readonly<Record<string, unknown>> };

/** What was made, whose bytes come along or lie in the common memory. */
export interface Made extends Omit<Encoded, "bytes"> {
  readonly bytes: Uint8Array | { readonly address: number; readonly length: number };
}

/** What a thread is given: memory that it and whoever asks it have in common. */
export interface ThreadData {
  readonly memory: Memory;
}

/** The whole of a thread that makes stretches: it answers in the order in which it is asked. */
const { memory } = workerData as ThreadData;
const stored = new StoredBytes();
workIn(memory);
parentPort?.on("message", (asked: Asked) => {
  const answer = answerTo(asked);
  const isCarried = "made" in answer && answer.made.bytes instanceof Uint8Array;
  parentPort?.postMessage(answer, isCarried ? [(answer.made.bytes as Uint8Array).buffer as ArrayBuffer] : []);
});

function answerTo({ number, stretch, address }: Asked): Answer {
  try {
    const made = makeStretch(stretch, stored.read, roomFrom(address));
    return { number, made: { ...made, bytes: inCommon(made.bytes) } };
  } catch (error) {
    return { number, error: { ...(error as Error), message: (error as Error).message } };
  }
}

function inCommon(bytes: Uint8Array): Made["bytes"] {
  return bytes.buffer === memory.buffer ? { address: bytes.byteOffset, length: bytes.length } : bytes;
}

/** Memory at the address for the first that needs some. */
function roomFrom(address: number | null): Room {
  let free = address;
  return (length) => {
    if (free === null || 4 * length > largestStretch) return new Float32Array(length);
    const at = free;
    free = null;
    return new Float32Array(memory.buffer, at, length);
  };
}
