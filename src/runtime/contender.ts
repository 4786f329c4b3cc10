import type { Device } from "./device.ts";
import type { ProfileSummary } from "./profile-summary.ts";
import type { Refusal } from "./refusal.ts";

/**
 * A model on a device that takes part in a bench. It stays ready from one run to the next; what it is asked is asked one
 * after another. Each question may be refused: then it throws `Refused`, and nothing more can be asked.
 */
export interface Contender {
  /** Loads ONNX Runtime and creates the session that the rounds run. */
  open(setup: Setup): Promise<Opened>;
  /** Makes the inputs, by the order of `Opened.inputs`. */
  prepare(shapes: readonly (readonly number[])[], seed: bigint): Promise<void>;
  /** Milliseconds of one run. */
  run(): Promise<number>;
  /** Bytes by which the most memory that the process has held grew since before the session was created. */
  residentGrowth(): Promise<number>;
  /** Milliseconds of creating one more session, which is given back at once. */
  createAgain(): Promise<number>;
  /** Runs the model in a session of its own that keeps a profile, once to warm up and then so many times. */
  profile(runs: number): Promise<ProfileSummary>;
  /** Ends it at once, whatever it does. */
  end(): Promise<void>;
}

export interface Setup {
  /** The ONNX file. */
  readonly file: string;
  readonly device: Device;
  /** Of the CPU; null: as many as ONNX Runtime takes. */
  readonly threads: number | null;
  /** For what is written on the way. */
  readonly folder: string;
}

export interface Opened {
  /** Of ONNX Runtime. */
  readonly version: string;
  readonly provider: string;
  /** The GPU, as `DeviceRun.adapter` has it. */
  readonly adapter: string | null;
  readonly inputs: readonly InputDescription[];
  /** Of the library, in a process that has not had it. */
  readonly loadMs: number;
  readonly createMs: number;
}

export interface InputDescription {
  readonly name: string;
  /** The type of its elements; null where it is no tensor. */
  readonly dtype: string | null;
  /** A name stands for an open size, "" for one without a name. */
  readonly shape: readonly (number | string)[];
}

export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}
