import { describe, expect, it, vi } from "vitest";
import type { Device } from "../../src/runtime/device.ts";
import { refusalOf } from "../../src/runtime/refusal.ts";

const noAdapter = "… was false. Failed to get a WebGPU adapter: No supported adapters";
const noLibrary = "OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library";
const ort = "/app/node_modules/onnxruntime-node";
const provider = (name: string) => `${ort}/bin/napi-v6/linux/x64/libonnxruntime_providers_${name}.so`;

/** What is thrown and printed where something is missing, word for word, shortened. */
const absences: readonly (readonly [
  device: Device,
  thrown: string,
  printed: string,
  reason: string,
  help: string | RegExp,
])[] = [
  [
    "webgpu",
    noAdapter,
    "Warning: Couldn't load Vulkan: libvulkan.so.1: cannot open shared object file: No such file or directory\n    at operator()",
    "the Vulkan loader cannot be loaded: libvulkan.so.1: cannot open shared object file: No such file or directory",
    /^install it \(Debian and Ubuntu: apt-get install libvulkan1\), and install the driver of the GPU/,
  ],
  [
    "webgpu",
    noAdapter,
    "LAYER:   Found no files\nWarning: vkCreateInstance: Found no drivers!\nWarning: vkCreateInstance failed with VK_ERROR_INCOMPATIBLE_DRIVER\n",
    "there is no Vulkan driver",
    /^install the driver of the GPU; or .*VK_DRIVER_FILES=\/usr\/lib\/chromium\/vk_swiftshader_icd\.json$/,
  ],
  [
    "webgpu",
    noAdapter,
    "Warning: /opt/libvulkan_lvp.so: cannot open shared object file: No such file or directory\nWarning: vkCreateInstance: Found no drivers!\n",
    "the Vulkan driver cannot be loaded: /opt/libvulkan_lvp.so: cannot open shared object file",
    /^install the driver of the GPU/,
  ],
  [
    "webgpu",
    noAdapter,
    "Warning: Vulkan shaderUniform*ArrayDynamicIndexing required.\n - While initializing adapter (backend=BackendType::Vulkan)\n",
    "the Vulkan driver lacks what WebGPU needs: Vulkan shaderUniform*ArrayDynamicIndexing required",
    "install a newer driver",
  ],
  ["webgpu", noAdapter, "", "there is no adapter for WebGPU", /^install the driver of the GPU/],
  [
    "webgpu",
    "no available backend found. ERR: [webgpu] backend not found.",
    "",
    `ONNX Runtime for ${process.platform}/${process.arch} is built without webgpu`,
    "`--device auto` takes the best device that there is",
  ],
  [
    "cuda",
    noLibrary,
    `Failed to load library ${provider("shared")} with error: ${provider("shared")}: cannot open shared object file: No such file`,
    "the CUDA part of ONNX Runtime is not installed",
    `run \`node ${ort}/script/install.js --onnxruntime-node-install\`; it needs an NVIDIA driver, CUDA 12 and cuDNN 9`,
  ],
  [
    "cuda",
    noLibrary,
    `Failed to load library ${provider("cuda")} with error: libcublasLt.so.12: cannot open shared object file: No such file`,
    "ONNX Runtime cannot load libcublasLt.so.12",
    /^install an NVIDIA driver, CUDA 12 and cuDNN 9; where they are in a folder of their own, name that in LD_LIBRARY_PATH$/,
  ],
  [
    "cuda",
    "CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=0 ; hostname=x ;",
    "",
    "CUDA finds no GPU: CUDA driver version is insufficient",
    "install an NVIDIA driver, CUDA 12 and cuDNN 9",
  ],
  ["cuda", noLibrary, "", "the CUDA libraries of ONNX Runtime cannot be loaded", /CUDA 12/],
];

describe("a device that is not there", () => {
  it("webgpu: a driver file that is named, and is not there", () => {
    vi.stubEnv("VK_DRIVER_FILES", "/none.json");
    const reason = "VK_DRIVER_FILES names /none.json, which is not there";
    expect(refusalOf(new Error(noAdapter), "webgpu", "Found no drivers!")).toMatchObject({ reason });
    vi.unstubAllEnvs();
  });

  it.each(absences)("%s: %s %s", (device, thrown, printed, reason, help) => {
    const refusal = refusalOf(new Error(thrown), device, printed);
    expect(refusal).toEqual({
      kind: "unavailable",
      reason,
      help: typeof help === "string" ? help : expect.stringMatching(help),
    });
  });
});

it("a refusal of another kind is told in the words of ONNX Runtime, in one line", () => {
  const thrown = "/onnxruntime_src/onnxruntime/core/x.cc:70 Buffer is\ntoo large";
  expect(refusalOf(new Error(thrown), "webgpu", "")).toEqual({ kind: "failed", reason: "Buffer is too large" });
});

it("layers without a kernel, where they cannot be named", () => {
  const thrown = "assigned to the default CPU EP, but fallback to CPU EP has been explicitly disabled by the user.";
  const reason =
    "ONNX Runtime has no kernel on webgpu for some of its layers; `dnetc verify --device webgpu` names them";
  expect(refusalOf(new Error(thrown), "webgpu", "")).toEqual({ kind: "failed", reason });
});
