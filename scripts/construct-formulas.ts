import type { ConstructName } from "../src/compiler/constructs.ts";
import type { Formulas } from "./layer-formulas.ts";

const join = (name: string, shape: string, example: string, uses: readonly string[]): Formulas => ({
  shape: `${shape}; \`${name}(a, …)\` joins the current tensor with named ones`,
  uses,
  example,
});

export const constructFormulas: Readonly<Record<ConstructName, Formulas>> = {
  dense: {
    shape: "[k0, h, w] → [k0 + k·n, h, w]; without `keep` [k·n, h, w]",
    parameters:
      "(2 + 9k/groups)·S, and with `bottleneck` (2 + w)·S + n·w·(2 + 9k/groups), w = b·k; S = n·k0 + k·n·(n − 1)/2",
    macs: "h·w · 9k/groups·S, and with `bottleneck` h·w · (w·S + n·w·9k/groups)",
    uses: ["dense(1, 32)", "dense(1, 32, bottleneck = 4)"],
    example: `let s = 6 * 64 + 32 * 6 * 5 / 2
dense(6, 32, bottleneck = 4)
expect channels == 64 + 6 * 32
expect params == (2 + 128) * s + 6 * 128 * (2 + 9 * 32)`,
  },
  transition: {
    shape: "[m, h, w] → [⌊θ·m⌋, ⌊h/2⌋, ⌊w/2⌋]",
    parameters: "2·m + m·⌊θ·m⌋",
    macs: "h·w · m·⌊θ·m⌋",
    uses: ["transition(0.5)"],
    example: `transition(0.5)
expect channels == 32 and height == 28
expect params == 2 * 64 + 64 * 32`,
  },
  residual: {
    shape: "of the body, which must be that of x or of the shortcut",
    uses: ["residual { }"],
    example: `residual { conv(3x3, 128, stride = 2) batchnorm } shortcut { conv(1x1, 128, stride = 2) batchnorm }`,
  },
  gate: {
    shape: "[c, h, w] → [c, h, w]; the body makes that, [c], [c, 1, 1] or [1, h, w]",
    uses: ["gate { sigmoid }", "gate { globalavgpool linear(64) sigmoid }"],
    example: "gate { globalavgpool conv(1x1, 4) relu conv(1x1, 64) sigmoid }",
  },
  concat: join(
    "concat",
    "[c1, h, w], [c2, h, w], … → [c1 + c2 + …, h, w]",
    `concat { branch { conv(1x1, 32) } branch { conv(3x3, 64) } branch { } }
expect channels == 32 + 64 + 64`,
    ["concat { branch { } branch { } }"],
  ),
  add: join("add", "all alike, and the result like them", "relu -> x conv(3x3, 64) add(x)", [
    "add { branch { } branch { } }",
  ]),
  mean: join(
    "mean",
    "all alike, and the result like them",
    "mean { branch { conv(3x3, 64) } branch { conv(5x5, 64) } }",
    ["mean { branch { } branch { } }"],
  ),
  mul: join(
    "mul",
    "that of the largest; [c], [c, 1, 1] and [1, h, w] are stretched over [c, h, w]",
    "sigmoid -> t conv(3x3, 64) mul(t)",
    ["mul { branch { } branch { } }"],
  ),
  branch: {
    shape: "what its layers make of the tensor that enters the join",
    uses: [],
    example: "concat { narrow: branch { conv(1x1, 32) } wide: branch { conv(5x5, 32) } }",
  },
  standardize: {
    shape:
      "of its body. The weights of every convolution in it become (w − mean)/√(var + eps), for each output channel",
    uses: ["standardize { conv(3x3, 64) }"],
    example: `standardize { conv(3x3, 64) groupnorm(32) relu }
expect params == 64 * 64 * 9 + 2 * 64`,
  },
};
