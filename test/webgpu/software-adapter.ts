import { existsSync } from "node:fs";
import { tmpdir } from "node:os";

/** SwiftShader: a Vulkan driver that computes on the CPU, as Debian's chromium brings it. */
const driver = "/usr/lib/chromium/vk_swiftshader_icd.json";
const loader = "/usr/lib/x86_64-linux-gnu/libvulkan.so.1";

/** Why nothing runs on WebGPU here; null where something does. */
export const missingAdapter: string | null = !existsSync(driver)
  ? `no ${driver}, which Debian's chromium brings`
  : !existsSync(loader)
    ? `no ${loader}, which Debian's libvulkan1 brings`
    : null;

/** For a process that is to find SwiftShader and nothing else. The second name is for a loader before 1.3.207. */
export const adapterEnvironment = {
  VK_DRIVER_FILES: driver,
  VK_ICD_FILENAMES: driver,
  XDG_RUNTIME_DIR: tmpdir(),
} as const;
