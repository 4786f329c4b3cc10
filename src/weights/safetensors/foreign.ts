import { WeightsFault } from "../fault.ts";
import type { ReadableFile } from "./catalogue.ts";

/** Refuses what PyTorch and NumPy write by themselves, by how it begins, since there is a way from that. Throws a WeightsFault. */
export function refuseForeign(file: ReadableFile, beginning: Uint8Array): void {
  const [first, second = 0, third, fourth] = beginning;
  if (first === 0x50 && second === 0x4b && third === 3 && fourth === 4) {
    if (/\.npy$/.test(firstEntry(file.read(0, Math.min(file.size, longestStart))))) {
      throw new WeightsFault("weights-pickle", "it is an archive of NumPy, a .npz file", fromNumpy(file));
    }
    throw new WeightsFault("weights-pickle", "it is a zip archive, as torch.save writes", fromTorch(file));
  }
  if (first === 0x80 && second >= 2 && second <= 5) {
    throw new WeightsFault("weights-pickle", "it is a pickle, as torch.save wrote before PyTorch 1.6", fromTorch(file));
  }
}

/** The head of an archive, with the name of its first file. */
const longestStart = 256;

function firstEntry(archive: Uint8Array): string {
  const [low = 0, high = 0] = archive.subarray(26, 28);
  return String.fromCharCode(...archive.subarray(30, 30 + low + 256 * high));
}

function fromTorch(file: ReadableFile): string {
  const [from, to] = namesFor(file);
  return `convert it in Python, once:
import torch; from safetensors.torch import save_file
state = torch.load(${from}, map_location="cpu", weights_only=True)
save_file({name: value.contiguous() for name, value in state.items()}, ${to})`;
}

function fromNumpy(file: ReadableFile): string {
  const [from, to] = namesFor(file);
  return `convert it in Python, once:
import numpy as np; from safetensors.numpy import save_file
save_file(dict(np.load(${from})), ${to})`;
}

/** As Python writes them: the name of the file in its folder, and one beside it. */
function namesFor({ file }: ReadableFile): readonly [from: string, to: string] {
  const name = file.replace(/^.*[/\\]/s, "");
  const stem = name.replace(/\.[^.]*$/, "");
  const to = name.endsWith(".safetensors") ? `${stem}-converted.safetensors` : `${stem}.safetensors`;
  return [JSON.stringify(name), JSON.stringify(to)];
}
