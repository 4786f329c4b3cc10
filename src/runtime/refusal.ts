import type { Device, Outcome } from "./device.ts";
import { RuntimeMissing } from "./load-runtime.ts";

/** Why a model does not run on a device. */
export type Refusal = Exclude<Outcome, { readonly kind: "ran" }>;

/** Tells a device that is not there from a model that it refuses, by what ONNX Runtime has thrown. */
export function refusalOf(error: unknown, device: Device): Refusal {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof RuntimeMissing)
    return { kind: "unavailable", reason: "ONNX Runtime cannot be loaded", help: howToInstall };
  return absence(device, reason) ?? { kind: "failed", reason: oneLine(reason) };
}

const howToInstall = "install it where dnetc is installed: npm install onnxruntime-node";

/** What the words of a driver mean, where they say that the device is not there. */
function absence(device: Device, reason: string): Refusal | null {
  const found = absences.find((one) => one.device === device && one.words.test(reason));
  return found ? { kind: "unavailable", reason: found.reason, help: found.help } : null;
}

const absences: readonly {
  readonly device: Device;
  readonly words: RegExp;
  readonly reason: string;
  readonly help: string;
}[] = [
  {
    device: "cuda",
    words: /shared library|libonnxruntime_providers|CUDA driver|no CUDA-capable device|cudart|libcu/i,
    reason: "the CUDA libraries of ONNX Runtime, or a CUDA driver, are missing",
    help: "install an NVIDIA driver, CUDA 12 and cuDNN 9, then run `npx onnxruntime-node-install --cuda`",
  },
  {
    device: "webgpu",
    words: /WebGPU adapter|No supported adapters|Vulkan/i,
    reason: "there is no adapter for WebGPU",
    help: "install a Vulkan driver and its loader (Debian: libvulkan1 and mesa-vulkan-drivers, or the driver of the card)",
  },
];

/** Without the place in the source of ONNX Runtime, and in one line. */
function oneLine(reason: string): string {
  return reason
    .replace(/\S*onnxruntime_src\S*/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 400);
}
