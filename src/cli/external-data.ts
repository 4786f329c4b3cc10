import { closeSync, openSync, readSync, realpathSync, type Stats, statSync } from "node:fs";
import path from "node:path";
import { ModelFault } from "../inspect/fault.ts";
import type { OpenPlace } from "../inspect/stored-tensor.ts";
import { reasonOf } from "./failure.ts";

/**
 * How the values that lie beside a model in `folder` are read: only from ordinary files inside that folder, wherever
 * symbolic links lead, and only from files of one name, since another could be anywhere. Nothing is read before the
 * values are asked for, and then only they.
 */
export function openBeside(folder: string): OpenPlace {
  return (tensor, { location, offset, length }) => {
    const file = path.resolve(folder, location);
    const where = `${tensor} lies in ${location}`;
    if (!isInside(file, folder) || /^[A-Za-z]:|\\/.test(location)) throw outside(where);
    const { real, stats } = follow(file, where);
    if (!isInside(real, realpathSync(folder))) throw outside(`${where}, a link`);
    if (!stats.isFile()) throw new ModelFault("model-external-not-file", `${where}, which is no ordinary file`);
    if (stats.nlink > 1) {
      throw new ModelFault("model-external-link", `${where}, a file that has another name, too (a hard link)`);
    }
    if (offset + length > stats.size) throw tooShort(where, offset + length, stats.size);
    return () => readRange(real, offset, length, where);
  };
}

function isInside(file: string, folder: string): boolean {
  const way = path.relative(folder, file);
  return way !== "" && way !== ".." && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

function outside(where: string): ModelFault {
  return new ModelFault("model-external-outside", `${where}, which is outside the folder of the model`);
}

function tooShort(where: string, needed: number, size: number): ModelFault {
  return new ModelFault("model-external-short", `${where} up to byte ${needed}, and the file has ${size}`);
}

function follow(file: string, where: string): { readonly real: string; readonly stats: Stats } {
  try {
    const real = realpathSync(file);
    return { real, stats: statSync(real) };
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === null) throw error;
    throw new ModelFault("model-external-missing", `${where}: ${reason}`);
  }
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
