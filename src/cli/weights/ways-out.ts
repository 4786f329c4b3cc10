import { existsSync } from "node:fs";
import path from "node:path";
import type { WeightsReport } from "../../weights/loading/load.ts";
import type { Mismatch } from "../../weights/loading/mismatches.ts";

/** What to do about weights that do not fit: the likeliest thing, or the options that allow it; empty where nothing is known. */
export function waysOut(report: WeightsReport, file: string): string {
  const { errors, fitting, rule, seemFolded } = report;
  if (fitting !== null) {
    const way = fitting.length === 0 ? "no --map" : fitting.map((name) => `--map ${name}`).join(" ");
    return `with ${way}, every tensor is found`;
  }
  const missing = errors.filter(({ kind }) => kind === "missing").length;
  if (missing > 0) {
    const index = indexBeside(file);
    if (index !== null) return `it is one of several files: name ${index}, the index of all`;
  }
  if (seemFolded) {
    return "they seem to be of a model that was compiled with --fold: its normalisations are in its convolutions. Take those of a model without --fold";
  }
  if (rule !== null) {
    const found = rule.found === missing ? `all ${figure(missing)}` : `${figure(rule.found)} of the ${figure(missing)}`;
    return `the rule \`${rule.text}\`, in a file for --map, finds ${found} missing tensors`;
  }
  return options(new Set(errors.map(({ kind }) => kind)));
}

/** The index of the files that one belongs to by its name; null where it belongs to none, or there is no index. */
function indexBeside(file: string): string | null {
  const index = file.replace(/-\d{5}-of-\d{5}\.safetensors$/, ".safetensors.index.json");
  return index !== file && existsSync(path.resolve(index)) ? index : null;
}

function options(kinds: ReadonlySet<Mismatch["kind"]>): string {
  const ways = [
    kinds.has("missing") && kinds.has("unexpected") ? "`--map FILE` renames tensors of the file by rules" : "",
    kinds.has("missing") ? "`--allow-missing PATTERN` lets what the file lacks begin as --init says" : "",
    kinds.has("unexpected") ? "`--allow-unexpected PATTERN` leaves aside what the network does not have" : "",
    kinds.has("shape") ? "`dnetc explain weights-shape` says how a layer with another shape begins anew" : "",
  ];
  return ways.filter((way) => way !== "").join("\n");
}

function figure(count: number): string {
  return count.toLocaleString("en-US");
}
