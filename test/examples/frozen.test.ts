import { createHash } from "node:crypto";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { count } from "../../src/compiler/count.ts";
import type { Architecture } from "../../src/compiler/ir.ts";
import { type EmitOptions, emit } from "../../src/emit/emit.ts";
import { type InitialiseOptions, initialise } from "../../src/weights/initialise.ts";
import { compileFile } from "../compiling.ts";
import { defaults } from "../emit/running.ts";

interface Model {
  readonly file: string;
  readonly network: string;
  readonly options?: Partial<EmitOptions>;
  readonly weights?: Partial<InitialiseOptions>;
}

/**
 * The bytes of a model are a function of the program and the options, on every machine, in every folder and with every
 * version of Node.js. A change here changes the files of every user: it belongs into the changelog.
 */
const frozen: readonly (readonly [sha256: string, model: Model])[] = [
  [
    "9b2f3d353aa4732315137e9e0501e2583223717165adf9e51e7c47a01f724eb1",
    { file: "densenet-121-plain", network: "DenseNet121" },
  ],
  [
    "97fad083317bf5179ad1a32cc691eea77c0ed712060a70cd2e094afb0e261190",
    { file: "densenet-121-plain", network: "DenseNet121", options: { fold: true, batch: 8 }, weights: { seed: 7 } },
  ],
  [
    "b7687f23dcd0fe0c2ee73e4fa0f64d8fb8048017a82b36e0b40afb137b851fad",
    { file: "densenet-bc", network: "DenseNetBC", options: { opset: 21 } },
  ],
  [
    "8a8552cb4e0cf04e383677aa7587112beefbe0d5d6651646ac83e210c2a1e4f7",
    { file: "resnet", network: "ResNet50", options: { opset: 13 }, weights: { init: "zeros" } },
  ],
  [
    "bec378578c5f583f2b78588b5ada64501039c3eec01a755cbf8eef7305cb8182",
    { file: "efficientnet", network: "EfficientNet", weights: { seed: 2n ** 63n } },
  ],
  [
    "213cad596509e82e41920735df9931eb3696d0078396246ca26f7eebfab3b558",
    { file: "tiramisu", network: "Tiramisu", options: { opset: 18 } },
  ],
  [
    "72799d3f0608a5d51a6895c45c3403d11abe3bc8b34c042ad2cdf29953a6ecf9",
    { file: "densenet-bc", network: "DenseNetBC", options: { dtype: "f16", fold: true } },
  ],
  [
    "c8c3e571624f44f320004285c3b20f257764236297e15bb27e23251fb323be63",
    { file: "efficientnet", network: "EfficientNet", options: { dtype: "bf16" } },
  ],
];

describe("the bytes of a model", () => {
  it.each(frozen)("%s", (sha256, { file, network, options = {}, weights = {} }) => {
    const path = join(import.meta.dirname, "..", "fixtures", "ok", `${file}.dnet`);
    const architecture = compileFile(path, undefined, { network }).architectures[0] as Architecture;
    const { params, macs } = count(architecture);
    const init: InitialiseOptions = { init: "he", seed: 0, ...weights };
    const provenance = { version: "0.0.0", sourceHash: "00", ...init, params, macs };
    const model = emit(architecture, initialise(architecture, init), { ...defaults, ...options, provenance });
    const hash = createHash("sha256");
    for (const chunk of model.chunks) hash.update(chunk);
    expect(hash.digest("hex")).toBe(sha256);
  });
});
