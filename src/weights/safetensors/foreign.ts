import { WeightsFault } from "../fault.ts";

const convert = `convert it once, in Python:
  import torch; from safetensors.torch import save_file
  state = torch.load("model.pth", map_location="cpu", weights_only=True)
  save_file({name: value.contiguous() for name, value in state.items()}, "model.safetensors")`;

/** Refuses what is given as weights and is something else, by how it begins. Throws a WeightsFault. */
export function refuseForeign(beginning: Uint8Array): void {
  if (begins(beginning, [0x50, 0x4b, 3, 4])) {
    const message = "it is a zip archive, as torch.save and numpy.savez write, and no safetensors file";
    throw new WeightsFault("weights-pickle", message, convert);
  }
  if (beginning[0] === 0x80 && (beginning[1] ?? 0) >= 2 && (beginning[1] ?? 0) <= 5) {
    const message = "it is a pickle, as old versions of torch.save write, and may run anything when it is read";
    throw new WeightsFault("weights-pickle", message, convert);
  }
  const known = beginnings.find(([bytes]) => begins(beginning, bytes));
  if (known) throw new WeightsFault("weights-not-safetensors", `it is ${known[1]}, and no safetensors file`);
}

const beginnings: readonly (readonly [readonly number[], string])[] = [
  [[0x89, 0x48, 0x44, 0x46], "an HDF5 file, as Keras writes"],
  [[0x93, 0x4e, 0x55, 0x4d], "an array of NumPy"],
  [[0x47, 0x47, 0x55, 0x46], "a GGUF file"],
  [[0x1f, 0x8b], "compressed with gzip"],
];

function begins(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}
