import { readFileSync, realpathSync, statSync } from "node:fs";
import path from "node:path";
import { ModelFault } from "../inspect/fault.ts";
import { type Model, readModel } from "../inspect/model.ts";
import { openBeside } from "./external-data.ts";
import { exitCodes, Failure, inputOutputFailure } from "./failure.ts";

/** A model that was read, and the file itself where a symbolic link leads to it: its data lie beside that. */
export interface ModelFile {
  /** As it was given. */
  readonly named: string;
  readonly file: string;
  readonly model: Model;
}

/** Throws a ModelFault for what is no model of dnetc, and a Failure for what cannot be read. */
export function readModelFile(named: string): ModelFile {
  const { file, bytes } = bytesOf(named);
  return { named, file, model: readModel(bytes, openBeside(path.dirname(file))) };
}

/** The files in which values of a model lie beside it. */
export function filesBeside({ file, model }: ModelFile): readonly string[] {
  const locations = [...model.graph.initializers.values()].flatMap(({ place }) => place?.location ?? []);
  return [...new Set(locations)].map((location) => path.resolve(path.dirname(file), location));
}

function bytesOf(named: string): { readonly file: string; readonly bytes: Uint8Array } {
  try {
    const file = realpathSync(named);
    const stats = statSync(file);
    if (stats.isDirectory())
      throw new Failure(exitCodes.inputOutput, `cannot read ${named}: it is a folder, not a file`);
    if (!stats.isFile()) throw new Failure(exitCodes.inputOutput, `cannot read ${named}: it is no ordinary file`);
    if (stats.size > largestModel) {
      const [size, most] = [stats.size, largestModel].map((bytes) => bytes.toLocaleString("en-US"));
      throw new ModelFault("model-too-large", `it has ${size} bytes, and an ONNX file ends at ${most}`);
    }
    return { file, bytes: readFileSync(file) };
  } catch (error) {
    if (error instanceof ModelFault) throw error;
    throw inputOutputFailure(`read ${named}`, error);
  }
}

/** Protobuf counts the bytes of a message in a signed integer of 32 bits. */
const largestModel = 0x7fff_ffff;
