import { existsSync } from "node:fs";
import path from "node:path";
import type { Device, Outcome } from "./device.ts";
import { RuntimeMissing } from "./load-runtime.ts";
import { writtenTo } from "./native-output.ts";

/** Why a model does not run on a device. */
export type Refusal = Exclude<Outcome, { readonly kind: "ran" }>;

/**
 * Tells a device that is not there from a model that it refuses, by what ONNX Runtime has thrown and, where this is a
 * process to run models in, by what native code has printed.
 */
export function refusalOf(error: unknown, device: Device, printed: string = writtenTo(2)): Refusal {
  const reason = error instanceof Error ? error.message : String(error);
  if (error instanceof RuntimeMissing)
    return { kind: "unavailable", reason: "ONNX Runtime cannot be loaded", help: howToInstall };
  if (lacksKernels(error)) {
    const some = `ONNX Runtime has no kernel on ${device} for some of its layers`;
    return { kind: "failed", reason: `${some}; \`dnetc verify --device ${device}\` names them` };
  }
  if (lacksFloat16(error)) {
    const lack = "the device has no arithmetic in float16 (WebGPU calls it shader-f16), in which the model computes";
    return { kind: "failed", reason: `${lack}; \`--device cpu\` runs it` };
  }
  return absence(device, `${reason}\n${printed}`) ?? { kind: "failed", reason: oneLine(reason) };
}

/** ONNX Runtime refuses a model of which it would run nodes on the CPU, and does not say which. */
export function lacksKernels(error: unknown): boolean {
  return error instanceof Error && error.message.includes("fallback to CPU EP has been explicitly disabled");
}

function lacksFloat16(error: unknown): boolean {
  return error instanceof Error && /requires f16 but the device does not support it/.test(error.message);
}

const howToInstall = "install it where dnetc is installed: npm install onnxruntime-node";

function absence(device: Device, words: string): Refusal | null {
  for (const one of absences[device]) {
    const found = one.words.exec(words);
    if (found) return { kind: "unavailable", ...one.means(found[1] ?? "") };
  }
  return null;
}

/** Words that say that a device is not there, and what they mean; `means` gets what stands in the brackets. */
interface Absence {
  readonly words: RegExp;
  means(detail: string): { readonly reason: string; readonly help: string };
}

/** The words are those of ONNX Runtime, of Dawn, which is its WebGPU, of the Vulkan loader and of CUDA. */
const absences: Readonly<Record<Device, readonly Absence[]>> = {
  cpu: [],
  webgpu: [
    notBuiltFor("webgpu"),
    {
      words: /Couldn't load Vulkan: (.+)/,
      means: (detail) => ({
        reason: `the Vulkan loader cannot be loaded: ${detail}`,
        help: `install it (Debian and Ubuntu: apt-get install libvulkan1), and ${vulkanDriver()}`,
      }),
    },
    {
      words: /Warning: (\S+: cannot open shared object file)(?=.*Found no drivers)/s,
      means: (detail) => ({ reason: `the Vulkan driver cannot be loaded: ${detail}`, help: vulkanDriver() }),
    },
    {
      words: /Found no drivers/,
      means: () => missingDriverFile() ?? { reason: "there is no Vulkan driver", help: vulkanDriver() },
    },
    {
      words: /Warning: (.+)\n.*While initializing adapter/,
      means: (detail) => ({
        reason: `the Vulkan driver lacks what WebGPU needs: ${detail.replace(/\.$/, "")}`,
        help: "install a newer driver",
      }),
    },
    {
      words: /Failed to get a WebGPU adapter|No supported adapters/,
      means: () => ({ reason: "there is no adapter for WebGPU", help: vulkanDriver() }),
    },
  ],
  cuda: [
    notBuiltFor("cuda"),
    {
      words:
        /Failed to load library (\S+)\/bin\/\S+\/libonnxruntime_providers_\w+\.so with error: \S+onnxruntime_providers/,
      means: (folder) => ({
        reason: "the CUDA part of ONNX Runtime is not installed",
        help: `run \`node ${folder}/script/install.js --onnxruntime-node-install\`; it needs ${cudaStack}`,
      }),
    },
    {
      words: /with error: (lib\S+): cannot open shared object file/,
      means: (library) => ({
        reason: `ONNX Runtime cannot load ${library}`,
        help: `install ${cudaStack}; where they are in a folder of their own, name that in LD_LIBRARY_PATH`,
      }),
    },
    {
      words: /(CUDA driver version is insufficient|no CUDA-capable device)/,
      means: (detail) => ({ reason: `CUDA finds no GPU: ${detail}`, help: `install ${cudaStack}` }),
    },
    {
      words: /shared library/,
      means: () => ({ reason: "the CUDA libraries of ONNX Runtime cannot be loaded", help: `install ${cudaStack}` }),
    },
  ],
};

const cudaStack = "an NVIDIA driver, CUDA 12 and cuDNN 9";

function notBuiltFor(device: Device): Absence {
  return {
    words: /backend not found/,
    means: () => ({
      reason: `ONNX Runtime for ${process.platform}/${process.arch} is built without ${device}`,
      help: "`--device auto` takes the best device that there is",
    }),
  };
}

function vulkanDriver(): string {
  const driver = "install the driver of the GPU";
  if (process.platform !== "linux") return driver;
  const set = `set VK_DRIVER_FILES=${softwareAdapter}`;
  return existsSync(softwareAdapter)
    ? `${driver}; or run on this machine's software adapter: ${set}`
    : `${driver}; or for a software adapter install Debian's chromium and ${set}`;
}

/** Of the files in which the Vulkan loader is told to look, and nowhere else, one that is not there. */
function missingDriverFile(): { readonly reason: string; readonly help: string } | null {
  for (const variable of ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"]) {
    const missing = process.env[variable]?.split(path.delimiter).find((file) => file !== "" && !existsSync(file));
    if (missing !== undefined) {
      return {
        reason: `${variable} names ${missing}, which is not there`,
        help: "name the file of a Vulkan driver, or unset it",
      };
    }
  }
  return null;
}

/** SwiftShader, as Debian's browser brings it. */
const softwareAdapter = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** Without the place in the source of ONNX Runtime, and in one line. */
function oneLine(reason: string): string {
  return reason
    .replace(/\S*onnxruntime_src\S*/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 400);
}
