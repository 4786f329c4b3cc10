import { compile } from "../src/compiler/compile.ts";
import { lower } from "../src/emit/lower.ts";
import { initialise } from "../src/weights/initialise.ts";

const first = 13;
const usual = 17;
const last = 21;

/** The ONNX nodes that a use of a layer becomes: those of the usual opset, then where others differ. */
export function nodesOf(use: string): string {
  const usually = nodesAt(use, usual);
  const remarks: string[] = [];
  for (let opset = usual + 1; opset <= last; opset++) {
    const here = nodesAt(use, opset);
    if (here !== nodesAt(use, opset - 1)) remarks.push(`from opset ${opset} ${here}`);
  }
  for (let opset = usual - 1; opset >= first; opset--) {
    const here = nodesAt(use, opset);
    if (here !== nodesAt(use, opset + 1)) remarks.push(`up to opset ${opset} ${here}`);
  }
  return [usually, ...remarks].join("; ");
}

function nodesAt(use: string, opset: number): string {
  // A network must do something: what `use` does follows a Relu.
  const text = `network Page { input image[64, 56, 56] relu ${use} }`;
  const { architectures, diagnostics } = compile({ path: "layers-page", text });
  const [architecture] = architectures;
  if (!architecture) throw new Error(`${text}: ${diagnostics.map((one) => one.message).join()}`);
  const { nodes } = lower(architecture, initialise(architecture, { init: "zeros", seed: 0 }), opset);
  const types = nodes.slice(1).map(({ type }) => type);
  return types.length === 0 ? "no node" : types.map((type) => `\`${type}\``).join(", ");
}
