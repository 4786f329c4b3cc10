import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Device } from "./device.ts";

/** The name of the GPU that this process runs models on; null on the CPU, and where nothing tells it for certain. */
export function adapterOf(device: Device, printed: string): string | null {
  switch (device) {
    case "cpu":
      return null;
    case "webgpu":
      return vulkanAdapter(printed);
    case "cuda":
      return cudaAdapter("/proc/driver/nvidia/gpus");
  }
}

/** The Vulkan loader names the device that it opens, where VK_LOADER_DEBUG asks for it. */
export function vulkanAdapter(printed: string): string | null {
  return onlyOne([...printed.matchAll(/^LAYER:.* Using "(.+)" with driver: "/gm)].map(([, name]) => name as string));
}

/** CUDA does not say which of several GPUs it takes: only where all bear one name is that known. */
export function cudaAdapter(folder: string): string | null {
  try {
    const cards = readdirSync(folder).map((card) => readFileSync(path.join(folder, card, "information"), "utf8"));
    return onlyOne(cards.map((card) => /^Model:\s*(.+)$/m.exec(card)?.[1]?.trim() ?? ""));
  } catch {
    // No driver of NVIDIA, or another system.
    return null;
  }
}

function onlyOne(names: readonly string[]): string | null {
  const different = new Set(names);
  const [name = ""] = different;
  return different.size === 1 && name !== "" ? name : null;
}
