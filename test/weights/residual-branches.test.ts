import { describe, expect, it } from "vitest";
import type { Architecture, Op } from "../../src/compiler/ir.ts";
import { initialise } from "../../src/weights/initialise.ts";
import { closingNormalisations } from "../../src/weights/residual-branches.ts";
import { compileText } from "../compiling.ts";

const network = (body: string) => `network Net { input image[8, 8, 8] ${body} }`;
const variant = (library: string, base: string) => `import { ${base} } from "std/${library}"\nnetwork Net = ${base}`;

function made(text: string): Architecture {
  return compileText(text).architectures[0] as Architecture;
}

const namesOf = (ops: Iterable<Op>) => [...ops].map(({ name }) => name);

describe("the normalisation that ends a residual branch", () => {
  it.each([
    ["before the sum", "residual { conv(3x3, 8) last: batchnorm } relu", ["last"]],
    ["before what does nothing", "residual { conv(3x3, 8) last: batchnorm dropout(0.5) droppath(0.5) }", ["last"]],
    ["before a path that is dropped", "residual { last: batchnorm droppath(0.5, rescale = false) }", ["last"]],
    ["of groups", "residual { conv(3x3, 8) last: groupnorm(2) }", ["last"]],
    ["in a residual within another", "residual { a: batchnorm residual { conv(1x1, 8) b: batchnorm } }", ["b"]],
    ["in each of two", 'repeat 2 as i { residual { conv(1x1, 8) "{i}": batchnorm } }', ["0", "1"]],
    ["is not that of the shortcut", "residual { conv(3x3, 8) } shortcut { conv(1x1, 8) batchnorm }", []],
    ["is not what stands before the branch", "batchnorm residual { droppath(0.5, rescale = false) }", []],
    ["is not before a convolution or an activation", "residual { batchnorm conv(3x3, 8) batchnorm relu }", []],
    ["has a weight", "residual { conv(3x3, 8) batchnorm(affine = false) }", []],
    ["is not in a branch that is the network itself", "residual(when = false) { conv(3x3, 8) batchnorm }", []],
    ["is not in other sums", "add { branch { conv(3x3, 8) batchnorm } branch { batchnorm } }", []],
  ])("%s", (_, body, names) => {
    expect(namesOf(closingNormalisations(made(network(body))))).toEqual(names);
  });

  it.each([
    ["resnet", "ResNet", /^layer\d\.\d\.bn3$/, 16],
    ["resnet-cifar", "ResNetCIFAR", /^layer\d\.\d\.bn2$/, 9],
    ["stochastic-depth", "StochasticDepth", /^layer\d\.\d+\.bn2$/, 54],
    ["efficientnet", "EfficientNet", /^features\.\d\.\d\.block\.[23]\.1$/, 9],
  ])("of std/%s", (library, base, pattern, count) => {
    const names = namesOf(closingNormalisations(made(variant(library, base))));
    expect(names.filter((name) => pattern.test(name))).toEqual(names);
    expect(names).toHaveLength(count);
  });

  it.each([
    ["resnet-preact", "PreactResNet"],
    ["bit", "BiT"],
    ["densenet", "DenseNet"],
  ])("is not there in std/%s", (library, base) => {
    expect(closingNormalisations(made(variant(library, base))).size).toBe(0);
  });

  it("begins with weight 0 where that is asked for, and no other tensor changes", () => {
    const architecture = made(network("first: batchnorm residual { conv: conv(3x3, 8) last: batchnorm }"));
    const [plain, zeroed] = [false, true].map((zeroInitResidual) => {
      const weights = initialise(architecture, { init: "he", seed: 0, zeroInitResidual });
      return new Map(architecture.tensors.map((tensor) => [tensor.name, [...weights.data(tensor)].map(Number)]));
    });
    expect(plain?.get("last.weight")).toEqual(Array(8).fill(1));
    expect(zeroed).toEqual(new Map([...(plain ?? []), ["last.weight", Array(8).fill(0)]]));
  });
});
