import { lstatSync, readdirSync, readFileSync, statSync, unlinkSync } from "node:fs";
import path from "node:path";
import { readModel } from "../../inspect/model.ts";
import { nothingBeside } from "../../inspect/stored-tensor.ts";
import { outputFailure } from "../failure.ts";
import { resolveTarget } from "../write-output.ts";

/**
 * How a file of values beside the model that goes to `target` is called, by a digest of what it holds. Of a symbolic
 * link it is the file that counts. Throws a Failure where no model can be written.
 */
export async function dataFileNames(target: string): Promise<(digest: string) => string> {
  try {
    const { file } = await resolveTarget(target);
    const name = path.basename(file);
    if (portable(name) === name) return (digest) => dataFileName(file, digest);
    const { createHash } = await import("node:crypto");
    // Models whose names differ in other letters alone have no file in common.
    return (digest) => dataFileName(file, createHash("sha256").update(`${digest}\n${name}`).digest("hex"));
  } catch (error) {
    throw outputFailure(target, error);
  }
}

function dataFileName(file: string, digest: string): string {
  return `${portable(path.basename(file))}.${digest.slice(0, digits)}.data`;
}

/** Of what every system and every reader of ONNX takes for a name. */
function portable(name: string): string {
  return name.replaceAll(/[^\w.-]/gu, "_");
}

const digits = 16;

/** Whether a file beside the model `file` is called as dnetc calls its values. */
export function isDataFileOf(file: string, name: string): boolean {
  const start = dataFileName(file, "").slice(0, -".data".length);
  return name.startsWith(start) && /^[0-9a-f]{16}\.data$/.test(name.slice(start.length));
}

/** The file of values that dnetc wrote beside the model `file` that is there now; null where there is none. */
export function dataFileOf(file: string): string | null {
  const isOurs = (name: string) => isDataFileOf(file, name);
  try {
    // Reading a model takes longer than looking whether there can be such a file.
    if (!readdirSync(path.dirname(file)).some(isOurs) || statSync(file).size > largestRead) return null;
    const named = locationOf(readFileSync(file));
    return named !== null && isOurs(named) ? named : null;
  } catch {
    // What cannot be read is no model of ours, and nothing is known to belong to it.
    return null;
  }
}

/** A model that has its values beside it is no larger than its structure. */
const largestRead = 2 ** 28;

function locationOf(model: Uint8Array): string | null {
  const locations = new Set<string>();
  readModel(model, (tensor, place) => {
    locations.add(place.location);
    return () => nothingBeside(tensor, place)();
  });
  const [only, ...others] = locations;
  return only !== undefined && others.length === 0 ? only : null;
}

/** As far as it can be done: what is left over harms nothing. A link is not what dnetc has written. */
export function removeDataFile(file: string): void {
  try {
    if (lstatSync(file).isFile()) unlinkSync(file);
  } catch {}
}
