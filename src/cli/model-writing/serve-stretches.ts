import { parentPort } from "node:worker_threads";
import type { Encoded } from "../../emit/encode.ts";
import { largestStretch, makeStretch, type Stretch } from "../../emit/pieces.ts";
import type { Room } from "../../weights/make.ts";
import { StoredBytes } from "./stored-bytes.ts";

/** A stretch to be made; the answer has the same number. */
export interface Asked {
  readonly number: number;
  readonly stretch: Stretch;
  /** Memory that an earlier answer came in, to be used again. */
  readonly spare: ArrayBuffer | null;
}

export type Answer =
  | { readonly number: number; readonly made: Encoded }
  /** Errors of the file system have a code and a call, which would be lost in a copy of the error. */
  | { readonly number: number; readonly error: { readonly message: string } & Readonly<Record<string, unknown>> };

/** The whole of a thread that makes stretches: it answers in the order in which it is asked. */
const stored = new StoredBytes();
parentPort?.on("message", ({ number, stretch, spare }: Asked) => {
  keep(spare);
  const answer = answerTo(number, stretch);
  parentPort?.postMessage(answer, "made" in answer ? [answer.made.bytes.buffer as ArrayBuffer] : []);
  for (const memory of inUse.splice(0)) keep(memory);
});

function answerTo(number: number, stretch: Stretch): Answer {
  try {
    return { number, made: makeStretch(stretch, stored.read, room) };
  } catch (error) {
    return { number, error: { ...(error as Error), message: (error as Error).message } };
  }
}

/** Memory as large as the values of any stretch, and what of it the answer under way may lie in. */
const idle: ArrayBuffer[] = [];
const inUse: ArrayBuffer[] = [];

const room: Room = (length) => {
  if (4 * length > largestStretch) return new Float32Array(length);
  const memory = idle.pop() ?? new ArrayBuffer(largestStretch);
  inUse.push(memory);
  return new Float32Array(memory, 0, length);
};

/** What has gone with an answer has no bytes any more; more than two are never needed at once. */
function keep(memory: ArrayBuffer | null): void {
  if (memory !== null && memory.byteLength >= largestStretch && idle.length < 2) idle.push(memory);
}
