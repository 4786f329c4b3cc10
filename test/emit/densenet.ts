import type { Activation, Architecture } from "../../src/compiler/ir.ts";
import { batchnorm, conv, Network } from "./network.ts";

/** DenseNet-121 for 224×224 images by the names of its published weights, put together by hand. */
export function denseNet121(): Architecture {
  const network = new Network([3, 224, 224]);
  let side = 112;
  let channels = 64;
  const norm = (x: Activation, path: string) => {
    const [c] = x.shape as readonly [number, number, number];
    return network.apply("batchnorm", batchnorm(c), [x], x.shape, path);
  };
  const relu = (x: Activation, path: string) => network.apply("relu", {}, [x], x.shape, path);
  const convolve = (x: Activation, to: number, kernel: number, path: string) => {
    return network.apply("conv", conv(x.shape[0] as number, to, kernel), [x], [to, side, side], path);
  };
  const stem = conv(3, 64, 7, { stride: [2, 2] });
  let x = network.apply("conv", stem, [network.input], [64, 112, 112], "features.conv0");
  x = relu(norm(x, "features.norm0"), "features.relu1");
  side = 56;
  const pool = { kernel: [3, 3], stride: [2, 2], pad: [1, 1, 1, 1], extra: [0, 0] } as const;
  x = network.apply("maxpool", pool, [x], [64, 56, 56], "features.maxpool1");
  for (const [b, layers] of [6, 12, 24, 16].entries()) {
    const block = `features.denseblock${b + 1}`;
    for (let l = 1; l <= layers; l++) {
      const path = `${block}.denselayer${l}`;
      const bottleneck = convolve(relu(norm(x, `${path}.norm1`), `${path}.relu1`), 128, 1, `${path}.conv1`);
      const added = convolve(relu(norm(bottleneck, `${path}.norm2`), `${path}.relu2`), 32, 3, `${path}.conv2`);
      channels += 32;
      x = network.apply("concat", {}, [x, added], [channels, side, side], `${block}.concat${l}`);
    }
    if (b === 3) break;
    const path = `features.transition${b + 1}`;
    channels /= 2;
    x = convolve(relu(norm(x, `${path}.norm`), `${path}.relu1`), channels, 1, `${path}.conv`);
    side /= 2;
    const halve = { kernel: [2, 2], stride: [2, 2], pad: [0, 0, 0, 0], extra: [0, 0], countpad: true } as const;
    x = network.apply("avgpool", halve, [x], [channels, side, side], `${path}.avgpool1`);
  }
  x = relu(norm(x, "features.norm5"), "features.relu2");
  x = network.apply("globalavgpool", {}, [x], [1024, 1, 1], "globalavgpool1");
  x = network.apply("linear", { inFeatures: 1024, features: 1000, bias: true }, [x], [1000], "classifier");
  return network.architecture(x, { name: "DenseNet121", doc: "DenseNet-BC for ImageNet." });
}
