import { parentPort } from "node:worker_threads";
import type { Encoded } from "../../emit/encode.ts";
import { makeStretch, type Stretch } from "../../emit/pieces.ts";
import { StoredBytes } from "./stored-bytes.ts";

/** A stretch to be made; the answer has the same number. */
export interface Asked {
  readonly number: number;
  readonly stretch: Stretch;
}

export type Answer =
  | { readonly number: number; readonly made: Encoded }
  /** Errors of the file system have a code and a call, which would be lost in a copy of the error. */
  | { readonly number: number; readonly error: { readonly message: string } & Readonly<Record<string, unknown>> };

/** The whole of a thread that makes stretches: it answers in the order in which it is asked. */
const stored = new StoredBytes();
parentPort?.on("message", ({ number, stretch }: Asked) => {
  const answer = answerTo(number, stretch);
  parentPort?.postMessage(answer, "made" in answer ? [answer.made.bytes.buffer as ArrayBuffer] : []);
});

function answerTo(number: number, stretch: Stretch): Answer {
  try {
    return { number, made: makeStretch(stretch, stored.read) };
  } catch (error) {
    return { number, error: { ...(error as Error), message: (error as Error).message } };
  }
}
