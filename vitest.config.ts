import { readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8")) as { version: string };

/** Files that put modules of their own in the place of Node's, before anything else has loaded those. */
const alone = ["test/cli/put-in-place.test.ts"];

/**
 * Elsewhere a worker reads and warms up the compiler once, for all its files: half of the time otherwise. Files that
 * change what a process has only once, as its folder and environment, put that back.
 */
const projects = [
  { name: "shared", isolate: false, include: ["test/**/*.test.ts"], exclude: alone },
  { name: "alone", isolate: true, include: alone },
];

export default defineConfig({
  define: { DNETC_VERSION: JSON.stringify(version) },
  test: {
    // The default leaves one core idle, which on a machine of two is half of it.
    maxWorkers: "100%",
    testTimeout: process.env.DNETC_DEEP || process.env.DNETC_LARGE ? 1_800_000 : 60_000,
    hookTimeout: 120_000,
    // ONNX Runtime reports its use over the network otherwise.
    env: { ORT_DISABLE_TELEMETRY: "1" },
    projects: projects.map((test) => ({ extends: true, test })),
  },
});
