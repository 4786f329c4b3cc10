import { closeSync, openSync, readSync } from "node:fs";
import { ModelFault } from "../inspect/fault.ts";
import type { OpenPlace } from "../inspect/stored-tensor.ts";
import { reasonOf } from "./failure.ts";
import { exactly } from "./figures.ts";
import { lookUpInside, type Named } from "./inside.ts";

/**
 * How the values that lie beside a model in `folder` are read: only from ordinary files inside that folder, wherever
 * symbolic links lead, and only from files of one name, since another could be anywhere. Nothing is read before the
 * values are asked for, and then only they.
 */
export function openBeside(folder: string): OpenPlace {
  return (tensor, { location, offset, length }) => {
    const where = `${tensor} lies in ${location}`;
    const { real, stats } = requireFile(lookUpInside(folder, location), where);
    if (offset + length > stats.size) throw tooShort(where, offset + length, stats.size);
    return () => readRange(real, offset, length, where);
  };
}

function requireFile(named: Named, where: string): Extract<Named, { kind: "file" }> {
  switch (named.kind) {
    case "file":
      return named;
    case "outside":
      throw outside(named.isLink ? `${where}, a link` : where);
    case "not-file":
      throw new ModelFault("model-external-not-file", `${where}, which is no ordinary file`);
    case "hard-link":
      throw new ModelFault("model-external-link", `${where}, a file that has another name, too (a hard link)`);
    case "missing":
      throw new ModelFault("model-external-missing", `${where}: ${named.reason}`);
  }
}

function outside(where: string): ModelFault {
  return new ModelFault("model-external-outside", `${where}, which is outside the folder of the model`);
}

function tooShort(where: string, needed: number, size: number): ModelFault {
  return new ModelFault(
    "model-external-short",
    `${where} up to byte ${exactly(needed)}, and the file has ${exactly(size)}`,
  );
}

function readRange(file: string, offset: number, length: number, where: string): Uint8Array {
  const values = new Uint8Array(length);
  let at = 0;
  try {
    const open = openSync(file, "r");
    try {
      while (at < length) {
        const read = readSync(open, values, at, Math.min(length - at, largestRead), offset + at);
        if (read === 0) throw tooShort(where, offset + length, offset + at);
        at += read;
      }
    } finally {
      closeSync(open);
    }
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === null) throw error;
    throw new ModelFault("model-external-missing", `${where}: ${reason}`);
  }
  return values;
}

/** The operating system reads no more than 2 GiB at once. */
const largestRead = 2 ** 30;
