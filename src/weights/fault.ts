import type { WeightsFaultCode } from "./codes.ts";

/** A file that cannot be read as weights. Names from the file may be of any length, the message is not. */
export class WeightsFault extends Error {
  readonly code: WeightsFaultCode;
  /** What to try; empty where nothing can be said. */
  readonly help: string;

  constructor(code: WeightsFaultCode, message: string, help = "") {
    super(message.length > longest ? `${message.slice(0, longest)}…` : message);
    this.code = code;
    this.help = help;
  }
}

const longest = 400;
