import type { Code } from "../../src/compiler/diagnostics.ts";
import { wrong } from "./breakage.ts";

/** One rule broken by a declaration, beside a program that is right. */
export interface BrokenFile {
  readonly code: Code;
  /** Before the other declarations of the main file. */
  readonly text: string;
  /** Further files. */
  readonly files?: Readonly<Record<string, string>>;
  readonly dims?: Readonly<Record<string, string>>;
}

const input = "input image[3, 8, 8]";

export const brokenFiles: Readonly<Record<string, BrokenFile>> = {
  "two of one name": {
    code: "duplicate-name",
    text: `block Twice { relu }\nblock ${wrong("Twice", "Again")} { tanh }`,
  },
  "parameter twice": { code: "duplicate-name", text: `block Pair(a, ${wrong("a", "b")}) { relu }` },
  "small letter": { code: "capital-needed", text: `block ${wrong("small", "Small")} { relu }` },
  "block in itself": { code: "recursion", text: `block Self { residual { ${wrong("Self", "relu")} } }` },
  "blocks in a circle": {
    code: "recursion",
    text: `block First { Second }\nblock Second { ${wrong("First", "relu")} }`,
  },
  "function in itself": { code: "recursion", text: `fn again(n) = ${wrong("again(n - 1)", "n")}` },
  "value in itself": { code: "recursion", text: `let round_ = ${wrong("round_ + 1", "1")}` },
  "variant of itself": { code: "recursion", text: `network Own = ${wrong("Own", "Random")}` },
  "file that is not there": {
    code: "import-not-found",
    text: `import { Gone } from ${wrong('"./gone.dnet"', '"./more.dnet"')}`,
    files: { "more.dnet": "block Gone { relu }" },
  },
  "path that is none": {
    code: "import-path",
    text: `import { Gone } from ${wrong('"/gone.dnet"', '"./more.dnet"')}`,
    files: { "more.dnet": "block Gone { relu }" },
  },
  "library that is not there": {
    code: "import-not-found",
    text: `import { DenseNet } from ${wrong('"std/densnet"', '"std/densenet"')}`,
  },
  "name that is not in the file": {
    code: "import-unknown",
    text: `import { ${wrong("Gonee", "Gone")} } from "./more.dnet"`,
    files: { "more.dnet": "block Gone { relu }" },
  },
  "file that imports itself": {
    code: "import-cycle",
    text: `import { Gone } from ${wrong('"./test.dnet"', '"./more.dnet"')}`,
    files: { "more.dnet": "block Gone { relu }" },
  },
  "network that is not there": { code: "unknown-network", text: `network Other = ${wrong("Randon", "Random")}` },
  "block as a network": {
    code: "unknown-network",
    text: `block Part { relu }\nnetwork Other = ${wrong("Part", "Random")}`,
  },
  "parameter that is not there": {
    code: "unknown-argument",
    text: `network Other = Random${wrong("(depths = 3)", "()")}`,
  },
  "layers in a variant": { code: "variant-body", text: `network Other = Random { ${wrong("relu", "")} }` },
  "contract of a variant": {
    code: "expect-failed",
    text: `network Other = Random { expect ${wrong("channels == 0", "channels > 0")} }`,
  },
  "requirement of a variant": {
    code: "require-failed",
    text: `network Other = Random { require ${wrong("channels < 1", "channels > 0")} }`,
  },
  "network without input": {
    code: "input-missing",
    text: `network ${wrong("Other { relu }", `Other { ${input} relu }`)}`,
  },
  "network as a layer": {
    code: "not-a-layer",
    text: `network Inner { ${input} relu }\nnetwork Other { ${input} ${wrong("Inner", "relu")} }`,
  },
  "two inputs": { code: "input-twice", text: `network Other { ${input} ${wrong("input again[3, 8, 8]", "")} relu }` },
  "input behind a layer": {
    code: "input-misplaced",
    text: `network Other { ${wrong(`relu ${input}`, `${input} relu`)} }`,
  },
  "input of two sizes": { code: "input-rank", text: `network Other { ${wrong("input image[3, 8]", input)} relu }` },
  "size called N": { code: "size-named-n", text: `network Other { input image[3, ${wrong("N", "M")}, 8] relu }` },
  "open channels": { code: "channels-symbolic", text: `network Other { input image[${wrong("C", "3")}, 8, 8] relu }` },
  "nothing between input and output": {
    code: "network-empty",
    text: `network ${wrong(`Other { ${input} }`, `Other { ${input} relu }`)}`,
  },
  "input as an output": {
    code: "output-is-input",
    text: `network Other { ${input} ${wrong("output same_again", "")} relu }`,
  },
  "layer outside": { code: "outside-network", text: wrong("relu", "") },
  "brace that closes nothing": { code: "unmatched-close", text: `block Closed { relu } ${wrong("}", "")}` },
  "value without a tensor": { code: "no-tensor-here", text: `let size_ = ${wrong("channels", "3")}` },
  "symbol in a condition": {
    code: "size-needed",
    text: `network Other { input image[3, M, 8] if ${wrong("M > 8", "true")} { relu } }`,
  },
  "assumption of no form": {
    code: "require-undecided",
    text: `network Other { input image[3, M, 8] require ${wrong("M * M > 9", "M > 3")} relu }`,
  },
  "assumption broken from outside": {
    code: "require-failed",
    text: `network Other { input image[3, M, 8] require ${wrong("M % 4 == 0", "M % 2 == 0")} relu }`,
    dims: { M: "6" },
  },
};
