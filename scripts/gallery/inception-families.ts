import type { Family } from "./family.ts";

/** What came before residual networks. */
export const inceptionFamilies: readonly Family[] = [
  {
    page: "alexnet",
    title: "AlexNet",
    text: `Two networks bear the name: that of 2012, with two columns, response normalisation and overlapping pooling, and the
narrower one of 2014 that torchvision has. The two columns are \`groups = 2\`. The paper says 224² and its arithmetic
needs 227²: with \`input image[3, 224, 224]\` the first convolution would not fit.`,
    library: [],
    examples: ["alexnet"],
    drawn: "AlexNet",
    published: { AlexNet: { params: "61,100,840", macs: "0.714 G" }, AlexNet2012: { params: "60 million" } },
  },
  {
    page: "vgg",
    title: "VGG",
    text: `How many 3×3 convolutions stand before each pooling: that is the whole table of the paper, and the parameter of the
network. torchvision counts the places of its list in the names (\`features.24\`), so the library counts them too.`,
    library: ["vgg"],
    examples: ["vgg"],
    drawn: "VGG16",
    published: {
      VGG11: { params: "132,863,336", macs: "7.609 G" },
      VGG13: { params: "133,047,848", macs: "11.308 G" },
      VGG16: { params: "138,357,544", macs: "15.47 G" },
      VGG19: { params: "143,667,240", macs: "19.632 G" },
      VGG11BN: { params: "132,868,840", macs: "7.609 G" },
      VGG13BN: { params: "133,053,736", macs: "11.308 G" },
      VGG16BN: { params: "138,365,992", macs: "15.47 G" },
      VGG19BN: { params: "143,678,248", macs: "19.632 G" },
    },
  },
  {
    page: "googlenet",
    title: "GoogLeNet",
    text: `Four branches, joined by \`concat\`. The auxiliary classifiers exist while the network is trained: what stands in
\`training { … }\` is counted and listed, and not in the ONNX file.

torchvision's network has batch normalisation, no response normalisation, and a 3×3 where the paper has a 5×5.`,
    library: ["inception", "googlenet"],
    examples: ["googlenet"],
    drawn: "GoogLeNet_2014",
    published: {
      GoogLeNet_2014: { macs: "1.5 G" },
      GoogLeNet_BN: { params: "6,624,904", macs: "1.498 G" },
      GoogLeNet_BN_Training: { params: "13,004,888" },
    },
  },
  {
    page: "inception-v2",
    title: "Inception v2",
    text: `Batch normalisation comes in, two 3×3 take the place of the 5×5, and two modules halve the image. Of the two
implementations one is a port from Caffe, the other tf-slim's, with a separable first convolution and TensorFlow's
padding: \`same\` and \`half\` are values that a block can be given.`,
    library: ["inception-v2"],
    examples: ["inception-v2"],
    drawn: "InceptionV2_Caffe",
    published: { InceptionV2_Caffe: { params: "11,295,240" }, InceptionV2_Slim: {} },
  },
  {
    page: "inception-v3",
    title: "Inception v3",
    text: `A 7×7 becomes 1×7 and 7×1, and the last modules branch within branches. A block for each of the five modules, and the
network reads as the table of the paper.`,
    library: ["inception", "inception-v3"],
    examples: ["inception-v3"],
    drawn: "InceptionV3_299",
    published: {
      InceptionV3_299: { params: "24 M", macs: "5.7 G" },
      InceptionV3_Training: { params: "27,161,264", macs: "5.713 G" },
    },
  },
];
