import { WeightsFault } from "../fault.ts";

/** Refuses what PyTorch writes by itself, by how it begins, since there is a way from that. Throws a WeightsFault. */
export function refusePickle(beginning: Uint8Array): void {
  const [first, second = 0, third, fourth] = beginning;
  if (first === 0x50 && second === 0x4b && third === 3 && fourth === 4) {
    throw new WeightsFault("weights-pickle", "it is a zip archive, as torch.save and numpy.savez write", convert);
  }
  if (first === 0x80 && second >= 2 && second <= 5) {
    throw new WeightsFault("weights-pickle", "it is a pickle, as torch.save wrote before PyTorch 1.6", convert);
  }
}

const convert = `convert it in Python, once:
import torch; from safetensors.torch import save_file
state = torch.load("model.pth", map_location="cpu", weights_only=True)
save_file({name: value.contiguous() for name, value in state.items()}, "model.safetensors")`;
