import type { FaultCode } from "./codes.ts";

/** A file that cannot be read as a model of dnetc. Names from the file may be of any length, the message is not. */
export class ModelFault extends Error {
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string) {
    super(message.length > longest ? `${message.slice(0, longest)}…` : message);
    this.code = code;
  }
}

const longest = 400;
