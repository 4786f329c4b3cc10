import { mkdtempSync } from "node:fs";
import path from "node:path";
import type { Job } from "./device.ts";
import { feedsOf } from "./feeds.ts";
import { loadRuntime } from "./load-runtime.ts";
import { type ProfiledNode, profiledRuns, profilePrefix } from "./profile.ts";
import { type Refusal, refusalOf } from "./refusal.ts";

/** Names the nodes: the model runs once more, with the CPU for what the device has no kernel for. */
export async function withoutKernel({ file, device, input }: Job, folder: string): Promise<Refusal> {
  const own = mkdtempSync(path.join(folder, "kernels-"));
  try {
    const ort = await loadRuntime();
    const session = await ort.InferenceSession.create(file, {
      executionProviders: [device],
      enableProfiling: true,
      profileFilePrefix: path.join(own, profilePrefix),
      logSeverityLevel: 4,
    });
    await session.run(feedsOf(ort, input));
    session.endProfiling();
    await session.release();
    const nodes = profiledRuns(own).flat();
    const onCpu = nodes.filter(({ provider }) => provider === "CPUExecutionProvider");
    const reason = `ONNX Runtime has no kernel on ${device} for ${listed(onCpu)}; \`--device cpu\` runs it`;
    return { kind: "failed", reason };
  } catch (error) {
    return refusalOf(error, device);
  }
}

/** By operator: LRN (norm1, norm2 and 3 more). */
function listed(nodes: readonly ProfiledNode[]): string {
  const ops = new Set(nodes.map(({ op }) => op));
  const named = [...ops].map((op) => {
    const names = nodes.filter((node) => node.op === op).map(({ name }) => name);
    const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : "";
    return `${op} (${names.slice(0, mostNames).join(", ")}${more})`;
  });
  return named.join(" and ");
}

const mostNames = 3;
