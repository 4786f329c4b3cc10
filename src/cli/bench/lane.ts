import type { FaultCode } from "../../inspect/codes.ts";
import { type Contender, type Opened, Refused } from "../../runtime/contender.ts";
import type { Device } from "../../runtime/device.ts";
import type { ProfileSummary } from "../../runtime/profile-summary.ts";
import type { Refusal } from "../../runtime/refusal.ts";
import type { Failure } from "../failure.ts";
import type { Subject } from "./subjects.ts";

/** A model on a device, as it is measured, and all that has been found out about it. */
export class Lane {
  readonly subject: Subject;
  readonly device: Device;
  readonly contender: Contender;
  /** Why it could not be measured; nothing more is asked of it then. */
  refusal: Refusal | null = null;
  /** Of what is wrong with its file, the public code; null where that is not it. */
  code: FaultCode | null = null;
  /** What options would have to say for it to run; null where that is not why it was refused. */
  misuse: Failure | null = null;
  opened: Opened | null = null;
  shapes: readonly (readonly number[])[] = [];
  /** Milliseconds of its run in each round. */
  readonly roundsMs: number[] = [];
  /** Milliseconds of creating sessions after the first. */
  readonly sessionsMs: number[] = [];
  /** Null but on the CPU: what another device holds is not in the memory of the process. */
  residentBytes: number | null = null;
  profile: ProfileSummary | null = null;

  constructor(subject: Subject, device: Device, contender: Contender) {
    this.subject = subject;
    this.device = device;
    this.contender = contender;
  }

  get name(): string {
    return this.subject.name;
  }

  /** Leaves it out, as the options do not fit it. */
  leaveOut(misuse: Failure): void {
    this.misuse = misuse;
    this.refusal = { kind: "failed", reason: misuse.message };
  }

  /** Asks something of it, unless it was refused before. */
  async ask(act: (contender: Contender) => Promise<void>): Promise<void> {
    if (this.refusal) return;
    try {
      await act(this.contender);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.refusal = error.refusal;
    }
  }
}
