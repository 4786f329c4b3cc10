import { layers } from "../layers/registry.ts";

/** What other frameworks call a layer, in lower case without `2d`, and what it is called here. */
const foreignNames: Readonly<Record<string, string>> = {
  conv: "conv",
  convolution: "conv",
  convtranspose: "deconv",
  conv2dtranspose: "deconv",
  syncbatchnorm: "batchnorm",
  globalmaxpooling: "globalmaxpool",
  batchnorm: "batchnorm",
  batchnormalization: "batchnorm",
  bn: "batchnorm",
  groupnorm: "groupnorm",
  gn: "groupnorm",
  localresponsenorm: "lrn",
  relu: "relu",
  leakyrelu: "leakyrelu",
  swish: "silu",
  silu: "silu",
  hardswish: "hardswish",
  hswish: "hardswish",
  maxpool: "maxpool",
  maxpooling: "maxpool",
  avgpool: "avgpool",
  averagepool: "avgpool",
  averagepooling: "avgpool",
  globalaveragepool: "globalavgpool",
  globalaveragepooling: "globalavgpool",
  gap: "globalavgpool",
  adaptiveavgpool: "adaptiveavgpool",
  dense: "dense",
  fc: "linear",
  fullyconnected: "linear",
  linear: "linear",
  cat: "concat",
  concatenate: "concat",
  sum: "add",
  multiply: "mul",
  stochasticdepth: "droppath",
  channelshuffle: "shuffle",
  interpolate: "upsample",
  denseblock: "dense",
  skip: "residual",
};

/** What other frameworks call an argument, in lower case, and what it is called here. */
const foreignArguments: Readonly<Record<string, string>> = {
  padding: "pad",
  kernel_size: "kernel",
  out_channels: "channels",
  filters: "channels",
  strides: "stride",
  out_features: "features",
  units: "features",
  output_padding: "outpad",
  ceil_mode: "ceil",
  count_include_pad: "countpad",
  num_groups: "groups",
  negative_slope: "slope",
  scale_factor: "factor",
  p: "rate",
  use_bias: "bias",
  growth_rate: "growth",
  num_layers: "layers",
  bn_size: "bottleneck",
  drop_rate: "dropout",
};

/** What other languages have a function for, and how it is written here. */
const foreignFunctions: Readonly<Record<string, string>> = {
  range: "0..n",
  enumerate: "for x in list as i",
  int: "floor(…)",
  pow: "a ^ b",
  reversed: "reverse(…)",
  ceiling: "ceil(…)",
};

/** How another language's function is written here; null where that is not known. */
export function foreignFunction(name: string): string | null {
  return foreignFunctions[name] ?? null;
}

/** Our name for what another framework calls an argument; null where there is none. */
export function foreignArgument(name: string): string | null {
  return foreignArguments[name.toLowerCase()] ?? null;
}

/** Our name for what another framework calls `name`; null where there is none. */
export function foreignLayer(name: string): string | null {
  const plain = name
    .toLowerCase()
    .replaceAll("_", "")
    .replace(/[12]d$/, "");
  return foreignNames[plain] ?? (layers.has(plain) ? plain : null);
}
