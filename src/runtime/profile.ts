import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** One node as ONNX Runtime ran it, after its own fusions. */
export interface ProfiledNode {
  readonly name: string;
  /** Its operator: of a convolution in a layout of ONNX Runtime's own, too, that of ONNX. */
  readonly op: string;
  readonly provider: string;
  readonly milliseconds: number;
}

/** From the profile that a session has left in a folder: the nodes of each run, in the order in which they ran. */
export function profiledRuns(folder: string): readonly (readonly ProfiledNode[])[] {
  const file = readdirSync(folder).find((name) => name.startsWith(profilePrefix));
  if (!file) throw new Error("ONNX Runtime has written no profile");
  return runsOf(JSON.parse(readFileSync(path.join(folder, file), "utf8")) as readonly ProfileEvent[]);
}

/** What the name of the file begins with. */
export const profilePrefix = "profile";

/** An event as ONNX Runtime writes it; durations are in microseconds. */
export interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args?: { readonly provider?: string; readonly op_name?: string };
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
  return { name: name.slice(0, -kernelTime.length), op, provider, milliseconds: dur / 1000 };
}

const kernelTime = "_kernel_time";
