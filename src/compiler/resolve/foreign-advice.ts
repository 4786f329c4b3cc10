/** What other frameworks have and this language does in another way, in lower case without `2d`: what to write. */
const layerAdvice: Readonly<Record<string, string>> = {
  sequential: "layers written side by side are a sequence; `name: { … }` gives it a name",
  modulelist: "write a loop: `for c in [64, 128] { … }`",
  identity: "leave it out; in a join an empty `branch { }` is the identity",
  activation: "write the activation itself, such as `relu`",
  prelu: "its slope would be learnt; there are `relu`, `leakyrelu(slope)`, `silu`, `hardswish` and `gelu`",
  elu: "there are `relu`, `leakyrelu(slope)`, `silu`, `hardswish` and `gelu`",
  selu: "there are `relu`, `leakyrelu(slope)`, `silu`, `hardswish` and `gelu`",
  mish: "there are `relu`, `leakyrelu(slope)`, `silu`, `hardswish` and `gelu`",
  softplus: "there are `relu`, `leakyrelu(slope)`, `silu`, `hardswish` and `gelu`",
  layernorm: "there are `batchnorm` and `groupnorm(groups)`",
  layernormalization: "there are `batchnorm` and `groupnorm(groups)`",
  instancenorm: "write `groupnorm(channels)`: a group for each channel",
  zeropadding: "write `pad(n)`, or give the convolution its `pad`",
  zeropad: "write `pad(n)`, or give the convolution its `pad`",
  reflectionpad: "paddings are zeros: `pad(n)`",
  replicationpad: "paddings are zeros: `pad(n)`",
  separableconv: "write both parts: `conv(3x3, channels, groups = channels) conv(1x1, 64)`",
  depthwiseconv: "write `conv(3x3, channels, groups = channels)`",
  pixelshuffle: "there are `deconv(4x4, channels, stride = 2, pad = 1)` and `upsample(2)`",
  view: "`linear` flattens by itself; otherwise write `flatten`",
  reshape: "`linear` flattens by itself; otherwise write `flatten`",
  squeeze: "leave it out: `linear` takes what `globalavgpool` makes",
  parallel: "write `concat { branch { … } branch { … } }`",
  print: "take it away; `dnetc stats` lists every layer with its shape",
  input: "a network begins with `input image[3, 224, 224]`",
};

/** What to write in place of a layer of another framework; null where nothing is known of it. */
export function layerAdviceFor(name: string): string | null {
  if (name === "Dense")
    return "a fully connected layer is `linear(features)`; `dense(layers, growth)` is a dense block";
  const kernel = /^conv(\d+x\d+)$/.exec(name)?.[1];
  if (kernel) return `the kernel is an argument: \`conv(${kernel}, …)\``;
  return (
    layerAdvice[
      name
        .toLowerCase()
        .replaceAll("_", "")
        .replace(/[123]d$/, "")
    ] ?? null
  );
}

/** The same of arguments. */
const argumentAdvice: Readonly<Record<string, string>> = {
  in_channels: "in-channels are never written: each layer sees the tensor that reaches it",
  in_features: "in-features are never written: each layer sees the tensor that reaches it",
  num_features: "channels are not written again: each layer sees the tensor that reaches it",
  input_shape: "a network begins with `input image[3, 224, 224]`",
  activation: "write the activation after the layer: `conv(3x3, 64) relu`",
  inplace: "take it away",
  name: "a name is a label before the layer: `stem: conv(3x3, 64)`",
  dim: "channels are always meant: take it away",
  axis: "channels are always meant: take it away",
  padding_mode: "paddings are zeros: take it away",
};

export function argumentAdviceFor(name: string): string | null {
  return Object.hasOwn(argumentAdvice, name) ? (argumentAdvice[name] ?? null) : null;
}

/** The same of names and functions in expressions. */
const valueAdvice: Readonly<Record<string, string>> = {
  None: "leave the argument out: what is not given has a default",
  null: "leave the argument out: what is not given has a default",
  nil: "leave the argument out: what is not given has a default",
  undefined: "leave the argument out: what is not given has a default",
  valid: "write `pad = 0`",
  same_upper: "write `pad = same`",
  lambda: "declare a function: `fn name(a, b) = …`",
  shape: "the parts of a shape are `channels`, `height` and `width`",
  size: "the parts of a shape are `channels`, `height` and `width`",
  parameters: "the number of parameters is `params`",
  zip: "write a list of lists, and `for [a, b] in list { … }`",
  float: "numbers are exact: take it away",
  str: 'a label takes values between braces: `"layer{i}"`',
  sqrt: "there are no roots; exponents of `^` are whole",
  log: "there are no logarithms; numbers are exact",
  exp: "there is no exponential; numbers are exact",
  append: "write the whole list, or `[e for x in list]`",
};

/** What to write in place of a name or function of another language; null where nothing is known of it. */
export function valueAdviceFor(name: string): string | null {
  return Object.hasOwn(valueAdvice, name) ? (valueAdvice[name] ?? null) : null;
}
