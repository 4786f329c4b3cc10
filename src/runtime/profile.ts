import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** One node as ONNX Runtime ran it, after its own fusions. */
export interface ProfiledNode {
  readonly name: string;
  /** Its operator: of a convolution in a layout of ONNX Runtime's own, too, that of ONNX. */
  readonly op: string;
  readonly provider: string;
  readonly milliseconds: number;
  /** Null where nothing is said of it. */
  readonly memory: NodeMemory | null;
}

/** What the arena of ONNX Runtime has given out when a node has run, before what it was the last to read is given back. */
export interface NodeMemory {
  /** Bytes as they were asked for. */
  readonly requested: number;
  /** How many of these the node asked for. */
  readonly requestedByNode: number;
  /** Bytes as they were given out, which is in blocks of certain sizes. */
  readonly given: number;
  readonly givenToNode: number;
  /** The most that was given out at once since the session was created, also while a node ran. */
  readonly mostGiven: number;
}

/** From the profile that a session has left in a folder: the nodes of each run, in the order in which they ran. */
export function profiledRuns(folder: string): readonly (readonly ProfiledNode[])[] {
  const file = readdirSync(folder).find((name) => name.startsWith(profilePrefix));
  if (!file) throw new Error("ONNX Runtime has written no profile");
  return runsOf(JSON.parse(readFileSync(path.join(folder, file), "utf8")) as readonly ProfileEvent[]);
}

/** What the name of the file begins with. */
export const profilePrefix = "profile";

/** An event as ONNX Runtime writes it; durations are in microseconds, bytes are written as text. */
export interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args?: {
    readonly provider?: string;
    readonly op_name?: string;
    readonly mem_bytes_requested_in_use?: string;
    readonly mem_requested_in_use_delta?: string;
    readonly mem_bytes_in_use?: string;
    readonly mem_in_use_delta?: string;
    readonly mem_in_use_peak?: string;
  };
}

/** A run is told when it is over, after its nodes. */
export function runsOf(events: readonly ProfileEvent[]): readonly (readonly ProfiledNode[])[] {
  const runs: ProfiledNode[][] = [];
  let nodes: ProfiledNode[] = [];
  for (const event of events) {
    const node = nodeOf(event);
    if (node) nodes.push(node);
    else if (event.cat === "Session" && event.name === "model_run") {
      runs.push(nodes);
      nodes = [];
    }
  }
  return nodes.length > 0 ? [...runs, nodes] : runs;
}

function nodeOf({ cat, name, dur, args }: ProfileEvent): ProfiledNode | null {
  if (cat !== "Node" || !name.endsWith(kernelTime) || args?.provider === undefined) return null;
  const { provider, op_name: op = "" } = args;
  return { name: name.slice(0, -kernelTime.length), op, provider, milliseconds: dur / 1000, memory: memoryOf(args) };
}

const kernelTime = "_kernel_time";

function memoryOf(args: NonNullable<ProfileEvent["args"]>): NodeMemory | null {
  const memory = {
    requested: Number(args.mem_bytes_requested_in_use),
    requestedByNode: Number(args.mem_requested_in_use_delta),
    given: Number(args.mem_bytes_in_use),
    givenToNode: Number(args.mem_in_use_delta),
    mostGiven: Number(args.mem_in_use_peak),
  };
  return Object.values(memory).every(Number.isSafeInteger) ? memory : null;
}
