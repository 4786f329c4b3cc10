import { isOnnx, isSafetensors } from "../inspect/seeming-kind.ts";
import { exitCodes, Failure } from "./failure.ts";

/** The kinds of files that other commands, or options, take. */
const kinds: readonly {
  is(bytes: Uint8Array): boolean;
  readonly kind: string;
  help(path: string): string;
}[] = [
  {
    is: isOnnx,
    kind: "an ONNX model",
    help: (path) =>
      `\`dnetc verify ${path} --against net.dnet\` compares it with one\n\`dnetc weights\` and \`dnetc bench\` take it by a name that ends in .onnx`,
  },
  {
    is: isSafetensors,
    kind: "a safetensors file",
    help: (path) => `\`dnetc compile net.dnet --weights ${path}\` takes its weights`,
  },
];

/** That a file is no text, as a Failure: of what dnetc takes elsewhere, which command does. */
export function notProgram(path: string, bytes: Uint8Array, reason: string): Failure {
  const found = kinds.find(({ is }) => is(bytes));
  const what = found ? `it is ${found.kind}, not a program` : reason;
  return new Failure(exitCodes.inputOutput, `cannot read ${path}: ${what}`, found?.help(path) ?? "");
}
